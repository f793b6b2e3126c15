/** Direct logit attribution against hooks in transformers (test/goldens/make_lens_goldens.py); the shares of every family add up to the logit. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { patchesOf } from '../../../src/engine/interventionsPatched.ts';
import type { Model } from '../../../src/engine/model.ts';
import { attribution, attributionSources } from '../../../src/engine/probes/attribution.ts';
import { floats } from '../../../src/engine/tensor.ts';
import type { Trace } from '../../../src/engine/trace.ts';
import type { LogitShare } from '../../../src/protocol.ts';
import { loadModel, root, traceOf } from '../../support/engine.ts';
import { readSafetensors, type ReadTensor } from '../../support/safetensorsFile.ts';

const fixture = (path: string): ReadonlyMap<string, ReadTensor> => readSafetensors(join(root, 'test/fixtures', path)).tensors;
const sumOf = (shares: readonly LogitShare[]): number => shares.reduce((sum, { value }) => sum + value, 0);

async function traced(name: string): Promise<{ readonly model: Model; readonly trace: Trace }> {
  const model = await loadModel(`test/fixtures/${name}`);
  return { model, trace: await traceOf(model, [...(fixture(`${name}/expected.safetensors`).get('input_ids')?.data ?? [])]) };
}

describe.each(['gpt2-basic', 'llama-basic'])('the attribution in %s', (name) => {
  const expected = fixture(`lens-${name}.safetensors`);
  const valuesOf = (tensor: string): number[] => [...(expected.get(tensor)?.data ?? [])];
  const [position = 0, id = 0, rival = 0] = valuesOf('target');

  it('gives each part the share that it has by transformers', async () => {
    const { model, trace } = await traced(name);
    const { logit, shares, remainder } = await attribution(trace, { position, id, rival });
    const found = (part: LogitShare['part']): number[] => shares.filter((share) => share.part === part).map(({ value }) => value);
    const tensors = { embedding: 'embedding', position: 'position', head: 'heads', attentionBias: 'attention_bias', feedForward: 'feed_forward', normBias: 'norm_bias', unembeddingBias: 'unembedding_bias' } as const;
    for (const part of ['embedding', 'position', 'head', 'attentionBias', 'feedForward', 'normBias', 'unembeddingBias'] as const) {
      const wanted = valuesOf(tensors[part]);
      expect(found(part), part).toHaveLength(wanted.length);
      for (const [i, value] of wanted.entries()) expect(Math.abs((found(part)[i] ?? NaN) - value), part).toBeLessThan(1e-4);
    }
    expect(logit).toBeCloseTo(valuesOf('logit')[0] ?? NaN, 4);
    expect(Math.abs(remainder)).toBeLessThan(1e-4);
    await model.release();
  });

  it('gives a head’s share by the tokens it looked at', async () => {
    const { model, trace } = await traced(name);
    const { shape, data } = expected.get('sources') ?? { shape: [], data: new Float32Array() };
    const [layers = 0, heads = 0, tokens = 0] = shape;
    for (let layer = 0; layer < layers; layer++) {
      for (let head = 0; head < heads; head++) {
        const answer = await attributionSources(trace, { position, id, rival, layer, head });
        expect(answer.shares).toHaveLength(tokens);
        for (const [token, share] of answer.shares.entries()) expect(Math.abs(share - (data[(layer * heads + head) * tokens + token] ?? NaN))).toBeLessThan(1e-4);
        expect(answer.value).toBeCloseTo(valuesOf('heads')[layer * heads + head] ?? NaN, 4);
        expect(Math.abs(answer.remainder)).toBeLessThan(1e-4);
      }
    }
    await model.release();
  });
});

const DECODERS = ['gpt2-unscaled', 'gpt2-untied', 'gpt2-f16', 'llama-biases', 'llama-one-key', 'mistral-window', 'qwen3-biases', 'gpt_neox-parallel', 'gpt_neox-sequential', 'gpt_neox-odd', 'phi-basic', 'phi-grouped', 'gemma-basic', 'gemma2-basic', 'gemma2-biases', 'gemma3_text-basic'];

describe.each(DECODERS)('the shares in %s', (name) => {
  it('add up to the logit and to its difference from a rival’s', async () => {
    const { model, trace } = await traced(name);
    const [position, id, rival] = [9, 11, 3];
    const alone = await attribution(trace, { position, id });
    const logits = (await trace.logits([position])).data;
    const bound = name === 'gemma2-basic' ? 5 : null; // final_logit_softcapping of its config.json
    const read = (token: number): number => (bound === null ? (logits[token] ?? NaN) : bound * Math.atanh((logits[token] ?? NaN) / bound));
    expect(alone.target).toMatchObject({ id, logit: logits[id] });
    expect(alone.logit).toBeCloseTo(read(id), 5);
    expect(Math.abs(sumOf(alone.shares) - read(id))).toBeLessThan(1e-3);
    expect(alone.remainder).toBeCloseTo(alone.logit - sumOf(alone.shares), 6);
    const against = await attribution(trace, { position, id, rival });
    expect(against.rival).toMatchObject({ id: rival });
    expect(Math.abs(sumOf(against.shares) - (read(id) - read(rival)))).toBeLessThan(1e-3);
    const other = await attribution(trace, { position, id: rival });
    for (const [i, { value }] of against.shares.entries()) expect(value).toBeCloseTo((alone.shares[i]?.value ?? NaN) - (other.shares[i]?.value ?? NaN), 4);
    const { layers, heads } = model.info;
    for (const [layer, head] of [[0, 0], [layers - 1, heads - 1]] as const) {
      const { value, shares, remainder } = await attributionSources(trace, { position, id, layer, head });
      expect(value).toBeCloseTo(alone.shares.find((share) => share.part === 'head' && share.layer === layer && share.head === head)?.value ?? NaN, 5);
      expect(Math.abs(remainder)).toBeLessThan(1e-4);
      expect([...shares.slice(position + 1)].every((share) => share === 0)).toBe(true);
    }
    await model.release();
  });
});

it('of a run with a head switched off gives that head nothing, and still adds up', async () => {
  const model = await loadModel('test/fixtures/gpt2-basic');
  const scale = floats([1, 1, 4, 1], Float32Array.of(1, 0, 1, 1));
  const trace = await traceOf(model, [5, 17, 42, 90, 3], { patches: new Map([['blocks.1.attn.hook_z.scale', scale]]) });
  const { shares, remainder } = await attribution(trace, { position: 4, id: 7 });
  expect(shares.find((share) => share.part === 'head' && share.layer === 1 && share.head === 1)?.value).toBe(0);
  expect(Math.abs(remainder)).toBeLessThan(1e-3);
  await model.release();
});

it.each([
  { what: 'a head', off: { kind: 'head', part: 'decoder', layer: 1, head: 1, by: 'mean' } },
  { what: 'the attention of its layer', off: { kind: 'attention', part: 'decoder', layer: 1, by: 'mean' } },
  { what: 'the attention of its layer, by zero', off: { kind: 'attention', part: 'decoder', layer: 1, by: 'zero' } },
] as const)('of a head in a run with $what off has nothing from any token, and the mean in its place a share of its own', async ({ off }) => {
  const model = await loadModel('test/fixtures/gpt2-basic');
  const ids = [5, 17, 42, 90, 3];
  const plain = await traceOf(model, ids);
  const trace = await traceOf(model, ids, { patches: await patchesOf(model, [off], { text: ids.length, output: 0 }, plain) });
  const { shares, remainder } = await attribution(trace, { position: 4, id: 7 });
  expect(shares.find((share) => share.part === 'head' && share.layer === 1 && share.head === 1)?.value).toBe(0);
  const means = shares.filter((share) => share.part === 'layerMean');
  expect(means.map((share) => share.value !== 0)).toEqual(off.by === 'mean' ? [true] : []);
  expect(Math.abs(remainder)).toBeLessThan(1e-3);
  const sources = await attributionSources(trace, { position: 4, id: 7, layer: 1, head: 1 });
  expect(sources.value).toBe(0);
  expect([...sources.shares].every((share) => share === 0)).toBe(true);
  const other = await attributionSources(trace, { position: 4, id: 7, layer: 1, head: 2 });
  expect(Math.abs(other.remainder)).toBeLessThan(1e-4);
  expect(other.value !== 0).toBe(off.kind === 'head');
  await model.release();
});

it('states what 8-bit weights differ as the remainder', async () => {
  const model = await loadModel('test/fixtures/gpt2-basic', '8-bit');
  const trace = await traceOf(model, [5, 17, 42, 90, 3]);
  const { shares, logit, remainder } = await attribution(trace, { position: 4, id: 7 });
  expect(sumOf(shares) + remainder).toBeCloseTo(logit, 5);
  expect(logit).toBe((await trace.logits([4])).data[7]);
  await model.release();
});

it.each(['bert-basic', 't5-basic', 'gru-basic'])('is refused for %s, whose parts do not stay as they were added', async (name) => {
  const model = await loadModel(`test/fixtures/${name}`);
  const trace = await traceOf(model, [5, 17, 42], name === 't5-basic' ? { output: [0] } : {});
  await expect(attribution(trace, { position: 0, id: 7 })).rejects.toMatchObject({ problem: { code: 'model.noPaths' } });
  await model.release();
});

it('ends when the run is released while it goes', async () => {
  const { model, trace } = await traced('gpt2-basic');
  const answer = attribution(trace, { position: 4, id: 7 });
  setImmediate(() => {
    trace.release();
  });
  await expect(answer).rejects.toMatchObject({ problem: { code: 'run.cancelled' } });
  await model.release();
});
