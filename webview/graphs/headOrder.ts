/** All heads of a model in the order in which the head grid shows them, and their scores in words. */
import * as l10n from '@vscode/l10n';
import type { HeadScores, HeadSummary, LayerSummary, ViewState } from '../../src/protocol.ts';
import { groupText, type KeyGroup } from './keyGroups.ts';
import { percentText } from './percent.ts';

export interface HeadPlace {
  readonly layer: number;
  readonly head: number;
  /** Null until the layer has arrived. */
  readonly summary: HeadSummary | null;
}

/** By layer and head, or the heads that have arrived by score: most focused first for entropy, else the largest first; those without a score last. */
export function orderHeads(layers: number, heads: number, summaries: readonly LayerSummary[], sort: ViewState['gridSort']): HeadPlace[] {
  const arrived = new Map(summaries.map((summary) => [summary.layer, summary.heads]));
  const places = Array.from({ length: layers * heads }, (_, at): HeadPlace => {
    const layer = Math.floor(at / heads);
    return { layer, head: at % heads, summary: arrived.get(layer)?.[at % heads] ?? null };
  });
  if (sort === 'layer') return places;
  const rank = ({ summary }: HeadPlace): number => {
    if (!summary || Number.isNaN(summary.scores[sort])) return Infinity;
    return sort === 'entropy' ? summary.scores.entropy : -summary.scores[sort];
  };
  // Infinity − Infinity is not a number: heads that are still to come keep their order.
  return places.sort((a, b) => (rank(a) === rank(b) ? 0 : rank(a) - rank(b)));
}

/** "Layer 3, head 5: 62 % on the previous token": what it is sorted by, else what it does most. */
export function headName(place: HeadPlace, sort: ViewState['gridSort']): string {
  const { layer, head, summary } = place;
  if (!summary) return l10n.t('Layer {0}, head {1}: not there yet', layer, head);
  const score = sort === 'layer' ? foremost(summary.scores) : sort;
  return l10n.t('Layer {0}, head {1}: {2}', layer, head, scoreText(score, summary.scores));
}

/** All scores of a head, a line each, and with whom it shares its keys. */
export function headDetails(place: HeadPlace, groups: readonly KeyGroup[] = [], within = true): string {
  const { summary } = place;
  if (!summary) return headName(place, 'layer');
  const lines = scoreNames.filter((score) => within || !betweenTokens.has(score)).map((score) => scoreText(score, summary.scores));
  const group = groups.find(({ first, last }) => first <= place.head && place.head <= last);
  return [l10n.t('Layer {0}, head {1}', place.layer, place.head), ...lines, ...(group ? [groupText(group)] : [])].join('\n');
}

const scoreNames: readonly (keyof HeadScores)[] = ['first', 'previous', 'self', 'same', 'induction', 'punctuation', 'distance', 'entropy'];

/** Scores that compare places, which only tokens of one sequence have in common. */
export const betweenTokens: ReadonlySet<ViewState['gridSort']> = new Set(['previous', 'self', 'same', 'induction', 'distance']);

/** The share that is largest, or the entropy where attention is spread over other tokens. */
function foremost(scores: HeadScores): keyof HeadScores {
  const shares: (keyof HeadScores)[] = ['first', 'previous', 'self', 'same', 'induction', 'punctuation'];
  const largest = shares.reduce((best, score) => (scores[score] > scores[best] ? score : best));
  return scores[largest] >= 0.3 ? largest : 'entropy';
}

function scoreText(score: keyof HeadScores, scores: HeadScores): string {
  if (Number.isNaN(scores[score])) return l10n.t('no token comes twice, so induction cannot be seen');
  const share = percentText(scores[score]);
  switch (score) {
    case 'first':
      return l10n.t('{0} on the first token', share);
    case 'previous':
      return l10n.t('{0} on the previous token', share);
    case 'self':
      return l10n.t('{0} on the token itself', share);
    case 'same':
      return l10n.t('{0} on the same token elsewhere', share);
    case 'induction':
      return l10n.t('{0} on what followed the token before (induction)', share);
    case 'punctuation':
      return l10n.t('{0} on punctuation', share);
    case 'distance':
      return l10n.t('looks {0} tokens away on average', scores.distance.toFixed(1));
    case 'entropy':
      return l10n.t('entropy {0} of uniform', share);
  }
}
