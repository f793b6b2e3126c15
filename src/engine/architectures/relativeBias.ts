import type { DistanceBuckets } from '../distances.ts';
import type { StageBuilder, Value } from '../onnx/stage.ts';

/** What each head adds to a score for the distance from query to key (Raffel et al. 2020), `[1, H, pos, key]`, from the learned biases `weight`, `[buckets, H]`. */
export function relativeBias(g: StageBuilder, weight: string, heads: number, buckets: DistanceBuckets): Value {
  g.relativeWeights({ weight, heads, buckets });
  const indices = g.input('distances', ['pos', 'key'], { from: 'distances', buckets }, 'int64');
  const byBucket = g.op('Transpose', [g.weight(weight, [buckets.count, heads])], { perm: { ints: [1, 0] } });
  const biases = g.op('Gather', [byBucket, indices], { axis: { int: 1 } }); // [H, pos, key]
  return g.op('Unsqueeze', [biases, g.whole(0)]);
}
