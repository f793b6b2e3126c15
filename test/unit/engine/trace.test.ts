import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Model } from '../../../src/engine/model.ts';
import { ProblemError } from '../../../src/engine/problemError.ts';
import { TensorCache } from '../../../src/engine/tensorCache.ts';
import { Trace } from '../../../src/engine/trace.ts';
import { loadModel, traceOf } from '../../support/engine.ts';

const IDS = [5, 17, 42, 5, 200, 17, 42];
let model: Model;

beforeAll(async () => {
  model = await loadModel('test/fixtures/gpt2-basic');
});
afterAll(() => model.release());

describe('a trace', () => {
  it('tells of each layer in order', async () => {
    const layers: number[] = [];
    const trace = new Trace(model, { text: IDS }, new TensorCache(1e9));
    await trace.run(new AbortController().signal, ({ layer }) => Promise.resolve(void layers.push(layer)));
    expect(layers).toEqual([0, 1, 2]);
  });

  it('stops between blocks when cancelled', async () => {
    const controller = new AbortController();
    const layers: number[] = [];
    const trace = new Trace(model, { text: IDS }, new TensorCache(1e9));
    const run = trace.run(controller.signal, ({ layer }) => {
      layers.push(layer);
      controller.abort();
      return Promise.resolve();
    });
    await expect(run).rejects.toThrow(ProblemError);
    expect(layers).toEqual([0]);
  });

  it('computes again what was given up for want of room', async () => {
    const roomy = await traceOf(model, IDS);
    const cramped = await traceOf(model, IDS, { cacheBytes: 1 });
    for (const layer of [0, 1, 0]) expect((await cramped.pattern('decoder', layer)).data).toEqual((await roomy.pattern('decoder', layer)).data);
  });

  it('captures every hook point in one pass as one by one', async () => {
    const trace = await traceOf(model, IDS, { fetch: 'everything' });
    for (const stage of model.network.stages) {
      for (const [name, tensor] of await trace.capture(stage)) {
        const alone = name === 'logits' ? await trace.logits(IDS.map((_, i) => i)) : await (await traceOf(model, IDS)).get(name);
        expect(tensor, name).toEqual(alone);
      }
    }
  });

  it('goes on from an earlier trace that has been released', async () => {
    const earlier = await traceOf(model, IDS.slice(0, 4));
    const trace = new Trace(model, { text: IDS }, new TensorCache(1e9), { prefix: earlier });
    earlier.release();
    await trace.run(new AbortController().signal);
    const whole = await traceOf(model, IDS);
    const [a, b] = [await trace.logits([6]), await whole.logits([6])];
    for (const [i, value] of a.data.entries()) expect(value).toBeCloseTo(b.data[i] ?? NaN, 4);
  });

  it('runs only the tokens after the first that differs', async () => {
    const earlier = await traceOf(model, IDS);
    expect((await traceOf(model, [...IDS, 9], { prefix: earlier })).reused.text).toBe(IDS.length);
    expect((await traceOf(model, IDS, { prefix: earlier })).reused.text).toBe(IDS.length - 1);
    expect((await traceOf(model, [5, 17, 43, 5], { prefix: earlier })).reused.text).toBe(2);
    expect((await traceOf(model, [6], { prefix: earlier })).reused.text).toBe(0);
  });
});
