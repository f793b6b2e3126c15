/** At the end of a bar: one click makes its token the target or the rival. */
import type { ButtonHTMLAttributes, JSX, TargetedKeyboardEvent } from 'preact';
import * as l10n from '@vscode/l10n';
import type { Candidate, NextAnswer } from '../../src/protocol.ts';
import { aim, holdAgainst, lookAt } from '../aim.ts';
import { expectation } from '../answers.ts';
import { view } from '../store.ts';
import { Icon } from '../ui/icons.tsx';
import { visibleLabel } from '../visibleText.ts';

export interface BarAimProps {
  readonly candidate: Candidate;
  readonly position: NextAnswer['position'];
  /** Of both buttons: the first is `index`, the second the one after. */
  readonly index: number;
  /** The one of all buttons that the Tab key goes to. */
  readonly stop: number;
  readonly onStop: (index: number) => void;
}

/** How far a key goes along the buttons of all bars, two in each. */
const steps: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -2, ArrowDown: 2 };

export function BarAim({ candidate: { id, text }, position, index, stop, onStop }: BarAimProps): JSX.Element {
  const { target, rival } = view.value;
  const likeliest = target === null && aim.value?.position === position && expectation.value?.position === position && expectation.value.top[0]?.id === id;
  const isTarget = target === id || likeliest;
  const label = visibleLabel(text);
  const shared = (at: number): ButtonHTMLAttributes => ({ type: 'button', tabIndex: at === stop ? 0 : -1, onFocus: () => onStop(at), onKeyDown: walk });
  return (
    <span class="bar-aim">
      <button {...shared(index)} class={likeliest ? 'likeliest' : ''} aria-label={l10n.t('Target: {0}', label)} aria-pressed={isTarget} title={targetTitle(target === id, likeliest)} onClick={() => lookAt(id)}>
        <Icon name="target" />
      </button>
      <button {...shared(index + 1)} aria-label={l10n.t('Rival: {0}', label)} aria-pressed={rival === id} aria-disabled={isTarget && rival !== id} title={rivalTitle(rival === id, isTarget)} onClick={() => (isTarget && rival !== id ? undefined : holdAgainst(id))}>
        <Icon name="rival" />
      </button>
    </span>
  );
}

function targetTitle(chosen: boolean, likeliest: boolean): string {
  if (chosen) return l10n.t('The target. Click to look at the likeliest token again.');
  return likeliest ? l10n.t('The target, since it is the likeliest. Click to keep it as the target elsewhere too.') : l10n.t('Make it the target: the token whose prediction is looked at.');
}

function rivalTitle(chosen: boolean, isTarget: boolean): string {
  if (chosen) return l10n.t('The rival. Click to hold the target against no token.');
  return isTarget ? l10n.t('The target is not held against itself.') : l10n.t('Make it the rival: what speaks for the target rather than for it.');
}

/** Arrow keys go to the buttons beside, above and below. */
function walk(event: TargetedKeyboardEvent<HTMLButtonElement>): void {
  const step = steps[event.key];
  if (step === undefined) return;
  const all = [...(event.currentTarget.closest('.bars')?.querySelectorAll<HTMLButtonElement>('.bar-aim button') ?? [])];
  all[all.indexOf(event.currentTarget) + step]?.focus();
  event.preventDefault();
}
