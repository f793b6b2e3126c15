/** Matrix products with weights of the checkpoint, `[1, pos, inputs]` → `[1, pos, outputs]`. */
import type { StageBuilder, Value } from '../onnx/stage.ts';

/** `x · W + b` with the weight stored as `[in, out]`, as GPT-2's Conv1D does. */
export function conv1d(g: StageBuilder, x: Value, weights: string, inputs: number, outputs: number): Value {
  const product = g.op('MatMul', [x, g.weight(`${weights}.weight`, [inputs, outputs])]);
  return g.op('Add', [product, g.weight(`${weights}.bias`, [outputs])]);
}

/**
 * `x · Wᵀ + b` with the weight stored as `[out, in]`, as torch's Linear does. Gemm packs the transposed
 * weight when the session is made, and then runs as fast as MatMul on a weight stored the other way.
 */
export function linear(g: StageBuilder, x: Value, weights: string, inputs: number, outputs: number, bias: boolean): Value {
  const rows = g.op('Reshape', [x, g.whole(-1, inputs)]);
  const matrix = g.weight(`${weights}.weight`, [outputs, inputs]);
  const product = g.op('Gemm', bias ? [rows, matrix, g.weight(`${weights}.bias`, [outputs])] : [rows, matrix], { transB: { int: 1 } });
  return g.op('Reshape', [product, g.whole(1, -1, outputs)]);
}
