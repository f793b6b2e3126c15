import type { Answer } from '../../protocol.ts';
import type { AttentionView } from './attention.ts';

/** The pattern of the first head of a view, for the attention map. */
export function pattern({ queries, keys, heads }: AttentionView): Answer<'pattern'> {
  const [head] = heads;
  if (!head) return { queries: 0, keys: 0, weights: new Uint8Array(), sinkShare: 0 };
  const sinkShare = head.sinkShare.reduce((sum, share) => sum + share, 0) / queries;
  return { queries, keys, weights: Uint8Array.from(head.weights, toByte), sinkShare };
}

/** A weight of 0…1 as a byte; the square root keeps small ones apart. */
export const toByte = (weight: number): number => Math.round(255 * Math.sqrt(Math.min(Math.max(weight, 0), 1)));
