/** Models with 8-bit weights beside themselves in float32. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Model } from '../../../src/engine/model.ts';
import { fidelity, klDivergence, largestDifference } from '../../../src/engine/probes/fidelity.ts';
import { problemOf } from '../../../src/engine/problemError.ts';
import { floats } from '../../../src/engine/tensor.ts';
import { TensorCache } from '../../../src/engine/tensorCache.ts';
import { Trace } from '../../../src/engine/trace.ts';
import { loadModel, root, traceOf } from '../../support/engine.ts';

const TEXT = readFileSync(join(root, 'media/sample/prose.md'), 'utf8');

describe('storyteller in 8 bits', () => {
  let model: Model;
  let ids: readonly number[];
  beforeAll(async () => {
    model = await loadModel('models/storyteller', '8-bit');
    ids = model.tokenizer.encode(TEXT).map(({ id }) => id).slice(0, 128);
  });
  afterAll(() => model.release());

  it('takes about a quarter of the memory', async () => {
    const exact = await loadModel('models/storyteller', 'float32');
    expect(model.weightBytes / exact.weightBytes).toBeLessThan(0.27);
    expect(model.info.precision).toBe('8-bit');
    expect(exact.info.precision).toBe('float32');
    await exact.release();
  });

  it('expects nearly what it expects in float32', async () => {
    // Measured on 394 tokens: top-1 96 %, KL 0.0017 bits, patterns 0.11, logits 0.59.
    const { positions, top1, patternError, logitError, klMean } = await fidelity(await traceOf(model, ids));
    expect(positions).toBe(128);
    expect(top1).toBeGreaterThanOrEqual(0.92);
    expect(klMean).toBeLessThan(0.005);
    expect(patternError).toBeLessThan(0.2);
    expect(logitError).toBeLessThan(1.2);
    // It is not float32 under another name.
    expect(patternError).toBeGreaterThan(0);
    expect(logitError).toBeGreaterThan(0);
  });

  it('gives at a position what does not depend on those run with it', async () => {
    const earlier = await traceOf(model, ids.slice(0, 100));
    const goingOn = await traceOf(model, ids, { prefix: earlier });
    expect(goingOn.reused.text).toBe(100);
    const [a, b] = [await goingOn.logits([127]), await (await traceOf(model, ids)).logits([127])];
    expect(largestDifference(a.data, b.data)).toBeLessThan(1e-3);
  });

  it('keeps other positions exact when one stands out', async () => {
    const stage = model.network.stages[1];
    if (!stage) throw new Error('storyteller has blocks');
    const session = await model.session(stage);
    const trace = await traceOf(model, ids.slice(0, 2));
    const { width } = model.info;
    const residual = (await trace.get('embed.out')).data;
    const out = async (first: number): Promise<Float32Array> => {
      const data = residual.slice();
      for (let i = 0; i < width; i++) data[i] = (data[i] ?? 0) * first;
      const inputs = new Map(
        stage.inputs.map(({ name, source, shape }) => {
          if (source.from === 'stage') return [name, floats([1, 2, width], data)];
          // The second position looks at itself only, so that nothing but a shared scale could come from the first.
          if (source.from === 'mask') return [name, floats([1, 1, 2, 2], Float32Array.of(0, -Infinity, -Infinity, 0))];
          if (source.from === 'patch') return [name, floats(shape.map(() => 1), Float32Array.of(source.neutral))];
          return [name, floats(shape.map((dim) => (dim === 'past' ? 0 : Number(dim))))];
        }),
      );
      const results = await session.run(inputs, ['blocks.0.attn.hook_q']);
      return results.get('blocks.0.attn.hook_q')?.data.slice(width) ?? new Float32Array();
    };
    expect(await out(1000)).toEqual(await out(1));
  });

  it('is measured again only while the run is held', async () => {
    const trace = await traceOf(model, ids.slice(0, 8));
    const measured = fidelity(trace);
    trace.release();
    expect(problemOf(await measured.catch((thrown: unknown) => thrown)).code).toBe('run.cancelled');
  });

  it('differs in nothing when it is in float32', async () => {
    const exact = await loadModel('models/storyteller', 'float32');
    const answer = await fidelity(await traceOf(exact, ids.slice(0, 20)));
    expect(answer).toEqual({ positions: 20, top1: 1, patternError: 0, logitError: 0, klMean: 0 });
    await exact.release();
  });
});

/** A model of each kind with weights stored in both ways; random weights, so errors are loose. */
const FIXTURES = ['gpt2-basic', 'gpt2-bf16', 'llama-basic', 'llama-sharded', 'bert-basic', 'bert-bare', 't5-basic', 'marian-basic'];

describe('in 8 bits', () => {
  it.each(FIXTURES)('%s attends nearly as in float32', async (name) => {
    const model = await loadModel(`test/fixtures/${name}`, '8-bit');
    const ids = Array.from({ length: 12 }, (_, i) => (i * 5 + 3) % Math.min(model.info.vocabulary, 60));
    const trace = await traceOf(model, ids, model.network.output ? { output: [model.network.output.start, 4, 5] } : {});
    const { patternError, top1 } = await fidelity(trace);
    expect(patternError).toBeGreaterThan(0);
    expect(patternError).toBeLessThan(0.15);
    expect(top1 === null).toBe(model.info.predicts === 'nothing');
    await model.release();
  });

  it('a model of zeros gives zeros, not NaN', async () => {
    const model = await loadModel('test/fixtures/gpt2-basic', '8-bit');
    const block = model.network.stages[1];
    const hook = block?.hooks.find(({ name }) => name.endsWith('hook_resid_pre'));
    const silent = new Trace(model, { text: [5, 6, 7] }, new TensorCache(1e9), { patches: new Map([[`${hook?.name ?? ''}.scale`, floats([1, 1, 1], Float32Array.of(0))]]) });
    await silent.run(new AbortController().signal);
    expect((await silent.pattern('decoder', 0)).data.every((value) => Number.isFinite(value))).toBe(true);
    await model.release();
  });
});

describe('Kullback–Leibler divergence', () => {
  it('is 0 of the same and 1 bit of a sure thing from an even chance', () => {
    const sure = Float32Array.of(0, -Infinity);
    const even = Float32Array.of(3, 3);
    expect(klDivergence(even, even)).toBe(0);
    expect(klDivergence(sure, even)).toBeCloseTo(1, 6);
  });
});
