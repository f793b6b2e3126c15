/** Answers to choose from, and a number to be guessed. */
import type { JSX } from 'preact';
import { useId } from 'preact/hooks';
import * as l10n from '@vscode/l10n';
import type { Inline } from '../../src/protocol.ts';
import { Inlines } from './inlines.tsx';
import { writtenNumber } from './writtenNumber.ts';

export interface OptionsProps {
  readonly options: readonly (readonly Inline[])[];
  readonly chosen: number | null;
  readonly onChoose: (option: number) => void;
  readonly onEnter: () => void;
}

/** The browser's own radio buttons: arrow keys choose, one stop in the tab order. */
export function Options({ options, chosen, onChoose, onEnter }: OptionsProps): JSX.Element {
  const name = useId();
  return (
    <div class="options" role="radiogroup" aria-label={l10n.t('Answers')} onKeyDown={onEnterKey(onEnter)}>
      {options.map((option, at) => (
        <label key={at} class="option" data-chosen={chosen === at}>
          <input type="radio" name={name} checked={chosen === at} onChange={() => onChoose(at)} />
          <span><Inlines parts={option} /></span>
        </label>
      ))}
    </div>
  );
}

export interface NumberFieldProps {
  readonly unit: string;
  /** Null where what is written is no number. */
  readonly onChange: (number: number | null) => void;
  readonly onEnter: () => void;
}

export function NumberField({ unit, onChange, onEnter }: NumberFieldProps): JSX.Element {
  return (
    <label class="number-field" onKeyDown={onEnterKey(onEnter)}>
      <span class="visually-hidden">{l10n.t('Your guess')}</span>
      <input type="text" inputMode="decimal" autoComplete="off" placeholder={l10n.t('Your guess')} onInput={(event) => onChange(writtenNumber(event.currentTarget.value))} />
      {unit !== '' && <span>{unit}</span>}
    </label>
  );
}

function onEnterKey(act: () => void): (event: KeyboardEvent) => void {
  return (event) => {
    if (event.key !== 'Enter' || event.isComposing) return;
    event.preventDefault();
    act();
  };
}
