/** Weights of linear layers as whole numbers of 8 bits, with a scale for each output: a quarter of the memory. */
import { blockOf, rotate } from './rotation.ts';
import { Scratch } from './scratch.ts';

const scratch = new Scratch();

/** How a linear layer's weight lies in a checkpoint: a row for each input (GPT-2's Conv1D), or for each output (torch's Linear). */
export type WeightLayout = 'in,out' | 'out,in';

/** A linear layer's weight in a checkpoint. */
export interface LinearWeight {
  readonly layout: WeightLayout;
  readonly inputs: number;
  readonly outputs: number;
}

/** Reads rows `[from, to)` of the stored matrix, widened to float32, into `out`. */
export type ReadRows = (from: number, to: number, out: Float32Array) => Promise<void>;

/** Largest whole number: −128 is left out, so that a weight and its negative are held alike. */
const LARGEST = 127;

/** So many float32 values of rows are read at once. */
const CHUNK = 2 ** 20;

/** Rows are written so many at once when they become columns: bytes that share a cache line. */
const TILE = 64;

/**
 * Quantises a weight, its inputs rotated in blocks, to `values[in, out]` and `scales[out]`: the rotated weight
 * is `values · scales`, where a scale is the output's largest absolute weight ÷ 127.
 */
export function quantizeWeight(read: ReadRows, weight: LinearWeight, values: Int8Array, scales: Float32Array): Promise<void> {
  const { layout, inputs, outputs } = weight;
  const [rows, width] = layout === 'in,out' ? [inputs, outputs] : [Math.min(outputs, TILE * Math.max(1, Math.floor(CHUNK / (TILE * inputs)))), inputs];
  return scratch.lend(4 * rows * width, (buffer) => {
    const held = new Float32Array(buffer, 0, rows * width);
    return layout === 'in,out' ? quantizeColumns(read, weight, held, values, scales) : quantizeRows(read, weight, held, values, scales);
  });
}

/** Stored `[in, out]`: the largest weight of each column is known only when all is read, into `weights`. */
async function quantizeColumns(read: ReadRows, { inputs, outputs }: LinearWeight, weights: Float32Array, values: Int8Array, scales: Float32Array): Promise<void> {
  await read(0, inputs, weights);
  const block = blockOf(inputs);
  rotate(weights, block, outputs);
  const inverse = new Float32Array(outputs);
  for (let at = 0; at < weights.length; at += outputs) {
    for (let out = 0; out < outputs; out++) {
      const size = Math.abs(weights[at + out] ?? 0);
      if (size > (inverse[out] ?? 0)) inverse[out] = size;
    }
  }
  for (const [out, most] of inverse.entries()) {
    scales[out] = scaleOf(most, block);
    inverse[out] = inverseOf(most);
  }
  for (let at = 0; at < weights.length; at += outputs) {
    for (let out = 0; out < outputs; out++) values[at + out] = rounded((weights[at + out] ?? 0) * (inverse[out] ?? 0));
  }
}

/** Stored `[out, in]`: each row is one output and becomes a column. Read piece by piece into `held`: this may be the head. */
async function quantizeRows(read: ReadRows, { inputs, outputs }: LinearWeight, held: Float32Array, values: Int8Array, scales: Float32Array): Promise<void> {
  const block = blockOf(inputs);
  const inverse = new Float32Array(TILE);
  const height = held.length / inputs;
  for (let first = 0; first < outputs; first += height) {
    const end = Math.min(outputs, first + height);
    await read(first, end, held.subarray(0, (end - first) * inputs));
    for (let tile = first; tile < end; tile += TILE) {
      const weights = held.subarray((tile - first) * inputs, (Math.min(end, tile + TILE) - first) * inputs);
      rotate(weights, block, 1);
      const rows = weights.length / inputs;
      for (let row = 0; row < rows; row++) {
        const most = largestOf(weights, row * inputs, inputs);
        scales[tile + row] = scaleOf(most, block);
        inverse[row] = inverseOf(most);
      }
      for (let input = 0; input < inputs; input++) {
        const target = input * outputs + tile;
        for (let row = 0; row < rows; row++) values[target + row] = rounded((weights[row * inputs + input] ?? 0) * (inverse[row] ?? 0));
      }
    }
  }
}

/** What a whole number stands for, where `most` is the largest weight as `rotate` leaves it. */
const scaleOf = (most: number, block: number): number => most / (LARGEST * Math.sqrt(block));

const inverseOf = (most: number): number => (most > 0 ? LARGEST / most : 0);

function largestOf(values: Float32Array, start: number, length: number): number {
  let most = 0;
  for (let i = start; i < start + length; i++) {
    const size = Math.abs(values[i] ?? 0);
    if (size > most) most = size;
  }
  return most;
}

/** To the nearest whole number, for −127 to 127: made positive first, since a branch on the sign cannot be foreseen. */
const rounded = (value: number): number => ((value + 128.5) | 0) - 128;
