/** The logit lens against the model's own head in transformers (test/goldens/make_lens_goldens.py), and at its last layer against the model itself. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Model } from '../../../src/engine/model.ts';
import { lens } from '../../../src/engine/probes/lens.ts';
import { floats } from '../../../src/engine/tensor.ts';
import type { Trace } from '../../../src/engine/trace.ts';
import { loadModel, root, traceOf } from '../../support/engine.ts';
import { readSafetensors, type ReadTensor } from '../../support/safetensorsFile.ts';

const fixture = (path: string): ReadonlyMap<string, ReadTensor> => readSafetensors(join(root, 'test/fixtures', path)).tensors;

async function traced(name: string): Promise<{ readonly model: Model; readonly trace: Trace }> {
  const given = fixture(`${name}/expected.safetensors`);
  const output = given.get('decoder_input_ids');
  const model = await loadModel(`test/fixtures/${name}`);
  return { model, trace: await traceOf(model, [...(given.get('input_ids')?.data ?? [])], output ? { output: [...output.data] } : {}) };
}

const translators = ['marian-basic', 'marian-untied', 'bart-basic', 'mbart-basic', 'pegasus-basic', 't5-basic', 't5-gated', 'mt5-basic'];
const halves = translators.flatMap((name) => [{ name, part: 'encoder' } as const, { name, part: 'decoder' } as const]);

describe.each([{ name: 'gpt2-basic' }, { name: 'llama-basic' }, { name: 'bert-basic' }, ...halves])('the lens on $name $part', ({ name, ...half }) => {
  const { shape, data } = fixture(`lens-${name}.safetensors`).get('part' in half && half.part === 'encoder' ? 'encoder' : 'lens') ?? { shape: [], data: new Float32Array() };
  const [rows = 0, positions = 0, vocabulary = 0] = shape;
  const expected = (row: number, position: number): number[] => [...data.subarray((row * positions + position) * vocabulary, (row * positions + position + 1) * vocabulary)];

  it('gives the probabilities that transformers gives at every layer and position', async () => {
    const { model, trace } = await traced(name);
    const all = Array.from({ length: positions }, (_, position) => position);
    const answer = await lens(trace, { ...half, positions: all, top: vocabulary });
    expect(answer.layers).toEqual(Array.from({ length: rows }, (_, row) => row - 1));
    for (let row = 0; row < rows; row++) {
      for (const position of all) {
        const cell = answer.top[row * positions + position] ?? [];
        const p = expected(row, position);
        expect(cell).toHaveLength(vocabulary);
        for (const { id, logProbability } of cell) expect(Math.abs(Math.exp(logProbability) - (p[id] ?? NaN))).toBeLessThan(1e-4);
        const last = expected(rows - 1, position);
        const divergence = last.reduce((sum, value, id) => sum + value * Math.log2(value / (p[id] ?? NaN)), 0);
        expect(answer.divergence[row * positions + position]).toBeCloseTo(divergence, 3);
      }
    }
    await model.release();
  });

  it('follows a chosen token over the layers of the asked positions', async () => {
    const { model, trace } = await traced(name);
    const [asked, id] = [[5, 2], 42] as const;
    const { followed, top } = await lens(trace, { ...half, positions: asked, top: 1, id });
    expect(followed?.id).toBe(id);
    for (let row = 0; row < rows; row++) {
      for (const [column, position] of asked.entries()) {
        const p = expected(row, position);
        const cell = row * asked.length + column;
        expect(Math.exp(followed?.logProbability[cell] ?? NaN)).toBeCloseTo(p[id] ?? NaN, 4);
        expect(followed?.rank[cell]).toBe(p.filter((value) => value > (p[id] ?? NaN)).length + 1);
        expect(top[cell]).toMatchObject([{ id: p.indexOf(Math.max(...p)), rank: 1 }]);
      }
    }
    await model.release();
  });
});

describe('the last layer', () => {
  it.each(['gemma2-basic', 'gpt_neox-parallel', 'phi-basic', 'roberta-basic', 't5-gated', 'pegasus-basic', 'bart-scaled', 'lstm-wide', 'gru-untied'])('of %s is what the model predicts', async (name) => {
    const { model, trace } = await traced(name);
    const [position, top] = [6, 5];
    const { layers, top: cells, divergence } = await lens(trace, { positions: [position], top });
    const logits = [...(await trace.logits([position])).data];
    const likeliest = [...logits.keys()].sort((a, b) => (logits[b] ?? 0) - (logits[a] ?? 0)).slice(0, top);
    expect(cells.at(-1)).toMatchObject(likeliest.map((id) => ({ id })));
    for (const { id, logit } of cells.at(-1) ?? []) expect(logit).toBeCloseTo(logits[id] ?? NaN, 4);
    expect(divergence.at(-1)).toBe(0);
    // Layers of a recurrent network have no stream in common.
    const { layers: count, kind } = model.info;
    expect(layers).toEqual(kind === 'recurrent' ? [count - 1] : Array.from({ length: count + 1 }, (_, row) => row - 1));
    await model.release();
  });
});

describe('the encoder’s half', () => {
  it('tells what an intervention in the encoder changes, from its layer on', async () => {
    for (const name of ['marian-basic', 't5-basic']) {
      const { model, trace } = await traced(name);
      const off = await traceOf(model, trace.ids('text'), { output: trace.ids('output'), patches: new Map([['encoder.1.hook_mlp_out.scale', floats([1, 1, 1], Float32Array.of(0))]]) });
      const read = (of: Trace) => lens(of, { part: 'encoder', positions: [3], top: 1, id: 42 });
      const [before, after] = [(await read(trace)).followed, (await read(off)).followed];
      for (const row of [0, 1]) expect(after?.logProbability[row]).toBeCloseTo(before?.logProbability[row] ?? NaN, 5);
      expect(Math.abs((after?.logProbability[2] ?? NaN) - (before?.logProbability[2] ?? NaN))).toBeGreaterThan(1e-3);
      await model.release();
    }
  });

  it('leaves the predictions of the decoder as they are', async () => {
    for (const name of ['pegasus-basic', 't5-basic']) {
      const { model, trace } = await traced(name);
      const before = [...(await trace.logits([6])).data];
      await lens(trace, { part: 'encoder', positions: [0, 1], top: 1 });
      expect([...(await trace.logits([6])).data]).toEqual(before);
      await model.release();
    }
  });

  it('is not read where the encoder has a vocabulary of its own', async () => {
    const { model, trace } = await traced('marian-separate');
    await expect(lens(trace, { part: 'encoder', positions: [0], top: 1 })).rejects.toMatchObject({ problem: { code: 'model.separate', facts: { name: 'test/fixtures/marian-separate' } } });
    expect((await lens(trace, { part: 'decoder', positions: [0], top: 1 })).layers).toEqual([-1, 0, 1]);
    await model.release();
  });
});

it('reads 8-bit weights with the head as it is held', async () => {
  const model = await loadModel('test/fixtures/gpt2-basic', '8-bit');
  const trace = await traceOf(model, [5, 17, 42, 90]);
  const { top } = await lens(trace, { positions: [3], top: 1 });
  const logits = [...(await trace.logits([3])).data];
  expect(top.at(-1)?.[0]?.logit).toBeCloseTo(Math.max(...logits), 5);
  await model.release();
});

it('ends when the run is released while it goes', async () => {
  const { model, trace } = await traced('gpt2-basic');
  const answer = lens(trace, { positions: Array.from({ length: 17 }, (_, i) => i), top: 1 });
  setImmediate(() => {
    trace.release();
  });
  await expect(answer).rejects.toMatchObject({ problem: { code: 'run.cancelled' } });
  await model.release();
});

it('has nothing to look through in an encoder without a head', async () => {
  const model = await loadModel('test/fixtures/bert-bare');
  const trace = await traceOf(model, [5, 17, 42]);
  await expect(lens(trace, { positions: [0], top: 1 })).rejects.toMatchObject({ problem: { code: 'model.predictsNothing' } });
  await model.release();
});
