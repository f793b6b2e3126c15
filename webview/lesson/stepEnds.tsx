/** The way back and on, and back to the picture of the step. */
import type { JSX } from 'preact';
import * as l10n from '@vscode/l10n';
import type { TakenLesson } from '../../src/protocol.ts';
import { post } from '../bridge.ts';
import { Icon } from '../ui/icons.tsx';
import { Button } from '../ui/toolkit.tsx';
import { turnStep } from './lessonStore.ts';
import { offPath } from './path.ts';

export function StepEnds({ taken }: { readonly taken: TakenLesson }): JSX.Element {
  return (
    <footer class="step-ends">
      <Button disabled={taken.at === 0} onClick={() => turnStep(-1)}>
        {l10n.t('Back')}
      </Button>
      <span class="step-return" data-shown={offPath.value}>
        <button type="button" class="link" disabled={!offPath.value} title={l10n.t('Show again what this step shows.')} onClick={comeBack}>
          <Icon name="refresh" />
          {l10n.t('The lesson’s picture')}
        </button>
      </span>
      <Onwards taken={taken} />
    </footer>
  );
}

/** The button is gone as soon as that is done: the keyboard's focus goes to the step. */
function comeBack(): void {
  post({ type: 'lesson', action: 'return' });
  document.querySelector<HTMLElement>('.lesson h2')?.focus({ preventScroll: true });
}

/** To the next step; from the last one to the next lesson, else to all of them. */
function Onwards({ taken }: { readonly taken: TakenLesson }): JSX.Element {
  const { at, done, lesson, next } = taken;
  const step = lesson.steps[at];
  const appearance = !step?.check || done.includes(step.id) ? 'primary' : 'secondary';
  const last = at === lesson.steps.length - 1;
  return (
    <Button appearance={appearance} onClick={() => turnStep(1)}>
      {last ? (next ? l10n.t('Next lesson') : l10n.t('All lessons')) : l10n.t('Next')}
    </Button>
  );
}
