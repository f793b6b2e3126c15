/** Query heads that share keys and values are shown as what they are. */
import { describe, expect, it } from 'vitest';
import { loadModel, traceOf } from '../../support/engine.ts';

const IDS = [5, 17, 42, 5, 90, 17, 42];

describe('grouped heads', () => {
  it.each([
    ['gpt2-basic', 4, 4],
    ['llama-basic', 4, 2],
    ['llama-one-key', 4, 1],
    ['gpt_neox-whole', 2, 2],
  ])('%s has %i heads and %i of keys', async (name, heads, keyHeads) => {
    const model = await loadModel(`test/fixtures/${name}`);
    expect(model.info).toMatchObject({ heads, keyHeads });
    const trace = await traceOf(model, IDS);
    const { headWidth } = model.info;
    expect((await trace.get('blocks.0.attn.hook_q')).shape).toEqual([1, IDS.length, heads, headWidth]);
    for (const hook of ['hook_k', 'hook_v']) expect((await trace.get(`blocks.0.attn.${hook}`)).shape).toEqual([1, IDS.length, keyHeads, headWidth]);
    await model.release();
  });

  it('mixes the values of the shared head by the pattern of its own', async () => {
    const model = await loadModel('test/fixtures/llama-basic');
    const { heads: H, keyHeads: K, headWidth: D } = model.info;
    const trace = await traceOf(model, IDS);
    const pattern = await trace.pattern('decoder', 1);
    const values = await trace.get('blocks.1.attn.hook_v');
    const mixed = await trace.get('blocks.1.attn.hook_z');
    const n = IDS.length;
    for (const [i, found] of mixed.data.entries()) {
      const [query, head, d] = [Math.floor(i / (H * D)), Math.floor(i / D) % H, i % D];
      let expected = 0;
      for (let key = 0; key < n; key++) {
        expected += (pattern.data[(head * n + query) * n + key] ?? NaN) * (values.data[(key * K + Math.floor((head * K) / H)) * D + d] ?? NaN);
      }
      expect(found).toBeCloseTo(expected, 5);
    }
    await model.release();
  });
});
