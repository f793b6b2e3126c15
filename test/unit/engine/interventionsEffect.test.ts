/** Effects and sweeps against brute force: whole runs with the patches written out here, softmaxes likewise. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Model } from '../../../src/engine/model.ts';
import { answer } from '../../../src/engine/probes/index.ts';
import { AttentionViews } from '../../../src/engine/probes/attentionViews.ts';
import { HeldLogits } from '../../../src/engine/probes/positionLogits.ts';
import type { Run } from '../../../src/engine/run.ts';
import { floats, type FloatTensor } from '../../../src/engine/tensor.ts';
import type { Trace, TraceOptions } from '../../../src/engine/trace.ts';
import type { Intervention } from '../../../src/protocol.ts';
import { loadModel, traceOf } from '../../support/engine.ts';

const IDS = [5, 17, 42, 5, 5, 90, 17, 42, 3];
const OUTPUT = [0, 33, 8, 61, 8];

function runOf(trace: Trace): Run {
  const tokens = { text: trace.model.describe(trace.ids('text')), output: trace.model.describe(trace.ids('output'), 'output') };
  return { trace, tokens, views: new AttentionViews(trace, tokens), logits: new HeldLogits(trace) };
}

function softmax(logits: Float32Array): number[] {
  const powers = [...logits].map(Math.exp);
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
}

async function logitsOf(model: Model, ids: readonly number[], position: number, options: Parameters<typeof traceOf>[2] = {}): Promise<Float32Array> {
  const trace = await traceOf(model, ids, options);
  const { data } = await trace.logits([position]);
  trace.release();
  return data;
}

const divergence = (p: readonly number[], q: readonly number[]): number => p.reduce((sum, value, id) => sum + value * Math.log2(value / (q[id] ?? NaN)), 0);

const headOff = (hook: string, heads: number, head: number): NonNullable<TraceOptions['patches']> =>
  new Map<string, FloatTensor>([[`${hook}.scale`, floats([1, 1, heads, 1], Float32Array.from({ length: heads }, (_, i) => Number(i !== head)))]]);

describe.each([
  { name: 'gpt2-basic', part: 'decoder', block: 'blocks', position: 6, output: undefined },
  { name: 'llama-basic', part: 'decoder', block: 'blocks', position: 8, output: undefined },
  { name: 'llama-dynamic', part: 'decoder', block: 'blocks', position: 6, output: undefined },
  { name: 'marian-basic', part: 'decoder', block: 'decoder', position: 2, output: OUTPUT },
  { name: 't5-basic', part: 'encoder', block: 'encoder', position: 4, output: OUTPUT },
  { name: 'bert-basic', part: 'encoder', block: 'blocks', position: 6, output: undefined },
] as const)('in $name', ({ name, part, block, position, output }) => {
  const options = output ? { output } : {};
  let model: Model;
  let run: Run;
  beforeAll(async () => {
    model = await loadModel(`test/fixtures/${name}`);
    run = runOf(await traceOf(model, IDS, options));
  });
  afterAll(() => {
    run.trace.release();
    return model.release();
  });

  it('an effect is what two whole runs differ by', async () => {
    const interventions: Intervention[] = [{ kind: 'head', part, layer: 1, head: 2, by: 'zero' }];
    const effect = await answer(run, 'effect', { interventions, position, top: 96, rival: 7 });
    const before = await logitsOf(model, IDS, position, options);
    const after = await logitsOf(model, IDS, position, { ...options, patches: headOff(`${block}.1.attn.hook_z`, 4, 2) });
    const [p, q] = [softmax(before), softmax(after)];
    const best = p.indexOf(Math.max(...p));
    expect(effect.target.before).toMatchObject({ id: best, rank: 1 });
    expect(effect.logProbability).toBeCloseTo(Math.log((q[best] ?? NaN) / (p[best] ?? NaN)), 3);
    expect(effect.logitDifference).toBeCloseTo((after[best] ?? NaN) - (after[7] ?? NaN) - ((before[best] ?? NaN) - (before[7] ?? NaN)), 3);
    expect(effect.divergence).toBeGreaterThan(1e-4); // else nothing is compared
    expect(effect.divergence).toBeCloseTo(divergence(p, q), 3);
    const sorted = [...q.keys()].sort((a, b) => (after[b] ?? 0) - (after[a] ?? 0));
    expect(effect.top.map((change) => change.after.id)).toEqual(sorted.slice(0, 96));
    for (const { before: was, after: is } of effect.top) {
      expect(Math.exp(was.logProbability)).toBeCloseTo(p[was.id] ?? NaN, 4);
      expect(Math.exp(is.logProbability)).toBeCloseTo(q[is.id] ?? NaN, 4);
      expect(was.rank).toBe(1 + p.filter((value) => value > (p[was.id] ?? NaN)).length);
    }
    expect(effect.topBefore[0]?.before.id).toBe(best);
  });

  it('a sweep over heads and parts is the effect of each alone, in whatever pieces it is asked for', async () => {
    for (const over of ['heads', 'parts'] as const) {
      for (const by of ['zero', 'mean'] as const) {
        const whole = await answer(run, 'sweep', { over, position, by, rival: 7, from: 0, to: 1000 });
        expect(whole.items).toHaveLength(whole.total);
        const middle = await answer(run, 'sweep', { over, position, by, rival: 7, from: 1, to: 3 });
        expect(middle.items).toEqual(whole.items.slice(1, 3));
        expect([...middle.divergence]).toEqual([...whole.divergence.slice(1, 3)]);
        for (const [i, item] of whole.items.entries()) {
          const { logProbability, logitDifference, divergence: bits } = await answer(run, 'effect', { interventions: [item], position, top: 1, rival: 7 });
          expect([whole.logProbability[i], whole.logitDifference?.[i], whole.divergence[i]]).toEqual([logProbability, logitDifference ?? NaN, bits].map(Math.fround));
        }
      }
    }
    const { attentions } = model.info;
    expect((await answer(run, 'sweep', { over: 'heads', position, by: 'zero', from: 0, to: 1 })).total).toBe(attentions.reduce((sum, { layers, heads }) => sum + layers * heads, 0));
    expect((await answer(run, 'sweep', { over: 'heads', part, position, by: 'zero', from: 0, to: 1 })).total).toBe(attentions.filter((attention) => attention.part === part).reduce((sum, { layers, heads }) => sum + layers * heads, 0));
  });

  it('a sweep over tokens leaves out each that the prediction can see', async () => {
    const { items, divergence: bits, logitDifference } = await answer(run, 'sweep', { over: 'tokens', position, by: 'zero', from: 0, to: 1000 });
    expect(logitDifference).toBeNull();
    const seen = IDS.map((_, token) => token).filter((token) => (output ? true : model.info.predicts === 'masked' ? token !== position : token <= position));
    expect(items).toEqual(seen.map((token) => ({ kind: 'token', token })));
    const p = softmax(await logitsOf(model, IDS, position, options));
    for (const [i, token] of seen.entries()) {
      const ids = IDS.filter((_, index) => index !== token);
      const there = output ? position : token <= position ? position - 1 : position;
      const cut = model.info.kind === 'decoder' ? ids.slice(0, there + 1) : ids;
      expect(bits[i]).toBeCloseTo(divergence(p, softmax(await logitsOf(model, cut, there, options))), 3);
    }
  });

  it('releases what it ran, and leaves the run as it was', async () => {
    const before = run.trace.keptBytes;
    const first = await run.trace.logits([position]);
    await answer(run, 'sweep', { over: 'tokens', position, by: 'mean', from: 0, to: 3 });
    expect(run.trace.keptBytes).toBe(before);
    expect((await run.trace.logits([position])).data).toEqual(first.data);
  });

  it('ends when the run is released while it goes', async () => {
    const own = runOf(await traceOf(model, IDS, options));
    const asked = answer(own, 'sweep', { over: 'heads', position, by: 'mean', from: 0, to: 1000 });
    setImmediate(() => {
      own.trace.release();
    });
    await expect(asked).rejects.toMatchObject({ problem: { code: 'run.cancelled' } });
  });

  it('runs only stages that something changes', async () => {
    const stages: string[] = [];
    const watched = new Proxy(model, {
      get(target, key) {
        if (key !== 'session') return Reflect.get(target, key, target) as unknown;
        return (stage: Parameters<Model['session']>[0]) => {
          stages.push(stage.name);
          return target.session(stage);
        };
      },
    });
    const own = runOf(await traceOf(watched, IDS, options));
    await answer(own, 'next', { position, top: 1 });
    stages.length = 0;
    await answer(own, 'effect', { interventions: [{ kind: 'feedForward', part, layer: 1, by: 'zero' }], position: (output ?? IDS).length - 1, top: 1 });
    expect(stages).toContain(`${block}.1`);
    expect(stages).not.toContain(`${block}.0`);
    own.trace.release();
  });
});

describe('what cannot be switched off', () => {
  let model: Model;
  let run: Run;
  beforeAll(async () => {
    model = await loadModel('test/fixtures/llama-basic');
    run = runOf(await traceOf(model, IDS));
  });
  afterAll(() => model.release());
  const effectOf = (...interventions: Intervention[]) => answer(run, 'effect', { interventions, position: 4, top: 1 });

  it.each<readonly [Intervention, string]>([
    [{ kind: 'head', part: 'decoder', layer: 0, head: 4, by: 'zero' }, 'intervention.beyond'],
    [{ kind: 'head', part: 'decoder', layer: 2, head: 0, by: 'zero' }, 'intervention.beyond'],
    [{ kind: 'neuron', part: 'decoder', layer: 0, index: 9999, by: 'zero' }, 'intervention.beyond'],
    [{ kind: 'token', token: 9 }, 'intervention.beyond'],
    [{ kind: 'link', part: 'decoder', layer: 0, heads: [0], query: 3, key: 9, renormalise: true }, 'intervention.beyond'],
    [{ kind: 'attention', part: 'cross', layer: 0, by: 'zero' }, 'model.otherAttention'],
    [{ kind: 'positions', by: 'zero' }, 'intervention.noPositions'],
  ])('%j is told in the words of the catalogue', async (intervention, code) => {
    await expect(effectOf(intervention)).rejects.toMatchObject({ problem: { code } });
  });

  it('all tokens, or all before the prediction', async () => {
    await expect(effectOf(...IDS.map((_, token): Intervention => ({ kind: 'token', token })))).rejects.toMatchObject({ problem: { code: 'intervention.ownToken' } });
    await expect(effectOf(...[0, 1, 2, 3, 4].map((token): Intervention => ({ kind: 'token', token })))).rejects.toMatchObject({ problem: { code: 'intervention.ownToken' } });
  });

  it('anything in a run where something is already', async () => {
    const patched = await traceOf(model, IDS, { patches: headOff('blocks.0.attn.hook_z', 4, 1) });
    await expect(answer(runOf(patched), 'effect', { interventions: [], position: 4, top: 1 })).rejects.toMatchObject({ problem: { code: 'intervention.twice' } });
  });

  it('a row of which every key is cut attends to nothing', async () => {
    const links = [0, 1].map((key): Intervention => ({ kind: 'link', part: 'decoder', layer: 1, heads: [0, 1, 2, 3], query: 1, key, renormalise: true }));
    const { logProbability } = await answer(run, 'effect', { interventions: links, position: 1, top: 1 });
    const off = await answer(run, 'effect', { interventions: [0, 1, 2, 3].map((head) => ({ kind: 'head', part: 'decoder', layer: 1, head, by: 'zero' })), position: 1, top: 1 });
    expect(logProbability).toBeCloseTo(off.logProbability, 5);
  });
});
