/** The prediction in question before and after: probability, logits, and how far the whole distribution has moved. */
import type { JSX } from 'preact';
import * as l10n from '@vscode/l10n';
import type { Candidate, Change, EffectAnswer } from '../../../src/protocol.ts';
import { change, wanted } from '../../experimentRun.ts';
import { countText, percentText } from '../../graphs/percent.ts';
import { decimalText, signedText } from '../../numbers.ts';
import { DataTable } from '../../ui/dataTable.tsx';
import { visibleLabel } from '../../visibleText.ts';
import { AimChoice, AimTrouble } from '../aimChoice.tsx';
import { probability } from '../bars.tsx';

export function ChangeView(): JSX.Element {
  const { last, state } = change.value;
  return (
    <div class="change" aria-busy={state === 'waiting'}>
      {wanted.value.length === 0 ? <p class="muted">{l10n.t('Nothing is switched off now.')}</p> : last ? <Measures effect={last.value} /> : state !== 'failed' && <p class="muted">{l10n.t('Running with the experiments …')}</p>}
      <AimChoice />
      <AimTrouble />
    </div>
  );
}

interface Fact {
  readonly name: string;
  readonly title: string;
  readonly value: string;
}

function factsOf({ target, rival, logProbability, logitDifference, divergence, entropyBefore, entropyAfter }: EffectAnswer): Fact[] {
  const arrow = (before: string, after: string): string => l10n.t('{0} → {1}', before, after);
  const chance = (token: Change): Fact => ({
    name: l10n.t('P(“{0}”)', visibleLabel(token.before.text)),
    title: l10n.t('Probability of the token, before and after.'),
    value: arrow(percentText(probability(token.before)), percentText(probability(token.after))),
  });
  return [
    chance(target),
    ...(rival ? [chance(rival)] : []),
    { name: l10n.t('Rank'), title: l10n.t('Place of the token among all, 1 is the likeliest.'), value: arrow(countText(target.before.rank), countText(target.after.rank)) },
    { name: l10n.t('Δ log-probability'), title: l10n.t('Natural logarithm of its probability, after less before.'), value: signedText(logProbability, 2) },
    ...(logitDifference === null ? [] : [{ name: l10n.t('Δ logit difference'), title: l10n.t('Logit of the target less that of the rival, after less before.'), value: signedText(logitDifference, 2) }]),
    { name: l10n.t('KL divergence'), title: l10n.t('How far the whole prediction has moved: Kullback–Leibler divergence of what was before from what is after.'), value: l10n.t('{0} bits', decimalText(divergence, 3)) },
    { name: l10n.t('Entropy'), title: l10n.t('How open the prediction is, before and after.'), value: l10n.t('{0} → {1} bits', decimalText(entropyBefore, 2), decimalText(entropyAfter, 2)) },
  ];
}

function Measures({ effect }: { readonly effect: EffectAnswer }): JSX.Element {
  return (
    <dl class="measures" role="status">
      {factsOf(effect).map(({ name, title, value }) => (
        <div key={name} title={title}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** The likeliest tokens of both predictions. */
export function ChangeTable(): JSX.Element | null {
  const { last } = change.value;
  if (!last) return <ChangeView />;
  const { top, topBefore } = last.value;
  const rows = [...topBefore, ...top.filter(({ after }) => !topBefore.some(({ before }) => before.id === after.id))];
  const cells = (candidate: Candidate): string => percentText(probability(candidate));
  return (
    <DataTable
      caption={l10n.t('The likeliest tokens before and after the experiments')}
      rows={rows}
      columns={[
        { title: l10n.t('Token'), cell: ({ before }) => visibleLabel(before.text), heads: true, code: true },
        { title: l10n.t('Before'), cell: ({ before }) => cells(before), value: ({ before }) => probability(before), numeric: true },
        { title: l10n.t('After'), cell: ({ after }) => cells(after), value: ({ after }) => probability(after), numeric: true },
        { title: l10n.t('Rank before'), cell: ({ before }) => countText(before.rank), value: ({ before }) => before.rank, numeric: true },
        { title: l10n.t('Rank after'), cell: ({ after }) => countText(after.rank), value: ({ after }) => after.rank, numeric: true },
        { title: l10n.t('Δ log-prob.'), cell: ({ before, after }) => signedText(after.logProbability - before.logProbability, 2), value: ({ before, after }) => after.logProbability - before.logProbability, numeric: true },
      ]}
    />
  );
}
