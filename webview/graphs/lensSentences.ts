/** The lens in words. */
import * as l10n from '@vscode/l10n';
import type { Candidate } from '../../src/protocol.ts';
import { decimalText } from '../numbers.ts';
import type { LensCellPlace } from './lensLayout.ts';
import type { LensData } from './lensData.ts';
import { shortLabel } from './labels.ts';
import { percentText } from './percent.ts';

/** What a row of the table is read from. */
export const layerName = (layer: number): string => (layer < 0 ? l10n.t('embedding') : l10n.t('layer {0}', layer));

const withShare = (candidate: Candidate): string => l10n.t('“{0}” {1}', shortLabel(candidate.text), percentText(Math.exp(candidate.logProbability)));

/** What is predicted in one cell. */
export function lensCellSentence(data: LensData, { row, position }: LensCellPlace): string {
  const token = data.labels[position]?.text ?? '';
  const layer = layerName(data.layers[row] ?? 0);
  const column = data.columns.get(position);
  const top = column?.top[row];
  if (!column || !top) return l10n.t('{0} at “{1}”: not computed yet', layer, token);
  const words = top.map(withShare).join(l10n.t(', '));
  const [was] = data.before?.get(position)?.top[row] ?? [];
  if (was && was.id !== top[0]?.id) return l10n.t('{0} at “{1}”: {2}; without experiments {3}', layer, token, words, withShare(was));
  return l10n.t('{0} at “{1}”: {2}; {3} bits from the last layer', layer, token, words, decimalText(column.divergence[row] ?? NaN, 2));
}

/** From which layer on the followed token is the likeliest to the end; null where it is not at the end. */
export function settledAt(layers: readonly number[], rank: Uint32Array): number | null {
  let from: number | null = null;
  for (let row = layers.length - 1; row >= 0 && rank[row] === 1; row--) from = layers[row] ?? null;
  return from;
}

/** The table in one sentence. */
export function lensSentence(data: LensData): string {
  if (data.cell) return l10n.t('Logit lens: {0}.', lensCellSentence(data, data.cell));
  const column = data.columns.get(data.position);
  const token = data.labels[data.position]?.text ?? '';
  if (!column) return l10n.t('Logit lens of {0} tokens.', data.labels.length);
  const words = data.layers.flatMap((layer, row) => {
    const [first] = column.top[row] ?? [];
    return first ? [l10n.t('{0} {1}', layerName(layer), withShare(first))] : [];
  });
  return l10n.t('Logit lens of {0} tokens; at “{1}”: {2}.', data.labels.length, token, words.join(l10n.t('; ')));
}
