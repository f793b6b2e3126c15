/** What is special about encoder–decoders: two sequences, of which the text is run once, and interventions everywhere in both. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openFolder } from '../../../src/engine/files.node.ts';
import { Model } from '../../../src/engine/model.ts';
import type { Runtime } from '../../../src/engine/session.ts';
import { floats, type FloatTensor } from '../../../src/engine/tensor.ts';
import { bucketOf, type DistanceBuckets } from '../../../src/engine/distances.ts';
import { sinusoids } from '../../../src/engine/sinusoids.ts';
import { loadModel, root, runtime, traceOf } from '../../support/engine.ts';

const TEXT = [5, 17, 42, 5, 90, 17, 42];
const OUTPUT = [0, 33, 8, 61, 8];
const HEADS = 4;

describe.each(['marian-basic', 'mbart-basic', 't5-gated'])('interventions on %s', (name) => {
  let model: Model;
  beforeAll(async () => {
    model = await loadModel(`test/fixtures/${name}`);
  });
  afterAll(() => model.release());

  const lastLogits = async (patches: ReadonlyMap<string, FloatTensor>): Promise<number[]> => {
    const trace = await traceOf(model, TEXT, { output: OUTPUT, patches });
    return [...(await trace.logits([OUTPUT.length - 1])).data];
  };
  const inputs = () => model.network.stages.flatMap((stage) => stage.inputs.flatMap((input) => (input.source.from === 'patch' ? [{ ...input, neutral: input.source.neutral, stage }] : [])));

  it('are at the embeddings, the residual stream, scores, patterns, heads, neurons and all parts of each layer', () => {
    const names = inputs().map((input) => input.name);
    const within = ['hook_resid_pre', 'attn.hook_z', 'hook_attn_out', 'mlp.hook_post', 'hook_mlp_out'];
    for (const layer of [0, 1]) {
      for (const [side, hooks] of [['encoder', within], ['decoder', [...within, 'cross_attn.hook_z', 'hook_cross_attn_out']]] as const) {
        for (const hook of hooks) for (const how of ['scale', 'add']) expect(names).toContain(`${side}.${String(layer)}.${hook}.${how}`);
      }
      for (const attention of ['encoder.0.attn', 'decoder.0.attn', 'decoder.0.cross_attn']) {
        expect(names).toContain(`${attention}.hook_attn_scores.add`);
        expect(names).toContain(`${attention}.hook_pattern.scale`);
      }
    }
    for (const side of ['encoder', 'decoder']) expect(names).toContain(`${side}.hook_embed.scale`);
  });

  it('change the prediction through each of them, and not through its neutral value', async () => {
    const plain = await lastLogits(new Map());
    for (const { name: input, shape, neutral, stage } of inputs()) {
      const ones = shape.map(() => 1);
      expect(await lastLogits(new Map([[input, floats(ones, Float32Array.of(neutral))]])), input).toEqual(plain);
      if (input.endsWith('hook_attn_scores.add')) continue; // a constant does not change a softmax
      const last = stage.hooks.find((hook) => hook.name === input.replace(/\.(scale|add)$/, ''))?.shape.at(-1);
      const width = typeof last === 'number' ? last : 1;
      // Not the same for every component: LayerNorm takes a constant out again.
      const uneven = floats([...ones.slice(1), width], Float32Array.from({ length: width }, (_, i) => neutral + 0.5 + (i % 3)));
      expect(await lastLogits(new Map([[input, uneven]])), input).not.toEqual(plain);
    }
  });

  it('cut one link from the output to the text, in one head', async () => {
    const [head, query, key] = [2, 3, 5];
    const cells = OUTPUT.length * TEXT.length;
    const cut = floats([1, HEADS, OUTPUT.length, TEXT.length], new Float32Array(HEADS * cells).fill(1));
    cut.data[head * cells + query * TEXT.length + key] = 0;
    const hook = 'decoder.1.cross_attn.hook_pattern';
    const plain = await (await traceOf(model, TEXT, { output: OUTPUT })).get(hook);
    const after = await (await traceOf(model, TEXT, { output: OUTPUT, patches: new Map([[`${hook}.scale`, cut]]) })).get(hook);
    const changed = [...plain.data.keys()].filter((i) => plain.data[i] !== after.data[i]);
    expect(changed).toEqual([head * cells + query * TEXT.length + key]);
    expect(after.data[changed[0] ?? 0]).toBe(0);
  });
});

/** Counts how often each stage is run, by the name in its graph. */
function counting(runs: Map<string, number>): Runtime {
  const within = runtime();
  return {
    threads: within.threads,
    async createSession(graph, weights) {
      const session = await within.createSession(graph, weights);
      const name = /(?:encoder|decoder)\.(?:\d+\.cross_attn|\d+|embed|end)|unembed/.exec(Buffer.from(graph).toString('latin1'))?.[0] ?? '?';
      return {
        run(inputs, outputs) {
          runs.set(name, (runs.get(name) ?? 0) + 1);
          return session.run(inputs, outputs);
        },
        release: () => session.release(),
      };
    },
  };
}

it('runs the text once, however many tokens are added to the output', async () => {
  const runs = new Map<string, number>();
  const folder = join(root, 'test/fixtures/t5-basic');
  const model = await Model.load({ name: 't5', location: folder }, openFolder(folder), counting(runs));
  let trace = await traceOf(model, TEXT, { output: OUTPUT.slice(0, 1) });
  const once = new Map(runs);
  for (let length = 2; length <= OUTPUT.length; length++) trace = await traceOf(model, TEXT, { output: OUTPUT.slice(0, length), prefix: trace });
  const textStages = model.network.stages.filter(({ reads }) => reads === 'text').map(({ name }) => name);
  expect(textStages).toEqual(['encoder.embed', 'encoder.0', 'encoder.1', 'encoder.end', 'decoder.0.cross_attn', 'decoder.1.cross_attn']);
  expect([...runs].filter(([name, count]) => count !== once.get(name)).map(([name]) => name)).toEqual(['decoder.embed', 'decoder.0', 'decoder.1']);
  const other = await traceOf(model, [...TEXT.slice(0, -1), 1], { output: OUTPUT, prefix: trace });
  expect(other.reused).toEqual({ text: 0, output: 0 });
  await model.release();
});

describe('relative positions', () => {
  const of = (buckets: DistanceBuckets, distances: readonly number[]): number[] => distances.map((distance) => bucketOf(buckets, distance));

  it('have a bucket for each near distance, shared ones further out, and one for all beyond', () => {
    // Raffel et al. 2020 and what torch gives for 8 buckets up to a distance of 20.
    expect(of({ count: 8, furthest: 20, bidirectional: false }, [3, 0, -1, -3, -4, -5, -6, -9, -13, -14, -20, -500])).toEqual([0, 0, 1, 3, 4, 4, 5, 6, 6, 7, 7, 7]);
    expect(of({ count: 8, furthest: 20, bidirectional: true }, [-500, -7, -6, -2, -1, 0, 1, 2, 6, 7, 500])).toEqual([3, 3, 2, 2, 1, 0, 5, 6, 6, 7, 7]);
  });
});

describe('sinusoids', () => {
  it('are sines, then cosines, of angles that slow down along the components', () => {
    const { shape, data } = sinusoids(3, 2, 4);
    expect(shape).toEqual([1, 2, 4]);
    [Math.sin(3), Math.sin(0.03), Math.cos(3), Math.cos(0.03)].forEach((value, i) => expect(data[i]).toBeCloseTo(value, 6));
    expect(data[4]).toBeCloseTo(Math.sin(4), 6);
  });
});
