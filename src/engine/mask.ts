import type { Source } from './onnx/stage.ts';
import { floats, type FloatTensor } from './tensor.ts';

/** What is added to the scores of the last `queries` of `keys` positions, `[1, 1, query, key]`: 0 where they may look, −∞ where not. */
export function maskOf(queries: number, keys: number, { causal, window }: Pick<Extract<Source, { from: 'mask' }>, 'causal' | 'window'>): FloatTensor {
  const mask = floats([1, 1, queries, keys]);
  if (!causal) return mask;
  for (let row = 0; row < queries; row++) {
    const query = keys - queries + row;
    mask.data.fill(-Infinity, row * keys + query + 1, (row + 1) * keys);
    if (window !== null) mask.data.fill(-Infinity, row * keys, row * keys + Math.max(0, query + 1 - window));
  }
  return mask;
}
