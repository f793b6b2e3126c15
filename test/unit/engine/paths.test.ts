/** The paths of a prediction: what goes into each node sums to it, and one edge is what the weights make of it written out plainly. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { remaining } from '../../../src/engine/interventions.ts';
import { patchesOf } from '../../../src/engine/interventionsPatched.ts';
import type { Model } from '../../../src/engine/model.ts';
import { attribution } from '../../../src/engine/probes/attribution.ts';
import { checkpointOf, storedTensor } from '../../../src/engine/probes/attributionWeights.ts';
import { paths } from '../../../src/engine/probes/paths.ts';
import type { Trace } from '../../../src/engine/trace.ts';
import type { Answer, Intervention, PathNode } from '../../../src/protocol.ts';
import { loadModel, root, traceOf } from '../../support/engine.ts';
import { readSafetensors } from '../../support/safetensorsFile.ts';

async function traced(name: string): Promise<{ readonly model: Model; readonly trace: Trace }> {
  const model = await loadModel(`test/fixtures/${name}`);
  const { tensors } = readSafetensors(join(root, 'test/fixtures', name, 'expected.safetensors'));
  return { model, trace: await traceOf(model, [...(tensors.get('input_ids')?.data ?? [])]) };
}

/** The run with experiments, and which tokens are in it. */
async function withOff(model: Model, plain: Trace, interventions: readonly Intervention[]): Promise<{ readonly trace: Trace; readonly kept: readonly number[] }> {
  const ids = plain.ids('text');
  const { kept, inside } = remaining(model, ids.length, interventions);
  const text = kept.map((token) => ids[token] ?? NaN);
  const same = await traceOf(model, text);
  return { trace: await traceOf(model, text, { patches: await patchesOf(model, inside, { text: text.length, output: 0 }, same) }), kept };
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
    if (node.part === 'head' || node.part === 'logit') expect(Math.abs(node.value - sum(into(answer, index)) - node.rest.hiddenValue - node.rest.biases - node.rest.means), JSON.stringify(node)).toBeLessThan(1e-3);
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

const OFF: Readonly<Record<string, readonly Intervention[]>> = {
  'a head by zero': [{ kind: 'head', part: 'decoder', layer: 1, head: 1, by: 'zero' }],
  'a head by its mean, and one by zero below it': [{ kind: 'head', part: 'decoder', layer: 1, head: 2, by: 'mean' }, { kind: 'head', part: 'decoder', layer: 0, head: 0, by: 'zero' }],
  'the attention of a layer by zero': [{ kind: 'attention', part: 'decoder', layer: 0, by: 'zero' }],
  'the attention of a layer by its mean, and a head of it': [{ kind: 'attention', part: 'decoder', layer: 1, by: 'mean' }, { kind: 'head', part: 'decoder', layer: 1, head: 0, by: 'mean' }],
  'feed-forward parts, one by zero and one by its mean': [{ kind: 'feedForward', part: 'decoder', layer: 0, by: 'zero' }, { kind: 'feedForward', part: 'decoder', layer: 1, by: 'mean' }],
  'neurons': [{ kind: 'neuron', part: 'decoder', layer: 0, index: 3, by: 'zero' }, { kind: 'neuron', part: 'decoder', layer: 1, index: 5, by: 'mean' }],
  'links, with the rest growing and not': [{ kind: 'link', part: 'decoder', layer: 1, heads: [0, 1], query: position, key: 2, renormalise: true }, { kind: 'link', part: 'decoder', layer: 1, heads: [2], query: position, key: 1, renormalise: false }],
  'two tokens left out': [{ kind: 'token', token: 1 }, { kind: 'token', token: 3 }],
  'a token, a head, a part and a link': [{ kind: 'token', token: 2 }, { kind: 'head', part: 'decoder', layer: 0, head: 1, by: 'mean' }, { kind: 'feedForward', part: 'decoder', layer: 1, by: 'mean' }, { kind: 'link', part: 'decoder', layer: 1, heads: [3], query: position, key: 4, renormalise: true }],
};
const POSITIONS: Readonly<Record<string, readonly Intervention[]>> = {
  'the positions by zero': [{ kind: 'positions', by: 'zero' }],
  'the positions by their mean, and a head': [{ kind: 'positions', by: 'mean' }, { kind: 'head', part: 'decoder', layer: 0, head: 2, by: 'zero' }],
};

/** What an experiment names, as a node. */
function isOff(node: PathNode, interventions: readonly Intervention[]): boolean {
  return interventions.some((one) => {
    if (one.kind === 'positions') return node.part === 'position';
    if (one.kind === 'head') return node.part === 'head' && node.layer === one.layer && node.head === one.head;
    if (one.kind === 'attention') return node.part === 'head' && node.layer === one.layer;
    return one.kind === 'feedForward' && node.part === 'feedForward' && node.layer === one.layer;
  });
}

describe.each(['gpt2-basic', 'llama-biases', 'gemma2-biases', 'gpt_neox-parallel'])('the paths in %s with experiments', (name) => {
  const experiments = { ...OFF, ...(name === 'gpt2-basic' ? POSITIONS : {}) };

  it.each(Object.entries(experiments))('lead to the sums of that run with %s off, which is no node', async (_, interventions) => {
    const { model, trace: plain } = await traced(name);
    const { trace, kept } = await withOff(model, plain, interventions);
    const at = kept.indexOf(position);
    const about = { position: at, id, rival };
    const answer = await paths(trace, { ...about, least: 0 });
    expect(answer.cut).toBe(false);
    const logits = await trace.logits([at]);
    if (name !== 'gemma2-biases') expect(answer.logit).toBeCloseTo((logits.data[id] ?? NaN) - (logits.data[rival] ?? NaN), 4);
    const without = await paths(plain, { position, id, rival, least: 0 });
    expect(Math.abs(answer.logit - without.logit)).toBeGreaterThan(1e-6);
    expectSums(answer);
    expectSums(await paths(trace, { ...about, least: 0.04 }));
    expect(answer.nodes.filter((node) => isOff(node, interventions))).toEqual([]);
    expect(answer.nodes.every((node) => node.token <= at)).toBe(true);
    const hasMeans = interventions.some((one) => one.kind !== 'neuron' && 'by' in one && one.by === 'mean');
    expect(answer.nodes.some((node) => 'rest' in node && node.rest.means !== 0)).toBe(hasMeans);
    expect(without.nodes.every((node) => !('rest' in node) || node.rest.means === 0)).toBe(true);
    // The shares of the attribution are those of the same run.
    const shares = await attribution(trace, about);
    expect(Math.abs(shares.remainder)).toBeLessThan(1e-3);
    const direct = sum(shares.shares.flatMap((share) => (share.part === 'head' || share.part === 'feedForward' || share.part === 'embedding' || share.part === 'position' ? [share.value] : [])));
    expect(sum(into(answer, 0))).toBeCloseTo(direct, 4);
    await model.release();
  });

  it('have no link that is cut', async () => {
    const { model, trace: plain } = await traced(name);
    const { heads } = model.network.dimensions;
    const alone = (node: PathNode | undefined): boolean => node?.part === 'head' && node.layer === 1 && node.token === position;
    const between = ({ nodes, edges }: Answer<'paths'>): number => edges.filter(({ from, to }) => alone(nodes[to]) && nodes[from]?.token === 2).length;
    expect(between(await paths(plain, { position, id, least: 0 }))).toBeGreaterThan(0);
    for (const renormalise of [true, false]) {
      const { trace } = await withOff(model, plain, [{ kind: 'link', part: 'decoder', layer: 1, heads: [...Array(heads).keys()], query: position, key: 2, renormalise }]);
      expect(between(await paths(trace, { position, id, least: 0 }))).toBe(0);
    }
    await model.release();
  });
});

it('are not told of a model whose parts do not stay as they were added', async () => {
  const encoder = await loadModel('test/fixtures/bert-basic');
  await expect(paths(await traceOf(encoder, [5, 17, 42]), { position: 0, id: 7, least: 0.1 })).rejects.toMatchObject({ problem: { code: 'model.noPaths' } });
  await encoder.release();
});
