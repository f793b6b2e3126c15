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

/** down(act(up(x))). Hook points: `hook_pre`, `hook_post`, `[1, pos, F]`. */
export function feedForward(g: StageBuilder, name: string, x: Value, weights: { readonly up: string; readonly down: string }, { width: E, inner: F, act, bias }: FeedForward): Value {
  const pre = g.hook(`${name}.hook_pre`, linear(g, x, weights.up, E, F, bias), [1, 'pos', F]);
  const post = g.patchable(`${name}.hook_post`, activation(g, pre, act), [1, 'pos', F]);
  return linear(g, post, weights.down, F, E, bias);
}

/**
 * down(act(gate(x)) · up(x)): SwiGLU and its like (Shazeer 2020), with weights `{weights}.gate_proj` and
 * so on. Hook points: `hook_pre` (gate), `hook_pre_linear` (up), `hook_post` (their product), `[1, pos, F]`.
 */
export function gatedFeedForward(g: StageBuilder, name: string, x: Value, weights: string, { width: E, inner: F, act, bias }: FeedForward): Value {
  const pre = g.hook(`${name}.hook_pre`, linear(g, x, `${weights}.gate_proj`, E, F, bias), [1, 'pos', F]);
  const linearPart = g.hook(`${name}.hook_pre_linear`, linear(g, x, `${weights}.up_proj`, E, F, bias), [1, 'pos', F]);
  const post = g.patchable(`${name}.hook_post`, g.op('Mul', [activation(g, pre, act), linearPart]), [1, 'pos', F]);
  return linear(g, post, `${weights}.down_proj`, F, E, bias);
}
