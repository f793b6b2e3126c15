/** The paths of a prediction: what goes into each node sums to it, and one edge is what the weights make of it written out plainly. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Model } from '../../../src/engine/model.ts';
import { attribution } from '../../../src/engine/probes/attribution.ts';
import { checkpointOf, storedTensor } from '../../../src/engine/probes/attributionWeights.ts';
import { paths } from '../../../src/engine/probes/paths.ts';
import { floats } from '../../../src/engine/tensor.ts';
import type { Trace } from '../../../src/engine/trace.ts';
import type { Answer, PathNode } from '../../../src/protocol.ts';
import { loadModel, root, traceOf } from '../../support/engine.ts';
import { readSafetensors } from '../../support/safetensorsFile.ts';

async function traced(name: string): Promise<{ readonly model: Model; readonly trace: Trace }> {
  const model = await loadModel(`test/fixtures/${name}`);
  const { tensors } = readSafetensors(join(root, 'test/fixtures', name, 'expected.safetensors'));
  return { model, trace: await traceOf(model, [...(tensors.get('input_ids')?.data ?? [])]) };
}

const [position, id, rival] = [6, 11, 3];
const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);
const into = ({ edges }: Answer<'paths'>, node: number): number[] => edges.filter(({ to }) => to === node).map(({ value }) => value);
const outOf = ({ edges }: Answer<'paths'>, node: number): number[] => edges.filter(({ from }) => from === node).map(({ value }) => value);
const layerOf = (node: PathNode | undefined): number => (node && 'layer' in node ? node.layer : -1);

/** What goes into each node, what is hidden and what biases add is the node. */
function expectSums(answer: Answer<'paths'>): void {
  for (const [index, node] of answer.nodes.entries()) {
    if (index > 0) expect(node.value).toBeCloseTo(sum(outOf(answer, index)), 6);
    if (node.part === 'head' || node.part === 'logit') expect(Math.abs(node.value - sum(into(answer, index)) - node.rest.hiddenValue - node.rest.biases), JSON.stringify(node)).toBeLessThan(1e-3);
  }
}

const DECODERS = ['gpt2-basic', 'gpt2-untied', 'llama-basic', 'llama-biases', 'llama-one-key', 'mistral-window', 'qwen2-basic', 'qwen3-basic', 'gpt_neox-parallel', 'gpt_neox-sequential', 'gpt_neox-odd', 'phi-basic', 'phi-grouped', 'gemma-basic', 'gemma2-basic', 'gemma2-biases', 'gemma3_text-basic'];

describe.each(DECODERS)('the paths in %s', (name) => {
  it('lead what goes into each node to its sum, whole and with a threshold', async () => {
    const { model, trace } = await traced(name);
    const whole = await paths(trace, { position, id, rival, least: 0 });
    expect(whole.cut).toBe(false);
    expect(whole.nodes.filter(({ part }) => part === 'embedding').length).toBeGreaterThan(1);
    expect(whole.nodes.every((node) => !('rest' in node) || node.rest.hidden === 0)).toBe(true);
    expectSums(whole);
    const some = await paths(trace, { position, id, rival, least: 0.04 });
    expect(some.nodes.length).toBeGreaterThan(1);
    expect(some.nodes.length).toBeLessThan(whole.nodes.length);
    expect(some.edges.every(({ value }) => Math.abs(value) >= some.least)).toBe(true);
    expectSums(some);
    await model.release();
  });

  it('begin with the shares of the attribution, and go down the layers and back in the text only', async () => {
    const { model, trace } = await traced(name);
    const answer = await paths(trace, { position, id, least: 0 });
    const { shares, logit } = await attribution(trace, { position, id });
    expect(answer.logit).toBe(logit);
    for (const share of shares) {
      const at = answer.nodes.findIndex((node) => node.part === share.part && node.token === position && layerOf(node) === ('layer' in share ? share.layer : -1) && (!('head' in share) || ('head' in node && node.head === share.head)));
      if (share.part === 'attentionBias' || share.part === 'normBias' || share.part === 'unembeddingBias') continue;
      const edge = answer.edges.find(({ from, to }) => from === at && to === 0);
      expect(edge?.value ?? 0, JSON.stringify(share)).toBeCloseTo(share.value, 4);
    }
    for (const { from, to } of answer.edges) {
      const [lower, upper] = [answer.nodes[from], answer.nodes[to]];
      expect(to === 0 || layerOf(lower) < layerOf(upper)).toBe(true);
      expect((lower?.token ?? NaN) <= (upper?.token ?? NaN)).toBe(true);
    }
    await model.release();
  });
});

/** `[rows, columns]` times a vector of its rows. */
const times = (vector: ArrayLike<number>, matrix: Float32Array, columns: number, first = 0): number[] =>
  Array.from({ length: columns }, (_, column) => sum(Array.from(vector, (value, row) => value * (matrix[(first + row) * columns + column] ?? 0))));

const centred = (values: readonly number[]): number[] => values.map((value) => value - sum(values) / values.length);

it('have an edge from head to head that is what the weights make of it', async () => {
  const { model, trace } = await traced('gpt2-basic');
  const { heads, headWidth: D, width: E, layers } = model.network.dimensions;
  const [upper, lower, top, bottom, token] = [layers - 1, 0, 1, 2, 3];
  const checkpoint = checkpointOf(trace);
  const stored = (tensor: string): Promise<Float32Array> => storedTensor(checkpoint, [tensor, `transformer.${tensor}`].find((known) => checkpoint.has(known)) ?? tensor);
  const at = async (hook: string, row: number, size: number): Promise<Float32Array> => (await trace.get(hook)).data.subarray(row * size, (row + 1) * size);
  const scale = async (norm: string, row: number): Promise<number> => (await trace.get(`${norm}.hook_scale`)).data[row] ?? NaN;

  // What the lower head adds to the residual stream at the token: z · W_O.
  const z = await at(`blocks.${lower}.attn.hook_z`, token, heads * D);
  const added = times(z.subarray(bottom * D, (bottom + 1) * D), await stored(`h.${lower}.attn.c_proj.weight`), E, bottom * D);
  // Through the norm of the upper layer as it was, its values, its pattern, and its own W_O.
  const normWeight = await stored(`h.${upper}.ln_1.weight`);
  const ofNorm = await scale(`blocks.${upper}.ln1`, token);
  const normed = centred(added).map((value, i) => (value * (normWeight[i] ?? 0)) / ofNorm);
  const values = times(normed, await stored(`h.${upper}.attn.c_attn.weight`), 3 * E).slice(2 * E + top * D, 2 * E + (top + 1) * D);
  const pattern = await trace.pattern('decoder', upper);
  const keys = pattern.shape[3] ?? 0;
  const weight = pattern.data[(top * keys + position) * keys + token] ?? 0;
  const moved = times(values.map((value) => value * weight), await stored(`h.${upper}.attn.c_proj.weight`), E, top * D);
  // Through the last norm as it was, to the logit.
  const lastWeight = await stored('ln_f.weight');
  const ofLast = await scale('ln_final', position);
  const row = (await stored('wte.weight')).subarray(id * E, (id + 1) * E);
  const expected = sum(centred(moved).map((value, i) => ((value * (lastWeight[i] ?? 0)) / ofLast) * (row[i] ?? 0)));

  const { nodes, edges } = await paths(trace, { position, id, least: 0 });
  const nodeOf = (layer: number, head: number, of: number): number => nodes.findIndex((node) => node.part === 'head' && node.layer === layer && node.head === head && node.token === of);
  const edge = edges.find(({ from, to }) => from === nodeOf(lower, bottom, token) && to === nodeOf(upper, top, position));
  expect(edge?.value ?? NaN).toBeCloseTo(expected, 6);
  expect(Math.abs(expected)).toBeGreaterThan(1e-7);
  await model.release();
});

it('are not told of a run with interventions, nor of a model whose parts do not stay as they were added', async () => {
  const model = await loadModel('test/fixtures/gpt2-basic');
  const patched = await traceOf(model, [5, 17, 42], { patches: new Map([['blocks.1.attn.hook_z.scale', floats([1, 1, 4, 1], Float32Array.of(1, 0, 1, 1))]]) });
  await expect(paths(patched, { position: 2, id: 7, least: 0.1 })).rejects.toMatchObject({ problem: { code: 'intervention.twice' } });
  await model.release();
  const encoder = await loadModel('test/fixtures/bert-basic');
  await expect(paths(await traceOf(encoder, [5, 17, 42]), { position: 0, id: 7, least: 0.1 })).rejects.toMatchObject({ problem: { code: 'model.noPaths' } });
  await encoder.release();
});
