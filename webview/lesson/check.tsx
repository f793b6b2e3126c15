/** What ends a step: something to choose, to guess, or to bring about in the live view; and what came of it. */
import type { ComponentChildren, JSX } from 'preact';
import { useState } from 'preact/hooks';
import * as l10n from '@vscode/l10n';
import type { Check, Given, LessonStep } from '../../src/protocol.ts';
import { view } from '../store.ts';
import { Icon } from '../ui/icons.tsx';
import { Button } from '../ui/toolkit.tsx';
import { chosenNow } from './chosen.ts';
import { Inlines } from './inlines.tsx';
import { checking, check as decide, isDone } from './lessonStore.ts';
import { LessonText } from './lessonText.tsx';
import { NumberField, Options } from './guessing.tsx';
import { VerdictText } from './verdict.tsx';

/** Keyed by the step: what was chosen in another step is not chosen here. */
export function CheckCard({ step, check }: { readonly step: LessonStep; readonly check: Check }): JSX.Element {
  const [given, setGiven] = useState<Given>(null);
  const [missing, setMissing] = useState(false);
  const done = isDone(step.id);
  const guessed = check.kind === 'guess' || check.kind === 'guessNumber';
  const needs = guessed || check.kind === 'choice';
  const give = (next: Given): void => {
    setGiven(next);
    setMissing(false);
  };
  const submit = (): void => {
    setMissing(needs && given === null);
    if (!needs || given !== null) decide(given, view.peek());
  };
  return (
    <section class="check" data-done={done} aria-label={l10n.t('What ends this step')}>
      <h3 class="check-title">
        {checkTitle(check.kind)}
        {done && <span class="check-done"><Icon name="done" />{l10n.t('Done')}</span>}
      </h3>
      {check.task.length > 0 && <p class="check-task"><Inlines parts={check.task} /></p>}
      <Controls step={step} check={check} given={given} give={give} submit={submit} />
      <div class="check-actions">
        <Button appearance={done ? 'secondary' : 'primary'} onClick={submit}>
          {guessed ? l10n.t('Reveal') : l10n.t('Check')}
        </Button>
        <Chosen kind={check.kind} />
      </div>
      <div class="check-verdict" role="status" aria-live="polite">
        {missing ? <p>{missingText(check.kind)}</p> : <VerdictText checking={checking.value} guessed={guessed} />}
      </div>
    </section>
  );
}

function checkTitle(kind: Check['kind']): string {
  switch (kind) {
    case 'choice':
      return l10n.t('What do you think?');
    case 'guess':
    case 'guessNumber':
      return l10n.t('Guess first');
    case 'head':
      return l10n.t('Choose a head');
    case 'token':
      return l10n.t('Point at a token');
    case 'text':
      return l10n.t('Change the text');
    case 'experiment':
      return l10n.t('Switch something off');
    case 'view':
      return l10n.t('Try it');
    default:
      return kind satisfies never;
  }
}

function missingText(kind: Check['kind']): string {
  return kind === 'guessNumber' ? l10n.t('Write a number first.') : l10n.t('Choose one of the answers first.');
}

interface ControlsProps {
  readonly step: LessonStep;
  readonly check: Check;
  readonly given: Given;
  readonly give: (given: Given) => void;
  readonly submit: () => void;
}

function Controls({ step, check, given, give, submit }: ControlsProps): JSX.Element | null {
  switch (check.kind) {
    case 'choice':
    case 'guess':
      return <Options options={check.options} chosen={given && 'option' in given ? given.option : null} onChoose={(option) => give({ option })} onEnter={submit} />;
    case 'guessNumber':
      return <NumberField unit={check.unit} onChange={(number) => give(number === null ? null : { number })} onEnter={submit} />;
    case 'text':
      return <LessonText text={step.show?.text ?? null} onEnter={submit} />;
    default:
      return null;
  }
}

function Chosen({ kind }: { readonly kind: Check['kind'] }): ComponentChildren {
  const chosen = chosenNow(kind);
  return chosen === null ? null : <span class="check-chosen">{chosen}</span>;
}
