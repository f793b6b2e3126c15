/** Feed-forward parts, `[1, pos, E]` → `[1, pos, E]`; neurons are `{name}.hook_post`. */
import type { StageBuilder, Value } from '../onnx/stage.ts';
import { activation } from './activations.ts';
import { linear } from './projections.ts';

export interface FeedForward {
  readonly width: number;
  readonly inner: number;
  /** Name of the activation function. */
  readonly act: string;
  readonly bias: boolean;
}

export interface GatedWeights {
  readonly gate: string;
  readonly up: string;
  readonly down: string;
}

/** down(act(up(x))). Hook points: `hook_pre`, `hook_post`, `[1, pos, F]`. */
export function feedForward(g: StageBuilder, name: string, x: Value, weights: { readonly up: string; readonly down: string }, { width: E, inner: F, act, bias }: FeedForward): Value {
  const pre = g.hook(`${name}.hook_pre`, linear(g, x, weights.up, E, F, bias), [1, 'pos', F]);
  const post = g.patchable(`${name}.hook_post`, activation(g, pre, act), [1, 'pos', F]);
  return linear(g, post, weights.down, F, E, bias);
}

/**
 * down(act(gate(x)) · up(x)): SwiGLU and its like (Shazeer 2020). `weights` is the module that has `gate_proj` and
 * so on, or their own names. Hook points: `hook_pre` (gate), `hook_pre_linear` (up), `hook_post` (their product), `[1, pos, F]`.
 */
export function gatedFeedForward(g: StageBuilder, name: string, x: Value, weights: string | GatedWeights, { width: E, inner: F, act, bias }: FeedForward): Value {
  const { gate, up, down } = typeof weights === 'string' ? { gate: `${weights}.gate_proj`, up: `${weights}.up_proj`, down: `${weights}.down_proj` } : weights;
  const pre = g.hook(`${name}.hook_pre`, linear(g, x, gate, E, F, bias), [1, 'pos', F]);
  const linearPart = g.hook(`${name}.hook_pre_linear`, linear(g, x, up, E, F, bias), [1, 'pos', F]);
  const post = g.patchable(`${name}.hook_post`, g.op('Mul', [activation(g, pre, act), linearPart]), [1, 'pos', F]);
  return linear(g, post, down, F, E, bias);
}
