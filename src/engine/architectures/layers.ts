/** Layers that several families share. Shapes: `E` width, `H` heads, `D` head width, `F` feed-forward width. */
import { ProblemError } from '../problemError.ts';
import type { StageBuilder, Value } from '../onnx/stage.ts';

/** LayerNorm with its hook points `{name}.hook_scale` `[1, pos, 1]` (σ) and `{name}.hook_normalized` `[1, pos, E]`. */
export function layerNorm(g: StageBuilder, x: Value, name: string, weights: string, width: number, epsilon: number): Value {
  const { normalized, inverseDeviation } = g.layerNormalization(x, g.weight(`${weights}.weight`, [width]), g.weight(`${weights}.bias`, [width]), epsilon);
  g.hook(`${name}.hook_scale`, g.op('Reciprocal', [inverseDeviation]), [1, 'pos', 1]);
  return g.hook(`${name}.hook_normalized`, normalized, [1, 'pos', width]);
}

/** `x · W + b` with the weight stored as `[in, out]`, as GPT-2's Conv1D does. */
export function conv1d(g: StageBuilder, x: Value, weights: string, inputs: number, outputs: number): Value {
  const product = g.op('MatMul', [x, g.weight(`${weights}.weight`, [inputs, outputs])]);
  return g.op('Add', [product, g.weight(`${weights}.bias`, [outputs])]);
}

/** Activation functions by the names that `transformers` gives them. */
const ACTIVATIONS: Readonly<Record<string, (g: StageBuilder, x: Value) => Value>> = {
  gelu: (g, x) => g.op('Gelu', [x], { approximate: { text: 'none' } }),
  gelu_new: (g, x) => g.op('Gelu', [x], { approximate: { text: 'tanh' } }),
  gelu_pytorch_tanh: (g, x) => g.op('Gelu', [x], { approximate: { text: 'tanh' } }),
  gelu_fast: (g, x) => g.op('Gelu', [x], { approximate: { text: 'tanh' } }),
  gelu_python: (g, x) => g.op('Gelu', [x], { approximate: { text: 'none' } }),
  quick_gelu: (g, x) => g.op('Mul', [x, g.op('Sigmoid', [g.op('Mul', [x, g.scalar(1.702)])])]),
  relu: (g, x) => g.op('Relu', [x]),
  silu: (g, x) => g.op('Mul', [x, g.op('Sigmoid', [x])]),
  swish: (g, x) => g.op('Mul', [x, g.op('Sigmoid', [x])]),
  sigmoid: (g, x) => g.op('Sigmoid', [x]),
  tanh: (g, x) => g.op('Tanh', [x]),
};

/** @throws ProblemError `model.badConfig` for a function we do not know */
export function activation(g: StageBuilder, x: Value, name: string): Value {
  const apply = Object.hasOwn(ACTIVATIONS, name) ? ACTIVATIONS[name] : undefined;
  if (!apply) throw new ProblemError('model.badConfig', { detail: `activation function "${name}" is not one of ${Object.keys(ACTIVATIONS).join(', ')}` });
  return apply(g, x);
}

export interface AttentionShape {
  readonly heads: number;
  readonly headWidth: number;
  /** Factor on q·k. */
  readonly scale: number;
}

/**
 * Multi-head attention (Vaswani et al. 2017, section 3.2) from q, k, v `[1, pos, H·D]` to the joined
 * heads `[1, pos, H·D]`: softmax(q·kᵀ·scale + mask)·v. Keys and values of earlier positions come in
 * front as `{name}.past_k`, `{name}.past_v`. Hook points and layouts are TransformerLens's.
 */
export function attention(g: StageBuilder, name: string, [q0, k0, v0]: readonly [Value, Value, Value], { heads, headWidth, scale }: AttentionShape): Value {
  const split = (x: Value): Value => g.op('Reshape', [x, g.whole(1, -1, heads, headWidth)]);
  const withPast = (x: Value, hook: string, past: string): Value => {
    const before = g.input(`${name}.${past}`, [1, 'past', heads, headWidth], { from: 'past', hook: `${name}.${hook}` });
    return g.hook(`${name}.${hook}`, g.op('Concat', [before, split(x)], { axis: { int: 1 } }), [1, 'key', heads, headWidth]);
  };
  const q = g.hook(`${name}.hook_q`, split(q0), [1, 'pos', heads, headWidth]);
  const k = withPast(k0, 'hook_k', 'past_k');
  const v = withPast(v0, 'hook_v', 'past_v');

  // Scaling q is scaling q·k, with fewer multiplications.
  const scaledQ = g.op('Transpose', [g.op('Mul', [q, g.scalar(scale)])], { perm: { ints: [0, 2, 1, 3] } }); // [1, H, pos, D]
  const transposedK = g.op('Transpose', [k], { perm: { ints: [0, 2, 3, 1] } }); // [1, H, D, key]
  const mask = g.input('attention_mask', [1, 1, 'pos', 'key'], { from: 'mask' });
  const masked = g.op('Add', [g.op('MatMul', [scaledQ, transposedK]), mask]);
  const scores = g.hook(`${name}.hook_attn_scores`, g.op('Add', [masked, g.patch(`${name}.hook_attn_scores.add`, [1, heads, 'pos', 'key'], 0)]), [1, heads, 'pos', 'key']);
  const pattern = g.scalable(`${name}.hook_pattern`, g.op('Softmax', [scores], { axis: { int: -1 } }), [1, heads, 'pos', 'key']);

  const mixed = g.op('MatMul', [pattern, g.op('Transpose', [v], { perm: { ints: [0, 2, 1, 3] } })]); // [1, H, pos, D]
  const z = g.patchable(`${name}.hook_z`, g.op('Transpose', [mixed], { perm: { ints: [0, 2, 1, 3] } }), [1, 'pos', heads, headWidth]);
  return g.op('Reshape', [z, g.whole(1, -1, heads * headWidth)]);
}
