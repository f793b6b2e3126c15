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
  readonly size: number;
  readonly heads: readonly HeadPattern[];
}

/** `pattern` is `[1, head, query, key]` over tokens. */
export function viewAttention(pattern: FloatTensor, tokens: readonly Token[], of: AttentionOf): AttentionView {
  const length = tokens.length;
  const starts = unitStarts(tokens, of.unit);
  const size = starts.length - 1;
  const chosen = of.heads.map((head) => pattern.data.subarray(head * length * length, (head + 1) * length * length));
  const byHead = of.average ? [mean(chosen)] : chosen;
  const heads = byHead.map((weights) => removeSink(of.unit === 'word' ? mergeUnits(weights, length, starts) : weights, size, of.sink === 'remove'));
  return { size, heads };
}

function mean(patterns: readonly Float32Array[]): Float32Array {
  const out = new Float32Array(patterns[0]?.length ?? 0);
  for (const pattern of patterns) for (let i = 0; i < out.length; i++) out[i] = (out[i] ?? 0) + (pattern[i] ?? 0);
  for (let i = 0; i < out.length; i++) out[i] = (out[i] ?? 0) / patterns.length;
  return out;
}

/** Weights to a unit's tokens add up; rows of a unit's tokens are averaged: rows still sum to 1. */
export function mergeUnits(weights: Float32Array, length: number, starts: UnitStarts): Float32Array {
  const size = starts.length - 1;
  const out = new Float32Array(size * size);
  for (let q = 0; q < size; q++) {
    const first = starts[q] ?? 0;
    const end = starts[q + 1] ?? 0;
    for (let query = first; query < end; query++) {
      for (let k = 0; k < size; k++) {
        let sum = 0;
        for (let key = starts[k] ?? 0; key < (starts[k + 1] ?? 0); key++) sum += weights[query * length + key] ?? 0;
        out[q * size + k] = (out[q * size + k] ?? 0) + sum / (end - first);
      }
    }
  }
  return out;
}

/** Takes the first unit out of every row and scales the rest to sum to 1; the first row, which sees nothing else, becomes empty. */
function removeSink(weights: Float32Array, size: number, remove: boolean): HeadPattern {
  const sinkShare = new Float32Array(size);
  for (let query = 0; query < size; query++) sinkShare[query] = weights[query * size] ?? 0;
  if (!remove) return { weights, sinkShare };
  const out = new Float32Array(weights.length);
  for (let query = 0; query < size; query++) {
    const row = out.subarray(query * size, (query + 1) * size);
    row.set(weights.subarray(query * size, (query + 1) * size));
    row[0] = 0;
    const rest = row.reduce((sum, weight) => sum + weight, 0);
    if (rest > 0) for (let key = 1; key < size; key++) row[key] = (row[key] ?? 0) / rest;
  }
  return { weights: out, sinkShare };
}

/**
 * For each row, the weight from which on links belong to the fewest that carry `percent` of the row,
 * `[query]`. Of equal weights at the border all are kept.
 */
export function rowThresholds(weights: Float32Array, size: number, percent: number): Float32Array {
  const thresholds = new Float32Array(size);
  for (let query = 0; query < size; query++) {
    const sorted = weights.slice(query * size, (query + 1) * size).sort(); // ascending
    const total = sorted.reduce((sum, weight) => sum + weight, 0);
    let carried = 0;
    let at = size;
    // Half a unit of float32 rounding per term must not ask for one link more.
    while (at > 0 && carried < (total * percent) / 100 - 1e-6) carried += sorted[--at] ?? 0;
    thresholds[query] = at < size ? (sorted[at] ?? 0) : Infinity;
  }
  return thresholds;
}

/** Whether a link is among those; a link without weight never is. */
export const isKept = (weight: number, threshold: number): boolean => weight > 0 && weight >= threshold;
