/**
 * Relative positions (Raffel et al. 2020, section 2.1): how far a key is from its query chooses one of a few
 * buckets, each with a learned bias. Half the buckets hold one distance each; the others hold ever more, up to a
 * distance from which on all are alike.
 */
import type { IntTensor } from './tensor.ts';

export interface DistanceBuckets {
  readonly count: number;
  /** From this distance on all share the last bucket. */
  readonly furthest: number;
  /** Keys after the query have buckets of their own, as many as those before it; else they share that of the query itself. */
  readonly bidirectional: boolean;
}

/** Bucket of a key that is `distance` positions after its query (before it, where negative). */
export function bucketOf({ count, furthest, bidirectional }: DistanceBuckets, distance: number): number {
  const buckets = bidirectional ? Math.floor(count / 2) : count;
  const first = bidirectional && distance > 0 ? buckets : 0;
  const far = bidirectional ? Math.abs(distance) : Math.max(0, -distance);
  const exact = Math.floor(buckets / 2);
  if (far < exact) return first + far;
  // In single precision, as models are trained: the borders of buckets depend on it.
  const share = Math.fround(Math.fround(Math.log(Math.fround(far / exact))) / Math.fround(Math.log(furthest / exact)));
  return first + Math.min(buckets - 1, exact + Math.trunc(Math.fround(share * (buckets - exact))));
}

/** Buckets of the last `queries` of `keys` positions, `[query, key]`. */
export function distancesOf(queries: number, keys: number, buckets: DistanceBuckets): IntTensor {
  const first = keys - queries;
  // By distance, from that of the last query to the first key on.
  const byDistance = Array.from({ length: 2 * keys }, (_, i) => BigInt(bucketOf(buckets, i - keys)));
  const data = new BigInt64Array(queries * keys);
  for (let row = 0; row < queries; row++) {
    for (let key = 0; key < keys; key++) data[row * keys + key] = byDistance[key - (first + row) + keys] ?? 0n;
  }
  return { type: 'int64', shape: [queries, keys], data };
}
