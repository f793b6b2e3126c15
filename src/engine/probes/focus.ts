import type { Answer, Ask } from '../../protocol.ts';
import { isKept, type AttentionView } from './attention.ts';

/** One unit's row or column in each head, and which of its links are among the fewest of their row. */
export function focus(view: AttentionView, thresholds: readonly Float32Array[], { unitIndex, direction }: Ask<'focus'>): Answer<'focus'> {
  const { size, heads } = view;
  const weights = new Float32Array(heads.length * size);
  const kept = new Uint8Array(heads.length * size);
  const sinkShare = new Float32Array(heads.length);
  for (const [head, pattern] of heads.entries()) {
    sinkShare[head] = pattern.sinkShare[unitIndex] ?? 0;
    for (let other = 0; other < size; other++) {
      const [query, key] = direction === 'from' ? [unitIndex, other] : [other, unitIndex];
      const weight = pattern.weights[query * size + key] ?? 0;
      weights[head * size + other] = weight;
      kept[head * size + other] = Number(isKept(weight, thresholds[head]?.[query] ?? 0));
    }
  }
  return { weights, kept, sinkShare };
}
