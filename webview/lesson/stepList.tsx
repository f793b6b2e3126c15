/** The steps of a lesson as a row of marks: which are done, and which is here. */
import type { JSX } from 'preact';
import * as l10n from '@vscode/l10n';
import type { LessonStep, TakenLesson } from '../../src/protocol.ts';
import { goToStep } from './lessonStore.ts';
import { plainText } from './plainText.ts';

export function StepList({ taken }: { readonly taken: TakenLesson }): JSX.Element {
  const { at, done, lesson } = taken;
  return (
    <nav class="step-list" aria-label={l10n.t('Steps of this lesson')}>
      <ol>
        {lesson.steps.map((step, index) => (
          <li key={step.id}>
            <StepMark step={step} index={index} current={index === at} done={done.includes(step.id)} />
          </li>
        ))}
      </ol>
      <span class="step-count">{l10n.t('Step {0} of {1}', at + 1, lesson.steps.length)}</span>
    </nav>
  );
}

function StepMark({ step, index, current, done }: { readonly step: LessonStep; readonly index: number; readonly current: boolean; readonly done: boolean }): JSX.Element {
  const title = plainText(step.title);
  const name = done ? l10n.t('Step {0}: {1} (done)', index + 1, title) : l10n.t('Step {0}: {1}', index + 1, title);
  return <button type="button" class="step-mark" data-done={done} aria-current={current ? 'step' : undefined} aria-label={name} title={name} onClick={() => goToStep(index)} />;
}
