/**
 * What a weight makes of a direction, and what a norm does to it once its scale is frozen at what the run had. A
 * direction reads a number off the residual stream, `x ↦ direction · x + constant`; going back through a linear
 * part gives the direction that reads the same number off what that part was given.
 */
import type { NormWeights } from '../architectures/architecture.ts';
import type { Projection } from '../architectures/projections.ts';
import { breathe } from '../breathe.ts';
import { ProblemError } from '../problemError.ts';
import type { Checkpoint } from '../safetensors.ts';
import { sizeOf } from '../tensor.ts';
import type { Trace } from '../trace.ts';

export interface Reading {
  readonly direction: Float64Array;
  /** What biases on the way add, whatever is read. */
  readonly constant: number;
}

/** So many float32 values of a matrix are in memory at a time. */
const CHUNK = 2 ** 20;

/** The weights of a model as they are stored. @throws ProblemError `model.exported` for an exported graph */
export function checkpointOf({ model: { weights, info } }: Trace): Checkpoint {
  if (!weights.checkpoint) throw new ProblemError('model.exported', { name: info.name });
  return weights.checkpoint;
}

export async function storedTensor(checkpoint: Checkpoint, name: string): Promise<Float32Array> {
  const values = new Float32Array(sizeOf(checkpoint.entry(name).shape));
  await checkpoint.read(name, values);
  return values;
}

/** Goes through the rows of a matrix, a piece at a time. @throws ProblemError `run.cancelled` when the trace is released meanwhile */
export async function eachRow(trace: Trace, matrix: string, use: (row: Float32Array, index: number) => void): Promise<void> {
  const checkpoint = checkpointOf(trace);
  const [rows = 0, width = 0] = checkpoint.entry(matrix).shape;
  const atOnce = Math.max(1, Math.floor(CHUNK / width));
  const piece = new Float32Array(atOnce * width);
  for (let from = 0; from < rows; from += atOnce) {
    await breathe();
    trace.requireHeld();
    const to = Math.min(rows, from + atOnce);
    await checkpoint.readRows(matrix, from, to, piece.subarray(0, (to - from) * width));
    for (let index = from; index < to; index++) use(piece.subarray((index - from) * width, (index - from + 1) * width), index);
  }
}

export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}

/** Back through `x · W + b`: a direction of its outputs becomes one of its inputs. */
export async function throughProjection(trace: Trace, projection: Projection, reading: Reading): Promise<Reading> {
  const [before] = await allThroughProjection(trace, projection, [reading]);
  return before ?? reading;
}

/** Several of them, in one pass over the weight. */
export async function allThroughProjection(trace: Trace, { weight, bias, layout, inputs }: Projection, readings: readonly Reading[]): Promise<Reading[]> {
  if (readings.length === 0) return [];
  const all = readings.map((reading) => ({ ...reading, before: new Float64Array(inputs) }));
  await eachRow(trace, weight, (row, index) => {
    for (const { direction, before } of all) {
      const factor = direction[index] ?? 0;
      if (layout === 'in,out') before[index] = dot(row, direction);
      else if (factor !== 0) for (let i = 0; i < inputs; i++) before[i] = (before[i] ?? 0) + factor * (row[i] ?? 0);
    }
  });
  const added = bias === undefined ? null : await storedTensor(checkpointOf(trace), bias);
  return all.map(({ direction, constant, before }) => ({ direction: before, constant: constant + (added ? dot(direction, added) : 0) }));
}

/** A norm with the scale it had at one position: linear in what it is given, `x ↦ (x − mean x) · weight ÷ scale + bias`. */
export class FrozenNorm {
  private constructor(
    private readonly centred: boolean,
    /** Weight ÷ scale, `[width]`. */
    private readonly factor: Float64Array,
    private readonly bias: Float32Array | null,
  ) {}

  static async at(trace: Trace, { hook, centred, weight, offset = 0, bias }: NormWeights, position: number): Promise<FrozenNorm> {
    const checkpoint = checkpointOf(trace);
    const scale = (await trace.get(`${hook}.hook_scale`)).data[position] ?? NaN;
    const stored = await storedTensor(checkpoint, weight);
    return new FrozenNorm(centred, Float64Array.from(stored, (value) => (value + offset) / scale), bias === undefined ? null : await storedTensor(checkpoint, bias));
  }

  /** Back: a direction of what it gives becomes one of what it is given. */
  back({ direction, constant }: Reading): Reading {
    const scaled = direction.map((value, i) => value * (this.factor[i] ?? 0));
    return { direction: this.centred ? withoutMean(scaled) : scaled, constant: constant + (this.bias ? dot(direction, this.bias) : 0) };
  }

  /** What it makes of one of the summands it is given, its bias aside. */
  forward(x: ArrayLike<number>): Float64Array {
    const given = Float64Array.from(x);
    return (this.centred ? withoutMean(given) : given).map((value, i) => value * (this.factor[i] ?? 0));
  }
}

function withoutMean(values: Float64Array): Float64Array {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.map((value) => value - mean);
}
