/** All layers and heads at a glance. */
import { computed } from '@preact/signals';
import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import * as l10n from '@vscode/l10n';
import type { HeadScores, ViewState } from '../../src/protocol.ts';
import { betweenTokens, orderHeads } from '../graphs/headOrder.ts';
import { tagOf, tagText } from '../graphs/headTags.ts';
import { scoreNumber } from '../graphs/headGrid.ts';
import { isLeft, isTested } from '../headScores.ts';
import { gridSort } from './gridSort.ts';
import { keys, queries, setView, view } from '../store.ts';
import { DataTable } from '../ui/dataTable.tsx';
import { Region } from '../ui/region.tsx';
import { Dropdown } from '../ui/toolkit.tsx';
import { HeadFilterBar, TagLegend } from './headFilterBar.tsx';
import { headChange } from '../gridChanges.ts';
import { percentText } from '../graphs/percent.ts';
import { ChangeKey } from './changeKey.tsx';
import { ExportMenu } from './exportMenu.tsx';
import { gridFacts, gridSentences } from './gridSentences.ts';
import { gridData, HeadGrid } from './headGrid.tsx';

export function Navigator(): JSX.Element {
  const part = useRef<HTMLElement>(null);
  return (
    <Region
      name="navigator"
      title={l10n.t('All heads')}
      open={view.value.navigator}
      onToggle={() => setView({ navigator: !view.value.navigator })}
      part={part}
      actions={
        <>
          <SortChoice />
          <ExportMenu of="heads" label={l10n.t('All heads')} part={part} table={() => <ScoreTable />} said={gridSentences} facts={gridFacts} />
        </>
      }
      table={() => <ScoreTable />}
    >
      <div class="navigator-body">
        <HeadFilterBar />
        <HeadGrid />
        <TagLegend />
        <ChangeKey />
      </div>
    </Region>
  );
}

/** What each score of a head means, in a few words and in full. */
function scoreNames(): Readonly<Record<keyof HeadScores, { readonly name: string; readonly meaning: string }>> {
  return {
    entropy: { name: l10n.t('Entropy'), meaning: l10n.t('How spread out its rows are: 0 % is all on one token, 100 % the same on every token it may see.') },
    first: { name: l10n.t('First token'), meaning: l10n.t('Mean share of attention on the first token of the text.') },
    previous: { name: l10n.t('Previous'), meaning: l10n.t('Mean share of attention on the token just before.') },
    self: { name: l10n.t('Itself'), meaning: l10n.t('Mean share of attention that a token puts on itself.') },
    same: { name: l10n.t('Same token'), meaning: l10n.t('Mean share of attention on other places where the same token stands.') },
    induction: { name: l10n.t('Induction'), meaning: l10n.t('Mean share of attention on what came just after an earlier occurrence of the same token, over the tokens that came before.') },
    punctuation: { name: l10n.t('Punctuation'), meaning: l10n.t('Mean share of attention on tokens that are nothing but punctuation.') },
    distance: { name: l10n.t('Distance'), meaning: l10n.t('How many tokens away it looks on average, weighted by attention.') },
  };
}

const allScores = ['entropy', 'first', 'previous', 'self', 'same', 'induction', 'punctuation', 'distance'] as const satisfies readonly (keyof HeadScores)[];

/** Those that say something of the attention that is looked at. */
const scoreOrder = computed(() => allScores.filter((score) => queries.value === keys.value || !betweenTokens.has(score)));

function SortChoice(): JSX.Element {
  const names = scoreNames();
  const options: { value: ViewState['gridSort']; label: string; title: string }[] = [
    { value: 'layer', label: l10n.t('By layer'), title: l10n.t('In the order of the network.') },
    ...scoreOrder.value.map((score) => ({ value: score, label: names[score].name, title: names[score].meaning })),
  ];
  return <Dropdown label={l10n.t('Sort heads')} value={gridSort.value} options={options} onChange={(chosen) => setView({ gridSort: chosen })} />;
}

/** In the order of the grid, those that the filter leaves. */
function ScoreTable(): JSX.Element {
  const names = scoreNames();
  const { layers, heads, summaries, sort } = gridData.value;
  const rows = orderHeads(layers, heads, summaries, sort).flatMap(({ layer, head, summary }) => (summary && isLeft.value(layer, head) ? [{ layer, head, scores: summary.scores }] : []));
  return (
    <DataTable
      caption={isTested.value ? l10n.t('Scores of heads on repeated random tokens') : l10n.t('Scores of all heads, means over the rows of the text')}
      rows={rows}
      columns={[
        { title: l10n.t('Layer'), cell: ({ layer }) => String(layer), value: ({ layer }) => layer, numeric: true, heads: true },
        { title: l10n.t('Head'), cell: ({ head }) => String(head), value: ({ head }) => head, numeric: true, heads: true },
        ...scoreOrder.value.map((score) => ({ title: names[score].name, cell: ({ scores }: Row) => scoreNumber(score, scores[score]), value: ({ scores }: Row) => scores[score], numeric: true })),
        ...(headChange.value ? [{ title: l10n.t('Moved by the experiments'), cell: (row: Row) => movedText(row), value: moved, numeric: true }] : []),
        { title: l10n.t('Does most'), cell: ({ scores }) => doesMost(scores) },
      ]}
    />
  );
}

interface Row {
  readonly layer: number;
  readonly head: number;
  readonly scores: HeadScores;
}

/** The share of its attention that the experiments move; null until it is known. */
const moved = ({ layer, head }: Row): number | null => headChange.value?.(layer, head)?.moved ?? null;

function movedText(row: Row): string {
  const share = moved(row);
  return share === null ? '' : percentText(share);
}

function doesMost(scores: HeadScores): string {
  const tag = tagOf(scores);
  return tag ? tagText(tag) : '';
}
