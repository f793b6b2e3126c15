/** Below a step: what its numbers are of, what is true of the model that is shown, and what is kept of what was done. */
import type { JSX } from 'preact';
import * as l10n from '@vscode/l10n';
import type { LessonStep } from '../../src/protocol.ts';
import { post } from '../bridge.ts';
import { shown } from '../store.ts';
import { claimsOf } from './claims.ts';
import { modelFacts } from './modelFacts.ts';
import { positionKind } from './positionKind.ts';

export function StepFoot({ step, begun }: { readonly step: LessonStep; readonly begun: boolean }): JSX.Element {
  const claims = claimsOf(step);
  const model = shown.value?.info.model;
  return (
    <footer class="step-foot">
      {claims.length > 0 && (
        <details>
          <summary>{l10n.t('Where the numbers of this step come from')}</summary>
          <dl class="claims">
            {claims.map(({ id, stated, measured }) => (
              <div key={`${id} ${stated}`}>
                <dt>{stated}</dt>
                <dd>{measured}</dd>
              </div>
            ))}
          </dl>
        </details>
      )}
      {model && <p class="facts">{modelFacts(model, positionKind.value).join(' ')}</p>}
      {begun && (
        <p class="kept">
          <button type="button" class="link" onClick={() => post({ type: 'lesson', action: 'export' })}>{l10n.t('Save what was done to a file…')}</button>
          <button type="button" class="link" onClick={() => post({ type: 'lesson', action: 'reset' })}>{l10n.t('Forget what was done in this lesson…')}</button>
        </p>
      )}
    </footer>
  );
}
