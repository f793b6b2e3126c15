/** Below a step: what its numbers are of, and what is true of the model that is shown. */
import type { JSX } from 'preact';
import * as l10n from '@vscode/l10n';
import type { LessonStep } from '../../src/protocol.ts';
import { shown } from '../store.ts';
import { claimsOf } from './claims.ts';
import { modelFacts } from './modelFacts.ts';

export function StepFoot({ step }: { readonly step: LessonStep }): JSX.Element {
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
      {model && <p class="facts">{modelFacts(model).join(' ')}</p>}
    </footer>
  );
}
