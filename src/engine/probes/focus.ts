import type { Answer, Ask } from '../../protocol.ts';
import { isKept, type AttentionView } from './attention.ts';

/** One unit's row or column in each head, and which of its links are among the fewest of their row. */
export function focus(view: AttentionView, thresholds: readonly Float32Array[], ask: Ask<'focus'>): Answer<'focus'> {
  const { unitIndex, direction } = ask;
  const { keys, heads } = view;
  const others = direction === 'from' ? keys : view.queries;
  const weights = new Float32Array(heads.length * others);
  const kept = new Uint8Array(heads.length * others);
  const sinkShare = new Float32Array(heads.length);
  for (const [head, pattern] of heads.entries()) {
    if (direction === 'from' || ask.part !== 'cross') sinkShare[head] = pattern.sinkShare[unitIndex] ?? 0;
    for (let other = 0; other < others; other++) {
      const [query, key] = direction === 'from' ? [unitIndex, other] : [other, unitIndex];
      const weight = pattern.weights[query * keys + key] ?? 0;
      weights[head * others + other] = weight;
      kept[head * others + other] = Number(isKept(weight, thresholds[head]?.[query] ?? 0));
    }
  }
  return { weights, kept, sinkShare };
}
