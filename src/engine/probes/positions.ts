/** What tells positions apart: vectors that are added to embeddings, angles that queries and keys are turned by, or biases by distance. */
import type { Answer, Ask, PositionVectors } from '../../protocol.ts';
import { bucketOf } from '../distances.ts';
import type { RelativeWeights, Source } from '../onnx/stage.ts';
import { ProblemError } from '../problemError.ts';
import { rotaryTable, type Rotary } from '../rotary.ts';
import { sinusoids } from '../sinusoids.ts';
import type { Trace } from '../trace.ts';
import { checkpointOf, dot, storedTensor } from './attributionWeights.ts';

/** Values are told in thousandths of the largest. */
const STEPS = 1000;

/** Stored sinusoids are rounded, some to half precision. */
const TOLERANCE = 2e-3;

/** Part and layer have been checked. @throws ProblemError `model.exported` */
export async function positions(trace: Trace, { part, layer, count }: Ask<'positions'>): Promise<Answer<'positions'>> {
  const { network, info } = trace.model;
  const attention = trace.model.attention(part);
  const own = network.stages.filter(({ reads }) => reads === attention.queries);
  const sources = own.flatMap(({ inputs }) => inputs.map(({ source }) => source));
  const wanted = Math.min(count, info.positions);

  const rows = sources.find((source): source is Extract<Source, { from: 'rows' }> => source.from === 'rows' && source.of === 'positions');
  if (rows) return storedPositions(trace, rows, wanted);
  const computed = sources.find((source) => source.from === 'sinusoids');
  if (computed) return vectorsTold('sinusoidal', sinusoids(0, wanted, computed.width).data, wanted);

  const stage = own.find(({ hooks }) => hooks.some(({ name }) => name === attention.pattern(layer)));
  const rotary = stage?.inputs.flatMap(({ source }) => (source.from === 'rotary' ? [source.rotary] : []))[0];
  if (rotary) return rotaryPositions(rotary, wanted, trace.ids(attention.queries).length);
  const relative = stage?.relative ?? own.find((other) => other.relative)?.relative;
  if (relative) return relativePositions(trace, relative, wanted);
  throw new ProblemError('intervention.noPositions', { name: info.name });
}

async function storedPositions(trace: Trace, { weight, first = 0 }: Extract<Source, { from: 'rows' }>, wanted: number): Promise<PositionVectors> {
  const checkpoint = checkpointOf(trace);
  const [stored = 0] = checkpoint.entry(weight).shape;
  const count = Math.min(wanted, stored - first);
  const values = await checkpoint.rows(weight, Array.from({ length: count }, (_, position) => first + position));
  return vectorsTold(areSinusoids(values, count) ? 'sinusoidal' : 'learned', values, count);
}

/** Whether stored rows are sines and cosines (Vaswani et al. 2017), in either of the two orders that are in use, all times one factor. */
function areSinusoids(values: Float32Array, count: number): boolean {
  const width = values.length / count;
  const { data } = sinusoids(0, count, width);
  const sines = Math.ceil(width / 2);
  const factor = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const near = (place: (component: number) => number): boolean =>
    values.every((value, i) => Math.abs(value / factor - (data[i - (i % width) + place(i % width)] ?? NaN)) < TOLERANCE);
  return near((component) => component) || near((component) => (component % 2 === 0 ? component / 2 : sines + (component - 1) / 2));
}

/** `tokens`: of the run, on which some ways of stretching depend. */
function rotaryPositions(rotary: Rotary, count: number, tokens: number): PositionVectors {
  const regime = rotary.regime(tokens);
  const { cos, sin } = rotaryTable({ ...rotary, regime: () => regime }, count);
  const { pairs } = rotary;
  const values = new Float32Array(count * 2 * pairs);
  for (let position = 0; position < count; position++) {
    values.set(cos.subarray(position * pairs, (position + 1) * pairs), position * 2 * pairs);
    values.set(sin.subarray(position * pairs, (position + 1) * pairs), (position * 2 + 1) * pairs);
  }
  return { ...vectorsTold('rotary', values, count), frequencies: rotary.frequencies(regime) };
}

/** `values` are `[count, width]`. */
function vectorsTold(kind: PositionVectors['kind'], values: Float32Array, count: number): PositionVectors {
  const width = values.length / count;
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const rows = Array.from({ length: count }, (_, position) => values.subarray(position * width, (position + 1) * width));
  const lengths = rows.map((row) => Math.sqrt(dot(row, row)));
  const similarity = new Int16Array(count * count);
  for (const [a, one] of rows.entries()) {
    for (const [b, other] of rows.entries()) {
      if (b < a) continue;
      const both = (lengths[a] ?? 0) * (lengths[b] ?? 0);
      const cosine = both > 0 ? Math.round((dot(one, other) / both) * STEPS) : 0;
      similarity[a * count + b] = cosine;
      similarity[b * count + a] = cosine;
    }
  }
  return { kind, count, width, values: Int16Array.from(values, (value) => (largest > 0 ? Math.round((value / largest) * STEPS) : 0)), largest, similarity, frequencies: null };
}

async function relativePositions(trace: Trace, { weight, heads, buckets }: RelativeWeights, count: number): Promise<Answer<'positions'>> {
  const table = await storedTensor(checkpointOf(trace), weight); // [bucket, head]
  const first = -(count - 1);
  const distances = buckets.bidirectional ? 2 * count - 1 : count;
  const bias = new Float32Array(heads * distances);
  for (let i = 0; i < distances; i++) {
    const bucket = bucketOf(buckets, first + i);
    for (let head = 0; head < heads; head++) bias[head * distances + i] = table[bucket * heads + head] ?? 0;
  }
  return { kind: 'relative', heads, first, distances, bias, largest: bias.reduce((most, value) => Math.max(most, Math.abs(value)), 0) };
}
