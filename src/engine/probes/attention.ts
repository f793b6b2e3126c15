/** Attention as it is looked at: some heads of a layer, by token or word, with or without the sink. */
import type { AttentionOf, Token } from '../../protocol.ts';
import type { FloatTensor } from '../tensor.ts';
import { unitStarts, type UnitStarts } from './units.ts';

/** One head, or the average of some, after merging and removal of the sink. */
export interface HeadPattern {
  /** `[query, key]` over units. */
  readonly weights: Float32Array;
  /** Share of each row on the first unit before any removal, `[query]`. */
  readonly sinkShare: Float32Array;
}

export interface AttentionView {
  /** Units on each axis. */
  readonly queries: number;
  readonly keys: number;
  readonly heads: readonly HeadPattern[];
}

/** `pattern` is `[1, head, query, key]` over tokens of two sequences, which are one for self-attention. */
export function viewAttention(pattern: FloatTensor, queryTokens: readonly Token[], keyTokens: readonly Token[], of: AttentionOf): AttentionView {
  const cells = queryTokens.length * keyTokens.length;
  const queries = unitStarts(queryTokens, of.unit);
  const keys = unitStarts(keyTokens, of.unit);
  const chosen = of.heads.map((head) => pattern.data.subarray(head * cells, (head + 1) * cells));
  const byHead = of.average ? [mean(chosen)] : chosen;
  const merged = byHead.map((weights) => (of.unit === 'word' ? mergeUnits(weights, queries, keys) : weights));
  return { queries: queries.length - 1, keys: keys.length - 1, heads: merged.map((weights) => removeSink(weights, keys.length - 1, of.sink === 'remove')) };
}

function mean(patterns: readonly Float32Array[]): Float32Array {
  const out = new Float32Array(patterns[0]?.length ?? 0);
  for (const pattern of patterns) for (let i = 0; i < out.length; i++) out[i] = (out[i] ?? 0) + (pattern[i] ?? 0);
  for (let i = 0; i < out.length; i++) out[i] = (out[i] ?? 0) / patterns.length;
  return out;
}

/** Weights to a unit's tokens add up; rows of a unit's tokens are averaged: rows still sum to 1. */
export function mergeUnits(weights: Float32Array, queries: UnitStarts, keys: UnitStarts): Float32Array {
  const length = keys[keys.length - 1] ?? 0;
  const columns = keys.length - 1;
  const out = new Float32Array((queries.length - 1) * columns);
  for (let q = 0; q < queries.length - 1; q++) {
    const first = queries[q] ?? 0;
    const end = queries[q + 1] ?? 0;
    for (let query = first; query < end; query++) {
      for (let k = 0; k < columns; k++) {
        let sum = 0;
        for (let key = keys[k] ?? 0; key < (keys[k + 1] ?? 0); key++) sum += weights[query * length + key] ?? 0;
        out[q * columns + k] = (out[q * columns + k] ?? 0) + sum / (end - first);
      }
    }
  }
  return out;
}

/** Takes the first unit out of every row and scales the rest to sum to 1; the first row, which sees nothing else, becomes empty. */
function removeSink(weights: Float32Array, keys: number, remove: boolean): HeadPattern {
  const sinkShare = new Float32Array(weights.length / keys).map((_, query) => weights[query * keys] ?? 0);
  if (!remove) return { weights, sinkShare };
  const out = new Float32Array(weights.length);
  for (let query = 0; query < sinkShare.length; query++) {
    const row = out.subarray(query * keys, (query + 1) * keys);
    row.set(weights.subarray(query * keys, (query + 1) * keys));
    row[0] = 0;
    const rest = row.reduce((sum, weight) => sum + weight, 0);
    if (rest > 0) for (let key = 1; key < keys; key++) row[key] = (row[key] ?? 0) / rest;
  }
  return { weights: out, sinkShare };
}

/**
 * For each row, the weight from which on links belong to the fewest that carry `percent` of the row,
 * `[query]`. Of equal weights at the border all are kept.
 */
export function rowThresholds(weights: Float32Array, keys: number, percent: number): Float32Array {
  const thresholds = new Float32Array(weights.length / keys);
  for (let query = 0; query < thresholds.length; query++) {
    const sorted = weights.slice(query * keys, (query + 1) * keys).sort(); // ascending
    const total = sorted.reduce((sum, weight) => sum + weight, 0);
    let carried = 0;
    let at = keys;
    // Half a unit of float32 rounding per term must not ask for one link more.
    while (at > 0 && carried < (total * percent) / 100 - 1e-6) carried += sorted[--at] ?? 0;
    thresholds[query] = at < keys ? (sorted[at] ?? 0) : Infinity;
  }
  return thresholds;
}

/** Whether a link is among those; a link without weight never is. */
export const isKept = (weight: number, threshold: number): boolean => weight > 0 && weight >= threshold;
