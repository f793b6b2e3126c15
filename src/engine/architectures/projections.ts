/** Matrix products with weights of the checkpoint, over the last axis. */
import { CONTRIB } from '../onnx/model.ts';
import type { StageBuilder, Value } from '../onnx/stage.ts';
import type { LinearWeight } from '../quantize.ts';
import { blockOf, hadamard } from '../rotation.ts';

/** A linear layer: where its weight is, and its bias `[outputs]` if it has one. */
export interface Projection extends LinearWeight {
  readonly weight: string;
  readonly bias?: string;
}

/** `x · W + b` with the weight `{weights}.weight` stored as `[in, out]`, as GPT-2's Conv1D does. */
export function conv1d(g: StageBuilder, x: Value, weights: string, inputs: number, outputs: number): Value {
  return project(g, x, conv1dOf(weights, inputs, outputs));
}

export const conv1dOf = (weights: string, inputs: number, outputs: number): Projection => ({ weight: `${weights}.weight`, bias: `${weights}.bias`, layout: 'in,out', inputs, outputs });

/** `x · Wᵀ + b` with the weight `{weights}.weight` stored as `[out, in]`, as torch's Linear does. */
export function linear(g: StageBuilder, x: Value, weights: string, inputs: number, outputs: number, bias: boolean): Value {
  return project(g, x, linearOf(weights, inputs, outputs, bias));
}

export const linearOf = (weights: string, inputs: number, outputs: number, bias: boolean): Projection => ({
  weight: `${weights}.weight`,
  ...(bias ? { bias: `${weights}.bias` } : {}),
  layout: 'out,in',
  inputs,
  outputs,
});

/** `[1, pos, inputs]` → `[1, pos, outputs]`, in the precision that the builder's checkpoint asks for. */
export function project(g: StageBuilder, x: Value, projection: Projection): Value {
  if (g.precision === '8-bit') return inEightBits(g, x, projection);
  return projection.layout === 'in,out' ? byColumns(g, x, projection) : byRows(g, x, projection);
}

function byColumns(g: StageBuilder, x: Value, { weight, bias, inputs, outputs }: Projection): Value {
  return biased(g, g.op('MatMul', [x, g.weight(weight, [inputs, outputs])]), bias, outputs);
}

/**
 * Gemm packs a weight stored as `[out, in]` transposed when the session is made, and then runs as fast as
 * MatMul on a weight stored the other way.
 */
function byRows(g: StageBuilder, x: Value, { weight, bias, inputs, outputs }: Projection): Value {
  const rows = g.op('Reshape', [x, g.whole(-1, inputs)]);
  const matrix = g.weight(weight, [outputs, inputs]);
  const product = g.op('Gemm', bias === undefined ? [rows, matrix] : [rows, matrix, g.weight(bias, [outputs])], { transB: { int: 1 } });
  return g.op('Reshape', [product, g.whole(1, -1, outputs)]);
}

/** Activations are whole numbers of −127 to 127, held as 1 to 255. */
const ZERO = 128;
const LARGEST = 127;

/** A position of zeros only is divided by this. */
const SMALLEST = 1e-30;

/**
 * Whole numbers times whole numbers, then the scales. Each position has a scale of its own: one that stands
 * out (the first token often does) leaves the others exact, and what a position gives does not depend on
 * which others are run with it. Channels are rotated as the weight's inputs are, so that none stands out.
 */
function inEightBits(g: StageBuilder, x: Value, { weight, bias, ...stored }: Projection): Value {
  const { values, scales } = g.quantizedWeight(weight, stored);
  const step = g.scalar(1 / LARGEST);
  const [rounded, largest] = g.once(`8-bit ${x}`, () => {
    const rotated = rotation(g, x, stored.inputs);
    const most = g.op('Max', [g.op('ReduceMax', [g.op('Abs', [rotated]), g.whole(-1)]), g.scalar(SMALLEST)]); // [1, pos, 1]
    return [g.op('QuantizeLinear', [g.op('Div', [rotated, most]), step, g.byte(ZERO)]), most];
  });
  const product = g.op('MatMulIntegerToFloat', [rounded, values, step, scales, g.byte(ZERO)], {}, CONTRIB);
  return biased(g, g.op('Mul', [product, largest]), bias, stored.outputs);
}

/** Channels `[1, pos, inputs]` rotated in blocks. */
function rotation(g: StageBuilder, x: Value, inputs: number): Value {
  const block = blockOf(inputs);
  if (block === 1) return x;
  const matrix = g.matrix(`hadamard ${String(block)}`, [block, block], hadamard(block));
  return g.op('Reshape', [g.op('MatMul', [g.op('Reshape', [x, g.whole(1, -1, block)]), matrix]), g.whole(1, -1, inputs)]);
}

const biased = (g: StageBuilder, x: Value, bias: string | undefined, outputs: number): Value => (bias === undefined ? x : g.op('Add', [x, g.weight(bias, [outputs])]));
