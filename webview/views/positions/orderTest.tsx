/** What order does to the prediction: the words as they are and in another order, with the model's positions and without. */
import type { JSX } from 'preact';
import * as l10n from '@vscode/l10n';
import { percentText } from '../../graphs/percent.ts';
import { canLeaveOut, canShuffle, isShuffling, orderBars, orderTrouble, shuffle, shuffledText, type OrderBar } from '../../positionAnswers.ts';
import { shown } from '../../store.ts';
import { DataTable } from '../../ui/dataTable.tsx';
import { Button } from '../../ui/toolkit.tsx';
import { visibleLabel } from '../../visibleText.ts';
import { probability } from '../bars.tsx';

export function OrderTest(): JSX.Element {
  const model = shown.value?.info.model;
  const bars = orderBars.value;
  const text = shuffledText.value;
  if (!canShuffle.value) return <p class="order-test muted">{l10n.t('{0} does not predict from the text itself, so another order of its words cannot be tried here.', model?.name ?? '')}</p>;
  const target = bars[0]?.target.text ?? '';
  return (
    <div class="order-test" role="group" aria-label={l10n.t('What the order of words does')}>
      <p>
        <Button onClick={shuffle}>{text === null ? l10n.t('Shuffle Words') : l10n.t('Shuffle Again')}</Button>{' '}
        {text === null ? <span class="muted">{l10n.t('Try the words in another order and watch the prediction, with positions and without.')}</span> : <span class="code order-text">{visibleLabel(text).replaceAll('␣', ' ')}</span>}
      </p>
      <ul class="order-bars" aria-label={l10n.t('Probability of “{0}”', visibleLabel(target))} aria-busy={isShuffling.value}>
        {bars.map((bar) => (
          <Bar key={`${bar.words} ${String(bar.positions)}`} bar={bar} longest={Math.max(...bars.map((each) => probability(each.target)))} />
        ))}
      </ul>
      {isShuffling.value && <p class="muted">{l10n.t('The words are being run in another order.')}</p>}
      {orderTrouble.value && (
        <p class="trouble" role="alert">
          {orderTrouble.value.message}
        </p>
      )}
    </div>
  );
}

function Bar({ bar, longest }: { readonly bar: OrderBar; readonly longest: number }): JSX.Element {
  const share = probability(bar.target);
  return (
    <li class={bar.words} style={{ '--share': `${(longest > 0 ? (100 * share) / longest : 0).toFixed(2)}%` }}>
      <span class="order-name">{barName(bar)}</span>
      <span class="order-bar">
        <span class="order-fill" aria-hidden="true" />
        <span class="order-value">{l10n.t('P(“{0}”) = {1}', visibleLabel(bar.target.text), percentText(share))}</span>
      </span>
      <span class="order-likeliest muted">{likeliestText(bar)}</span>
    </li>
  );
}

export function barName({ words, positions }: OrderBar): string {
  if (!canLeaveOut.value) return words === 'original' ? l10n.t('as written') : l10n.t('shuffled');
  if (words === 'original') return positions ? l10n.t('as written, with positions') : l10n.t('as written, without positions');
  return positions ? l10n.t('shuffled, with positions') : l10n.t('shuffled, without positions');
}

function likeliestText({ likeliest }: OrderBar): string {
  return likeliest ? l10n.t('likeliest: “{0}” {1}', visibleLabel(likeliest.text), percentText(probability(likeliest))) : '';
}

/** The bars as a table. */
export function OrderTable(): JSX.Element | null {
  const bars = orderBars.value;
  if (bars.length === 0) return null;
  return (
    <DataTable
      caption={shuffledText.value === null ? l10n.t('The prediction with the words as they are written') : l10n.t('The prediction with the words as they are written, and in this order: {0}', shuffledText.value)}
      rows={bars}
      columns={[
        { title: l10n.t('Words and positions'), cell: barName, heads: true },
        { title: l10n.t('Token'), cell: ({ target }) => visibleLabel(target.text), code: true },
        { title: l10n.t('Probability'), cell: ({ target }) => percentText(probability(target)), value: ({ target }) => probability(target), numeric: true },
        { title: l10n.t('Likeliest token'), cell: ({ likeliest }) => (likeliest ? visibleLabel(likeliest.text) : ''), code: true },
        { title: l10n.t('Its probability'), cell: ({ likeliest }) => (likeliest ? percentText(probability(likeliest)) : ''), value: ({ likeliest }) => (likeliest ? probability(likeliest) : null), numeric: true },
      ]}
    />
  );
}
