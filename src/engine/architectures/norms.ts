/** Normalisations over the last axis, with TransformerLens's hook points. */
import type { Dim, StageBuilder, Value } from '../onnx/stage.ts';

/**
 * LayerNorm with its hook points `{name}.hook_scale` `[1, pos, 1]` (σ) and `{name}.hook_normalized` `[1, pos, E]`, after
 * weight and bias. `weights` is the module that has both, or their own names.
 */
export function layerNorm(g: StageBuilder, x: Value, name: string, weights: string | { readonly weight: string; readonly bias: string }, width: number, epsilon: number): Value {
  const { weight, bias } = typeof weights === 'string' ? { weight: `${weights}.weight`, bias: `${weights}.bias` } : weights;
  const { normalized, inverseDeviation } = g.layerNormalization(x, g.weight(weight, [width]), g.weight(bias, [width]), epsilon);
  g.hook(`${name}.hook_scale`, g.op('Reciprocal', [inverseDeviation]), [1, 'pos', 1]);
  return g.hook(`${name}.hook_normalized`, normalized, [1, 'pos', width]);
}

export interface RmsNorm {
  /** Name of the weight tensor, `[width]`. */
  readonly weight: string;
  readonly width: number;
  readonly epsilon: number;
  /** Added to the stored weight: Gemma stores it as what it differs from 1. */
  readonly offset?: number;
  /** Dimensions before the last; one value of `hook_scale` for each. */
  readonly of?: readonly Dim[];
}

/**
 * RMSNorm (Zhang & Sennrich 2019): x ÷ √(mean x² + ε) · weight. Hook points: `{name}.hook_scale`
 * (the root) and `{name}.hook_normalized`, which is before the weight.
 */
export function rmsNorm(g: StageBuilder, x: Value, name: string, { weight, width, epsilon, offset = 0, of = [1, 'pos'] }: RmsNorm): Value {
  const meanSquare = g.op('ReduceMean', [g.op('Mul', [x, x]), g.whole(-1)]);
  const scale = g.hook(`${name}.hook_scale`, g.op('Sqrt', [g.op('Add', [meanSquare, g.scalar(epsilon)])]), [...of, 1]);
  const normalized = g.hook(`${name}.hook_normalized`, g.op('Div', [x, scale]), [...of, width]);
  const stored = g.weight(weight, [width]);
  return g.op('Mul', [normalized, offset ? g.op('Add', [stored, g.scalar(offset)]) : stored]);
}
