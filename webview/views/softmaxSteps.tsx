/** From scores to probabilities, as the two steps they are: divided by the temperature, then the softmax. */
import type { JSX } from 'preact';
import * as l10n from '@vscode/l10n';
import type { NextAnswer } from '../../src/protocol.ts';
import { percentText } from '../graphs/percent.ts';
import { decimalText } from '../numbers.ts';
import { DataTable } from '../ui/dataTable.tsx';
import { visibleLabel } from '../visibleText.ts';

export function SoftmaxSteps({ answer, temperature }: { readonly answer: NextAnswer; readonly temperature: number }): JSX.Element | null {
  const [first] = answer.top;
  if (!first) return null;
  // The likeliest token's share is e⁰ ÷ the sum over all tokens.
  const likeliest = answer.sampled?.tempered[0] ?? Math.exp(first.logProbability);
  const sum = 1 / likeliest;
  const weight = (logit: number): number => Math.exp((logit - first.logit) / temperature);
  return (
    <details class="softmax-steps">
      <summary>{l10n.t('From scores to probabilities')}</summary>
      <p class="muted">{l10n.t('First each score (logit) is divided by the temperature {0}. Then the softmax: e to the power of its distance from the largest, divided by the sum of that over all tokens, here {1}.', decimalText(temperature, 2), decimalText(sum, 2))}</p>
      <div class="region-table softmax-table" tabIndex={0} role="region" aria-label={l10n.t('From scores to probabilities')}>
        <DataTable
          caption={l10n.t('From scores to probabilities')}
          rows={answer.top}
          columns={[
            { title: l10n.t('Token'), cell: (row) => visibleLabel(row.text), heads: true, code: true },
            { title: l10n.t('Logit'), cell: (row) => decimalText(row.logit, 2), numeric: true },
            { title: l10n.t('÷ temperature'), cell: (row) => decimalText(row.logit / temperature, 2), numeric: true },
            { title: 'e^(x − max)', cell: (row) => decimalText(weight(row.logit), 4), numeric: true },
            { title: l10n.t('÷ sum'), cell: (row) => percentText(weight(row.logit) / sum), numeric: true },
          ]}
        />
      </div>
    </details>
  );
}
