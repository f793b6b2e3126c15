/** One head step by step: each step follows from the one before, and the last is what the model itself hands on. */
import { describe, expect, it } from 'vitest';
import { headSteps } from '../../../src/engine/probes/headSteps.ts';
import { floats } from '../../../src/engine/tensor.ts';
import type { AttentionPart, HeadStepsAsk } from '../../../src/protocol.ts';
import { loadModel, traceOf } from '../../support/engine.ts';

const IDS = [5, 17, 42, 90, 3, 60];
const OUTPUT = [0, 7, 21];
const ALL = { order: 'text', from: 0, count: 100 } as const;

const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number => Array.from(a).reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);

/** Fixtures that differ in how scores are made: `cross` looks from the output to the text. */
const kinds: readonly { readonly name: string; readonly part: AttentionPart; readonly query: number; readonly turned?: boolean; readonly visible: number; readonly output?: readonly number[]; readonly softcap?: boolean; readonly biased?: boolean }[] = [
  { name: 'gpt2-basic', part: 'decoder', query: 3, visible: 4 },
  { name: 'gpt2-inverse-layer', part: 'decoder', query: 3, visible: 4 },
  { name: 'llama-basic', part: 'decoder', query: 5, visible: 6, turned: true },
  { name: 'mistral-window', part: 'decoder', query: 5, visible: 4, turned: true },
  { name: 'gemma2-basic', part: 'decoder', query: 4, visible: 5, turned: true, softcap: true },
  { name: 'gpt_neox-parallel', part: 'decoder', query: 4, visible: 5, turned: true },
  { name: 'bert-basic', part: 'encoder', query: 2, visible: 6 },
  { name: 't5-basic', part: 'encoder', query: 2, visible: 6, output: OUTPUT, biased: true },
  { name: 't5-basic', part: 'decoder', query: 1, visible: 2, output: OUTPUT, biased: true },
  { name: 'marian-basic', part: 'cross', query: 2, visible: 6, output: OUTPUT },
];

describe.each(kinds)('a head of $name ($part)', ({ name, part, query, turned = false, visible, output, softcap = false, biased = false }) => {
  it('comes from its vectors to what it hands on', async () => {
    const model = await loadModel(`test/fixtures/${name}`);
    const trace = await traceOf(model, IDS, output ? { output } : {});
    const { heads, keyHeads } = model.attention(part);
    for (const head of [0, heads - 1]) {
      const ask: HeadStepsAsk = { part, layer: 1, head, query, ...ALL };
      const answer = await headSteps(trace, ask);
      expect(answer).toMatchObject({ turned, keys: answer.told.length, keyHead: Math.floor((head * keyHeads) / heads) });
      expect(answer.visible).toBe(name === 'mistral-window' ? Math.min(query + 1, model.window(part, 1) ?? Infinity) : visible);
      expect([answer.softcap !== null, answer.added !== null]).toEqual([softcap, biased]);
      const { width, scale, q, k, v, scores, pattern, z } = answer;
      const weighted = new Float64Array(width);
      for (const key of answer.told.keys()) {
        const product = dot(q, k.subarray(key * width, (key + 1) * width));
        expect(answer.products[key]).toBeCloseTo(product, 4);
        const capped = answer.softcap === null ? product * scale : answer.softcap * Math.tanh((product * scale) / answer.softcap);
        if (scores[key] !== -Infinity) expect(scores[key]).toBeCloseTo(capped + (answer.added?.[key] ?? 0), 4);
        const weight = Math.exp((scores[key] ?? NaN) - answer.largest) / answer.sum;
        expect(pattern[key]).toBeCloseTo(weight, 5);
        for (let i = 0; i < width; i++) weighted[i] = (weighted[i] ?? 0) + weight * (v[key * width + i] ?? NaN);
      }
      for (let i = 0; i < width; i++) expect(z[i]).toBeCloseTo(weighted[i] ?? NaN, 4);
    }
    await model.release();
  });
});

it('adds the learned bias of the distance where a model has one', async () => {
  const model = await loadModel('test/fixtures/t5-basic');
  const trace = await traceOf(model, IDS, { output: OUTPUT });
  const { added } = await headSteps(trace, { part: 'encoder', layer: 0, head: 1, query: 2, ...ALL });
  const { heads } = model.attention('encoder');
  const table = (await model.weights.checkpoint?.rows('encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight', [0, 1, 2])) ?? new Float32Array();
  // A key at the query itself is in the first bucket, those just before it in the next ones.
  expect([2, 1, 0].map((key) => added?.[key]?.toFixed(4))).toEqual([0, 1, 2].map((bucket) => table[bucket * heads + 1]?.toFixed(4)));
  await model.release();
});

it('turns queries by their position, and tells what they were before', async () => {
  const model = await loadModel('test/fixtures/llama-basic');
  const trace = await traceOf(model, IDS);
  const at = async (query: number): ReturnType<typeof headSteps> => headSteps(trace, { part: 'decoder', layer: 0, head: 0, query, ...ALL });
  const [first, later] = [await at(0), await at(3)];
  expect([...(first.q0 ?? [])]).toEqual([...first.q]); // the first position is turned by no angle
  expect([...(later.q0 ?? [])]).not.toEqual([...later.q]);
  expect(Math.sqrt(dot(later.q, later.q))).toBeCloseTo(Math.sqrt(dot(later.q0 ?? [], later.q0 ?? [])), 4);
  await model.release();
});

it('tells a part of the keys, in their order or the one looked at most first', async () => {
  const model = await loadModel('test/fixtures/gpt2-basic');
  const trace = await traceOf(model, IDS);
  const of = { part: 'decoder', layer: 1, head: 0, query: 4 } as const;
  const all = await headSteps(trace, { ...of, ...ALL });
  const some = await headSteps(trace, { ...of, order: 'text', from: 2, count: 2 });
  expect([...some.told]).toEqual([2, 3]);
  expect([...some.pattern]).toEqual([...all.pattern.subarray(2, 4)]);
  expect([...some.k]).toEqual([...all.k.subarray(2 * all.width, 4 * all.width)]);
  expect([some.keys, some.sum]).toEqual([6, all.sum]);
  const strongest = await headSteps(trace, { ...of, order: 'weight', from: 0, count: 6 });
  expect([...strongest.told]).toEqual([...all.told].sort((a, b) => (all.pattern[b] ?? 0) - (all.pattern[a] ?? 0) || a - b));
  expect(strongest.told.at(-1)).toBe(5); // the token after the query is never seen
  await model.release();
});

it('tells what an experiment adds to a score', async () => {
  const model = await loadModel('test/fixtures/gpt2-basic');
  const { heads } = model.attention('decoder');
  const add = floats([1, heads, 6, 6]);
  add.data[4 * 6 + 1] = 1.5; // head 0, query 4, key 1
  const trace = await traceOf(model, IDS, { patches: new Map([['blocks.1.attn.hook_attn_scores.add', add]]) });
  const { added } = await headSteps(trace, { part: 'decoder', layer: 1, head: 0, query: 4, ...ALL });
  expect(added?.[1]).toBeCloseTo(1.5, 4);
  expect(added?.[0]).toBeCloseTo(0, 4);
  await model.release();
});
