/** Layers with a window see so many keys only, and are measured against those. */
import { describe, expect, it } from 'vitest';
import { loadModel, traceOf } from '../../support/engine.ts';

const IDS = [5, 17, 42, 5, 90, 17, 42, 8, 9];

describe('a sliding window', () => {
  it.each([
    ['gpt2-basic', [null, null, null]],
    ['mistral-window', [5, 5]],
    ['mistral-full', [null, null]],
    ['qwen2-window', [null, 6, 6]],
    ['qwen3-listed', [3, null]],
    ['gemma2-basic', [5, null]],
    ['gemma3_text-4', [6, null]],
  ])('of %s is %j by layer', async (name, windows) => {
    const model = await loadModel(`test/fixtures/${name}`);
    expect(windows.map((_, layer) => model.window('decoder', layer))).toEqual(windows);
    const trace = await traceOf(model, IDS);
    const n = IDS.length;
    for (const [layer, window] of windows.entries()) {
      const { data } = await trace.pattern('decoder', layer);
      for (const [i, weight] of data.entries()) {
        const [query, key] = [Math.floor(i / n) % n, i % n];
        const visible = key <= query && (window === null || key > query - window);
        expect(weight > 0, `layer ${String(layer)} query ${String(query)} key ${String(key)}`).toBe(visible);
      }
    }
    await model.release();
  });
});
