/** One layer at a glance: a thumbnail and scores for each head. */
import type { HeadScores, LayerSummary } from '../../protocol.ts';
import type { FloatTensor } from '../tensor.ts';
import { toByte } from './pattern.ts';

/** Largest side of a thumbnail in cells. */
const THUMBNAIL = 32;

/**
 * `pattern` is `[1, head, query, key]` over tokens with these ids; `causal` if queries see only themselves
 * and back, with a `window` so many keys at most.
 */
export function summarizeLayer(layer: number, pattern: FloatTensor, ids: readonly number[], causal: boolean, window: number | null = null): LayerSummary {
  const length = ids.length;
  const heads = Array.from({ length: pattern.shape[1] ?? 0 }, (_, head) => {
    const weights = pattern.data.subarray(head * length * length, (head + 1) * length * length);
    return { ...thumbnail(weights, length), scores: headScores(weights, ids, causal, window) };
  });
  return { layer, heads };
}

function thumbnail(weights: Float32Array, length: number): { thumbnail: Uint8Array; size: number } {
  const size = Math.min(length, THUMBNAIL);
  const cells = new Float32Array(size * size);
  for (let query = 0; query < length; query++) {
    const row = Math.floor((query * size) / length) * size;
    for (let key = 0; key < length; key++) {
      const cell = row + Math.floor((key * size) / length);
      cells[cell] = Math.max(cells[cell] ?? 0, weights[query * length + key] ?? 0);
    }
  }
  return { thumbnail: Uint8Array.from(cells, toByte), size };
}

/** Means over the queries that may look at more than one key; all zero where there is none. */
export function headScores(weights: Float32Array, ids: readonly number[], causal: boolean, window: number | null = null): HeadScores {
  const length = ids.length;
  const scores = { entropy: 0, first: 0, previous: 0, self: 0, same: 0 };
  let queries = 0;
  for (let query = 0; query < length; query++) {
    const end = causal ? query + 1 : length;
    const visible = causal && window !== null ? Math.min(end, window) : end;
    if (visible < 2) continue;
    queries++;
    let entropy = 0;
    for (let key = end - visible; key < end; key++) {
      const weight = weights[query * length + key] ?? 0;
      if (weight > 0) entropy -= weight * Math.log2(weight);
      if (key !== query && ids[key] === ids[query]) scores.same += weight;
    }
    scores.entropy += entropy / Math.log2(visible);
    scores.first += weights[query * length] ?? 0;
    scores.self += weights[query * length + query] ?? 0;
    if (query > 0) scores.previous += weights[query * length + query - 1] ?? 0;
  }
  if (queries) for (const name of ['entropy', 'first', 'previous', 'self', 'same'] as const) scores[name] /= queries;
  return scores;
}
