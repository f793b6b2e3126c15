/** Embeddings on a plane, positions, and a token's way: against the checkpoint and the run written out. */
import { describe, expect, it } from 'vitest';
import { principalPlane } from '../../../src/engine/principal.ts';
import { positions } from '../../../src/engine/probes/positions.ts';
import { projection } from '../../../src/engine/probes/projection.ts';
import { way } from '../../../src/engine/probes/way.ts';
import type { AttentionPart, PositionsAnswer } from '../../../src/protocol.ts';
import { loadModel, traceOf } from '../../support/engine.ts';

const IDS = [5, 17, 42, 17, 3, 60];
const OUTPUT = [0, 7, 21];

const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number => Array.from(a).reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
const length = (a: ArrayLike<number>): number => Math.sqrt(dot(a, a));

describe('the principal plane', () => {
  it('holds the two widest of known directions, each with its share', async () => {
    // Along three axes that are at right angles, ±3, ±2 and ±1 from a mean of (10, 20, 30).
    const axes = [[2 / 3, 2 / 3, 1 / 3], [-2 / 3, 1 / 3, 2 / 3], [1 / 3, -2 / 3, 2 / 3]];
    const offsets = [3, 2, 1].flatMap((reach, axis) => [1, -1].map((sign) => (axes[axis] ?? []).map((part) => sign * reach * part)));
    const { x, y, variance } = await principalPlane(Float32Array.from(offsets.flatMap((offset) => offset.map((part, i) => part + ([10, 20, 30][i] ?? NaN)))), 6);
    expect(variance[0]).toBeCloseTo(9 / 14, 5);
    expect(variance[1]).toBeCloseTo(4 / 14, 5);
    expect([...x].map(Math.abs).map((value) => value.toFixed(4))).toEqual(['3.0000', '3.0000', '0.0000', '0.0000', '0.0000', '0.0000']);
    expect([...y].map(Math.abs).map((value) => value.toFixed(4))).toEqual(['0.0000', '0.0000', '2.0000', '2.0000', '0.0000', '0.0000']);
  });

  it('of one vector, or of equal ones, is a point', async () => {
    expect(await principalPlane(Float32Array.of(1, 2, 3), 1)).toMatchObject({ variance: [0, 0] });
    expect([...(await principalPlane(Float32Array.of(1, 2, 1, 2), 2)).x]).toEqual([0, 0]);
  });

  it('of two vectors is a line', async () => {
    const { x, variance } = await principalPlane(Float32Array.of(0, 0, 3, 4), 2);
    expect(Math.abs((x[0] ?? 0) - (x[1] ?? 0))).toBeCloseTo(5, 6);
    expect(variance[0]).toBeCloseTo(1, 9);
    expect(variance[1]).toBeCloseTo(0, 9);
  });
});

describe.each([['gpt2-basic', 'transformer.wte.weight'], ['bert-basic', 'bert.embeddings.word_embeddings.weight'], ['t5-gated', 'shared.weight']])('embeddings of %s', (name, matrix) => {
  it('have the most variance that a plane can hold', async () => {
    const model = await loadModel(`test/fixtures/${name}`);
    const trace = await traceOf(model, IDS, name === 't5-gated' ? { output: OUTPUT } : {});
    const { points, variance, width } = await projection(trace, { id: 42, neighbours: 4 });
    expect(points.slice(0, 5).map(({ id, inText }) => [id, inText])).toEqual([5, 17, 42, 3, 60].map((id) => [id, true]));
    expect(points.slice(5).every(({ inText, cosine }) => !inText && cosine !== null && cosine < 1)).toBe(true);
    expect(points[2]?.cosine).toBeCloseTo(1, 5);
    const flat = (await model.weights.checkpoint?.rows(matrix, points.map(({ id }) => id))) ?? new Float32Array();
    const rows = points.map((_, i) => [...flat.subarray(i * width, (i + 1) * width)]);
    const mean = (rows[0] ?? []).map((_, c) => rows.reduce((sum, row) => sum + (row[c] ?? NaN), 0) / rows.length);
    const centred = rows.map((row) => row.map((value, c) => value - (mean[c] ?? NaN)));
    const total = centred.reduce((sum, row) => sum + dot(row, row), 0);
    const [x, y] = [points.map((point) => point.x), points.map((point) => point.y)];
    expect(dot(x, x) / total).toBeCloseTo(variance[0], 5);
    expect(dot(y, y) / total).toBeCloseTo(variance[1], 5);
    expect(dot(x, y)).toBeCloseTo(0, 5);
    // Each coordinate is an eigenvector of the products of all pairs, and no third direction is wider: what is left has less than the second.
    const gram = centred.map((a) => centred.map((b) => dot(a, b)));
    for (const [axis, share] of [[x, variance[0]], [y, variance[1]]] as const) for (const [i, row] of gram.entries()) expect(dot(row, axis)).toBeCloseTo(share * total * (axis[i] ?? NaN), 4);
    let rest = points.map((_, i) => Math.sin(i + 1));
    for (let step = 0; step < 500; step++) {
      for (const axis of [x, y]) rest = rest.map((value, i) => value - (dot(rest, axis) / dot(axis, axis)) * (axis[i] ?? NaN));
      rest = gram.map((row) => dot(row, rest));
      rest = rest.map((value) => value / length(rest));
    }
    expect(length(gram.map((row) => dot(row, rest))) / total).toBeLessThanOrEqual(variance[1] + 1e-6);
    await model.release();
  });
});

async function told(name: string, part: AttentionPart, count: number): Promise<PositionsAnswer> {
  const model = await loadModel(`test/fixtures/${name}`);
  const trace = await traceOf(model, IDS, /^(t5|marian|bart|pegasus)/.test(name) ? { output: OUTPUT } : {});
  const answer = await positions(trace, { part, layer: 0, count });
  await model.release();
  return answer;
}

describe('positions', () => {
  it('that are learned are rows of the checkpoint', async () => {
    const answer = await told('gpt2-basic', 'decoder', 4);
    const model = await loadModel('test/fixtures/gpt2-basic');
    const rows = (await model.weights.checkpoint?.rows('transformer.wpe.weight', [0, 1, 2, 3])) ?? new Float32Array();
    if (answer.kind === 'relative') throw new Error('not vectors');
    expect(answer).toMatchObject({ kind: 'learned', count: 4, width: rows.length / 4, frequencies: null });
    for (const [i, value] of rows.entries()) expect(Math.abs(((answer.values[i] ?? NaN) / 1000) * answer.largest - value)).toBeLessThanOrEqual(answer.largest / 1999);
    const [a, b] = [rows.subarray(0, answer.width), rows.subarray(2 * answer.width, 3 * answer.width)];
    expect((answer.similarity[2] ?? NaN) / 1000).toBeCloseTo(dot(a, b) / length(a) / length(b), 2);
    expect([0, 5, 10, 15].map((i) => answer.similarity[i])).toEqual([1000, 1000, 1000, 1000]);
    await model.release();
  });

  it('are as many as the model has, counted from where its first one is', async () => {
    const model = await loadModel('test/fixtures/roberta-basic');
    const answer = await told('roberta-basic', 'encoder', 256);
    if (answer.kind === 'relative') throw new Error('not vectors');
    expect(answer.count).toBe(Math.min(256, model.info.positions));
    const [row = NaN] = (await model.weights.checkpoint?.rows('roberta.embeddings.position_embeddings.weight', [2])) ?? [];
    expect(Math.abs(((answer.values[0] ?? NaN) / 1000) * answer.largest - row)).toBeLessThanOrEqual(answer.largest / 1999);
    await model.release();
  });

  it.each([['marian-basic', 'encoder'], ['marian-basic', 'decoder'], ['pegasus-basic', 'encoder'], ['distilbert-sinusoidal', 'encoder']] as const)('of %s (%s) are sinusoids, stored or not', async (name, part) => {
    const answer = await told(name, part, 8);
    if (answer.kind === 'relative') throw new Error('not vectors');
    expect(answer.kind).toBe('sinusoidal');
    // Each pair of sine and cosine has length 1, so each vector has the same length, and the first position is zeros and ones.
    const first = [...answer.values.subarray(0, answer.width)].map((value) => Math.abs(Math.round((value / 1000) * answer.largest)));
    expect(first.filter((value) => value === 1)).toHaveLength(Math.floor(answer.width / 2));
    expect(first.filter((value) => value === 0)).toHaveLength(Math.ceil(answer.width / 2));
  });

  it('of reader are sinusoids times a factor', async () => {
    const model = await loadModel('models/reader');
    const answer = await positions(await traceOf(model, IDS), { part: 'encoder', layer: 0, count: 16 });
    expect(answer.kind).toBe('sinusoidal');
    expect(answer.largest).toBeLessThan(0.5);
    await model.release();
  });

  it('that are rotary are angles, which grow by as much with each position', async () => {
    const answer = await told('llama-basic', 'decoder', 6);
    if (answer.kind === 'relative') throw new Error('not vectors');
    expect(answer.kind).toBe('rotary');
    const pairs = answer.width / 2;
    expect(answer.frequencies).toHaveLength(pairs);
    for (let position = 0; position < 6; position++) {
      for (let pair = 0; pair < pairs; pair++) {
        const angle = position * (answer.frequencies?.[pair] ?? NaN);
        expect(((answer.values[position * answer.width + pair] ?? NaN) / 1000) * answer.largest).toBeCloseTo(Math.cos(angle), 2);
        expect(((answer.values[position * answer.width + pairs + pair] ?? NaN) / 1000) * answer.largest).toBeCloseTo(Math.sin(angle), 2);
      }
    }
    // Similarity depends on the distance only.
    expect(answer.similarity[2]).toBe(answer.similarity[6 + 3]);
  });

  it.each([['encoder', -3, 7], ['decoder', -3, 4]] as const)('that are relative are a bias for each distance (%s)', async (part, first, distances) => {
    const answer = await told('t5-basic', part, 4);
    if (answer.kind !== 'relative') throw new Error('not biases');
    expect(answer).toMatchObject({ first, distances });
    const model = await loadModel('test/fixtures/t5-basic');
    const [row] = [(await model.weights.checkpoint?.rows(`${part}.block.0.layer.0.SelfAttention.relative_attention_bias.weight`, [1])) ?? new Float32Array()];
    // One token before the query: bucket 1.
    expect([...row]).toEqual(Array.from({ length: answer.heads }, (_, head) => answer.bias[head * distances + 2]));
    await model.release();
  });
});

describe.each([['gpt2-basic', 'decoder', ['attention', 'feedForward']], ['gpt_neox-parallel', 'decoder', ['attention', 'feedForward']], ['bert-basic', 'encoder', ['attention', 'feedForward']], ['t5-basic', 'decoder', ['attention', 'cross', 'feedForward']], ['marian-basic', 'encoder', ['attention', 'feedForward']]] as const)('the way of a token through %s (%s)', (name, part, parts) => {
  it('is as long as its vectors are, layer by layer', async () => {
    const model = await loadModel(`test/fixtures/${name}`);
    const trace = await traceOf(model, IDS, /^(t5|marian)/.test(name) ? { output: OUTPUT } : {});
    const position = 2;
    const { layers, end, width } = await way(trace, { part, position });
    expect(layers).toHaveLength(model.attention(part).layers);
    const block = (layer: number): string => model.attention(part).pattern(layer).replace(/\.attn\.hook_pattern$/, '');
    const at = async (hook: string): Promise<Float32Array> => (await trace.get(hook)).data.subarray(position * width, (position + 1) * width);
    for (const [layer, { before, parts: added, kept }] of layers.entries()) {
      const stream = await at(`${block(layer)}.hook_resid_pre`);
      expect(before).toBeCloseTo(length(stream), 4);
      expect(added.map((one) => one.part)).toEqual(parts);
      const attention = await at(`${block(layer)}.hook_attn_out`);
      expect(added[0]?.length).toBeCloseTo(length(attention), 4);
      expect(added[0]?.cosine).toBeCloseTo(dot(attention, stream) / length(attention) / length(stream), 4);
      const following = layers[layer + 1] ? await at(`${block(layer + 1)}.hook_resid_pre`) : null;
      if (following) {
        expect(layers[layer + 1]?.before).toBeCloseTo(length(following), 4);
        expect(kept).toBeCloseTo(dot(following, stream) / length(following) / length(stream), 4);
      } else expect(end).toBeGreaterThan(0);
    }
    await model.release();
  });
});
