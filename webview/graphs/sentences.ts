/** What the pictures say in words: one sentence for each, and what each hides. */
import * as l10n from '@vscode/l10n';
import type { AttentionPart, LinksAnswer } from '../../src/protocol.ts';
import type { GraphData } from './attentionGraph.ts';
import type { Focus } from './focus.ts';
import type { UnitLabel } from './labels.ts';
import { changeText, countText, percentText } from './percent.ts';

/** Which heads a picture shows, heads and layers numbered from 0. */
export function headsText(layer: number, heads: readonly number[], average: boolean): string {
  const [first] = heads;
  if (heads.length === 1 && first !== undefined) return l10n.t('layer {0}, head {1}', layer, first);
  const list = headRanges(heads);
  return average ? l10n.t('layer {0}, the average of heads {1}', layer, list) : l10n.t('layer {0}, heads {1}', layer, list);
}

/** "0–3, 7" */
function headRanges(heads: readonly number[]): string {
  const ranges: [number, number][] = [];
  for (const head of heads) {
    const last = ranges.at(-1);
    if (last && last[1] === head - 1) last[1] = head;
    else ranges.push([head, head]);
  }
  return ranges.map(([first, last]) => (first === last ? `${first}` : `${first}–${last}`)).join(', ');
}

/** Which attention of a model that has several. */
export function partText(part: AttentionPart): string {
  switch (part) {
    case 'encoder':
      return l10n.t('encoder');
    case 'decoder':
      return l10n.t('decoder');
    case 'cross':
      return l10n.t('cross-attention');
    default:
      return part satisfies never;
  }
}

/** Whose attention a picture shows; `part` only where the model has several. */
export function whoseText(part: AttentionPart | null, layer: number, heads: readonly number[], average: boolean): string {
  const which = headsText(layer, heads, average);
  return part ? l10n.t('{0}, {1}', partText(part), which) : which;
}

/** The attention graph in one sentence. */
export function graphSentence(data: GraphData): string {
  const which = whoseText(data.part, data.layer, data.heads, data.average);
  const { focus, queryLabels, keyLabels } = data;
  const drawn = countText(data.links?.query.length ?? 0);
  if (data.signed === true) return changeSentence(data, which, drawn);
  if (!focus) {
    return queryLabels === keyLabels
      ? l10n.t('Attention graph of {0}: {1} units, {2} links drawn.', which, keyLabels.length, drawn)
      : l10n.t('Attention graph of {0}: {1} units of the output, {2} of the text, {3} links drawn.', which, queryLabels.length, keyLabels.length, drawn);
  }
  const [own, others] = focus.direction === 'from' ? [queryLabels, keyLabels] : [keyLabels, queryLabels];
  const unit = quoted(own, focus.unit);
  const partners = strongest(others, focus);
  if (partners === '') return l10n.t('Attention graph of {0}: nothing is drawn for {1}.', which, unit);
  return focus.direction === 'from'
    ? l10n.t('Attention graph of {0}: {1} attends most to {2}.', which, unit, partners)
    : l10n.t('Attention graph of {0}: {1} is attended to most by {2}.', which, unit, partners);
}

/** What changes most, of all links or of the focused unit's. */
function changeSentence({ focus, queryLabels, keyLabels }: GraphData, which: string, drawn: string): string {
  if (!focus) return l10n.t('What the experiments change in attention of {0}: {1} links drawn.', which, drawn);
  const [own, others] = focus.direction === 'from' ? [queryLabels, keyLabels] : [keyLabels, queryLabels];
  const list = focus.partners.slice(0, 3).map(({ unit, weight }) => l10n.t('{0} ({1})', quoted(others, unit), changeText(weight)));
  if (list.length === 0) return l10n.t('What the experiments change in attention of {0}: nothing for {1}.', which, quoted(own, focus.unit));
  return focus.direction === 'from'
    ? l10n.t('What the experiments change in attention of {0}: from {1} most to {2}.', which, quoted(own, focus.unit), list.join(l10n.t(', ')))
    : l10n.t('What the experiments change in attention of {0}: on {1} most from {2}.', which, quoted(own, focus.unit), list.join(l10n.t(', ')));
}

/** The three strongest partners, with their weights once these are exact. */
function strongest(labels: readonly UnitLabel[], focus: Focus): string {
  return focus.partners
    .slice(0, 3)
    .map(({ unit, weight }) => (focus.exact ? l10n.t('{0} ({1})', quoted(labels, unit), percentText(weight)) : quoted(labels, unit)))
    .join(l10n.t(', '));
}

function quoted(labels: readonly UnitLabel[], unit: number): string {
  return l10n.t('“{0}”', labels[unit]?.text ?? '');
}

/** How much is not drawn: of the focused unit's links, or of all of them. Empty where nothing is hidden or known. */
export function hiddenStatement(links: LinksAnswer | null, focus: Focus | null): string {
  if (focus) {
    if (!focus.exact || focus.exact.hidden === 0) return '';
    const { hidden, hiddenShare } = focus.exact;
    if (hidden === 1) return l10n.t('1 weaker link of this token is hidden; it carries {0}.', percentText(hiddenShare));
    return l10n.t('{0} weaker links of this token are hidden; they carry {1}.', countText(hidden), percentText(hiddenShare));
  }
  if (!links || links.hidden === 0) return '';
  if (links.hidden === 1) return l10n.t('1 weaker link is hidden; it carries {0} of all attention.', percentText(links.hiddenShare));
  return l10n.t('{0} weaker links are hidden; they carry {1} of all attention.', countText(links.hidden), percentText(links.hiddenShare));
}

/** How much of the focused row, or of the mean row, is on the first token. Empty while not known. */
export function sinkStatement(links: LinksAnswer | null, focus: Focus | null, sameUnits: boolean): string {
  // The column of a key tells nothing of the first one's.
  if (focus?.exact && focus.direction === 'to' && !sameUnits) return '';
  if (focus?.exact) return l10n.t('{0} of this row is on the first token.', percentText(focus.exact.sinkShare));
  if (!links || links.sinkShare.length === 0) return '';
  const mean = links.sinkShare.reduce((sum, share) => sum + share, 0) / links.sinkShare.length;
  return l10n.t('{0} of all attention is on the first token.', percentText(mean));
}
