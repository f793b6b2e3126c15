/** The graph or the map as a table: the strongest links, of the focused unit or of all. */
import type { JSX } from 'preact';
import * as l10n from '@vscode/l10n';
import type { Ask, FocusAnswer, LinksAnswer, Sequence } from '../../src/protocol.ts';
import { showing } from '../experimentRun.ts';
import { changeText, percentText } from '../graphs/percent.ts';
import { attention, keys, queries, unitsOf } from '../store.ts';
import { drawnLinks, drawnRow } from './drawnAttention.ts';
import { DataTable } from '../ui/dataTable.tsx';
import { visibleLabel } from '../visibleText.ts';

/** Rows beyond this are not read by anyone; the caption says how many there are. */
const rowLimit = 100;

export interface LinkRow {
  readonly query: number;
  readonly key: number;
  /** Head of the model; null for the average of several. */
  readonly head: number | null;
  readonly weight: number;
}

export function PictureTable(): JSX.Element {
  const row = drawnRow.value;
  const all = drawnLinks.value;
  const causal = attention.value?.causal ?? false;
  const signed = showing.value === 'difference';
  const rows = row ? focusRows(row.value, row.ask) : all ? linkRows(all.value, all.ask, causal) : [];
  const caption = signed
    ? l10n.t('The {0} links that the experiments change most', Math.min(rowLimit, rows.length))
    : row
    ? l10n.t('The {0} strongest links of {1}', Math.min(rowLimit, rows.length), unitLabel(row.ask.direction === 'from' ? queries.value : keys.value, row.ask.unitIndex))
    : causal
      ? l10n.t('The {0} strongest links, without those of the first token, which sees nothing but itself', Math.min(rowLimit, rows.length))
      : l10n.t('The {0} strongest links', Math.min(rowLimit, rows.length));
  return (
    <DataTable
      caption={caption}
      rows={rows}
      limit={rowLimit}
      columns={[
        { title: l10n.t('Query (attends)'), cell: ({ query }) => unitLabel(queries.value, query), heads: true, code: true },
        { title: l10n.t('Key (is attended to)'), cell: ({ key }) => unitLabel(keys.value, key), code: true },
        { title: l10n.t('Head'), cell: ({ head }) => (head === null ? l10n.t('average') : String(head)), value: ({ head }) => head ?? l10n.t('average'), numeric: true },
        { title: signed ? l10n.t('Change') : l10n.t('Weight'), cell: ({ weight }) => (signed ? changeText(weight) : percentText(weight)), value: ({ weight }) => weight, numeric: true },
      ]}
    />
  );
}

function unitLabel(sequence: Sequence, index: number): string {
  return l10n.t('{0} ({1})', visibleLabel(unitsOf(sequence)[index]?.text ?? ''), index);
}

/** Links of one complete row or column, strongest first. */
export function focusRows(answer: FocusAnswer, ask: Ask<'focus'>): LinkRow[] {
  const heads = ask.average ? 1 : ask.heads.length;
  const size = answer.weights.length / heads;
  const rows = Array.from(answer.weights, (weight, at): LinkRow => {
    const other = at % size;
    const ends = ask.direction === 'from' ? { query: ask.unitIndex, key: other } : { query: other, key: ask.unitIndex };
    return { ...ends, head: headOf(ask, Math.floor(at / size)), weight };
  });
  return rows.filter(({ weight }) => weight > 0).sort(byWeight);
}

/** The drawn links of all rows, strongest first; in a causal model those of the first row say nothing. */
export function linkRows(answer: LinksAnswer, ask: Ask<'links'>, causal: boolean): LinkRow[] {
  const rows = Array.from(answer.weight, (weight, at): LinkRow => ({
    query: answer.query[at] ?? 0,
    key: answer.key[at] ?? 0,
    head: headOf(ask, answer.head[at] ?? 0),
    weight,
  }));
  return rows.filter(({ query }) => !causal || query > 0).sort(byWeight);
}

function headOf(ask: Pick<Ask<'links'>, 'average' | 'heads'>, place: number): number | null {
  return ask.average && ask.heads.length > 1 ? null : (ask.heads[place] ?? null);
}

function byWeight(a: LinkRow, b: LinkRow): number {
  return Math.abs(b.weight) - Math.abs(a.weight);
}
