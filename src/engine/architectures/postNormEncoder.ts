/**
 * What BERT and its descendants share: an encoder with LayerNorm after each sum (Vaswani et al. 2017), with
 * the hook points of TransformerLens's HookedEncoder. `E` width, `H` heads, `F` neurons, `V` vocabulary.
 */
import type { Checkpoint } from '../safetensors.ts';
import { requireShape, StageBuilder, type Stage, type Value } from '../onnx/stage.ts';
import { activation } from './activations.ts';
import type { Dimensions } from './architecture.ts';
import { attention } from './attention.ts';
import { feedForward } from './feedForward.ts';
import { layerNorm } from './norms.ts';
import { linear } from './projections.ts';
import { logits } from './residualStream.ts';

/** Names of the matrices in the checkpoint, and how positions are counted. */
export interface Embeddings {
  /** `[V, E]`. */
  readonly tokens: string;
  /** `[rows, E]`; the row of the first position is `first`. */
  readonly positions: string;
  readonly rows: number;
  readonly first: number;
  /** The token that has a position of its own, the row before the first. */
  readonly padding?: number;
  /** `[types, E]`, of which a single text has type 0; null in a model without. */
  readonly types: { readonly name: string; readonly count: number } | null;
  readonly norm: string;
}

/** Rows of tokens, positions and types are summed and normalised: `hook_full_embed`, the first residual stream. */
export function embed(checkpoint: Checkpoint, { width: E, vocabulary: V }: Dimensions, { tokens, positions, rows, first, padding, types, norm }: Embeddings, epsilon: number): Stage {
  requireShape(checkpoint, tokens, [V, E]);
  requireShape(checkpoint, positions, [rows, E]);
  const g = new StageBuilder('embed', checkpoint);
  const tokenRows = g.input('token_rows', [1, 'pos', E], { from: 'rows', weight: tokens, of: 'tokens' });
  const positionRows = g.input('position_rows', [1, 'pos', E], { from: 'rows', weight: positions, of: 'positions', first, ...(padding === undefined ? {} : { padding }) });
  let sum = g.op('Add', [g.patchable('embed.hook_embed', tokenRows, [1, 'pos', E]), g.patchable('embed.hook_pos_embed', positionRows, [1, 'pos', E])]);
  if (types) {
    const row = g.op('Gather', [g.weight(types.name, [types.count, E]), g.whole(0)]); // [1, E]
    const typeRows = g.op('Expand', [row, g.op('Shape', [tokenRows])]);
    sum = g.op('Add', [sum, g.patchable('embed.hook_token_type_embed', typeRows, [1, 'pos', E])]);
  }
  g.patchable('hook_full_embed', norms(checkpoint, g)(sum, 'embed.ln', norm, E, epsilon), [1, 'pos', E]);
  return g.build();
}

/** Names of a block's tensors, each a module with `.weight` and `.bias`. */
export interface BlockWeights {
  readonly query: string;
  readonly key: string;
  readonly value: string;
  readonly attentionOut: string;
  readonly attentionNorm: string;
  readonly up: string;
  readonly down: string;
  readonly outNorm: string;
}

export interface BlockShape {
  readonly inner: number;
  readonly act: string;
  readonly epsilon: number;
}

/** resid_pre → attention → + → LN → feed-forward → + → resid_post → LN → normalized_resid_post, all `[1, pos, E]`. */
export function block(checkpoint: Checkpoint, layer: number, { width: E, heads: H, headWidth }: Dimensions, weights: BlockWeights, { inner, act, epsilon }: BlockShape): Stage {
  const name = `blocks.${String(layer)}`;
  const g = new StageBuilder(name, checkpoint);
  const norm = norms(checkpoint, g);

  const x = g.patchable(`${name}.hook_resid_pre`, g.input('residual', [1, 'pos', E], { from: 'stage', tensor: residualAfter(layer) }), [1, 'pos', E]);
  const project = (of: string): Value => linear(g, x, of, E, E, true);
  const scale = 1 / Math.sqrt(headWidth);
  const qkv = [project(weights.query), project(weights.key), project(weights.value)] as const;
  const z = attention(g, `${name}.attn`, qkv, { heads: H, keyHeads: H, headWidth, scale, causal: false, window: null, rotary: null });
  const attentionOut = g.patchable(`${name}.hook_attn_out`, linear(g, z, weights.attentionOut, E, E, true), [1, 'pos', E]);
  const middle = g.hook(`${name}.hook_resid_mid`, g.op('Add', [x, attentionOut]), [1, 'pos', E]);
  const normalized = norm(middle, `${name}.ln1`, weights.attentionNorm, E, epsilon);

  const out = feedForward(g, `${name}.mlp`, normalized, { up: weights.up, down: weights.down }, { width: E, inner, act, bias: true });
  const mlpOut = g.patchable(`${name}.hook_mlp_out`, out, [1, 'pos', E]);
  const sum = g.hook(`${name}.hook_resid_post`, g.op('Add', [normalized, mlpOut]), [1, 'pos', E]);
  g.patchable(`${name}.hook_normalized_resid_post`, norm(sum, `${name}.ln2`, weights.outNorm, E, epsilon), [1, 'pos', E]);
  return g.build();
}

/** Names of the tensors of a head that predicts masked tokens. */
export interface HeadWeights {
  readonly transform: string;
  readonly norm: string;
  /** `[V, E]`. */
  readonly matrix: string;
  /** `[V]`. */
  readonly bias: string;
}

/** dense → act → LN → logits `[1, logit, V]`. */
export function maskedHead(checkpoint: Checkpoint, { layers, width: E, vocabulary }: Dimensions, { transform, norm, matrix, bias }: HeadWeights, act: string, epsilon: number): Stage {
  const g = new StageBuilder('unembed', checkpoint);
  const x = g.input('residual', [1, 'pos', E], { from: 'stage', tensor: residualAfter(layers) });
  const transformed = activation(g, linear(g, x, transform, E, E, true), act);
  logits(g, norms(checkpoint, g)(transformed, 'mlm_head.ln', norm, E, epsilon), { width: E, vocabulary, matrix, bias });
  return g.build();
}

/** What block `layer` reads: with the norm after each sum, the residual stream between blocks is normalised. */
const residualAfter = (layer: number): string => (layer === 0 ? 'hook_full_embed' : `blocks.${String(layer - 1)}.hook_normalized_resid_post`);

/** LayerNorm by the name of its module; the oldest checkpoints call its weight gamma and its bias beta. */
function norms(checkpoint: Checkpoint, g: StageBuilder) {
  return (x: Value, name: string, module: string, width: number, epsilon: number): Value => {
    const old = checkpoint.has(`${module}.gamma`);
    return layerNorm(g, x, name, old ? { weight: `${module}.gamma`, bias: `${module}.beta` } : module, width, epsilon);
  };
}

/** Of two names for one tensor the one that the checkpoint has: writers differ in which of the tied they keep. */
export function firstNamed(checkpoint: Checkpoint, name: string, otherwise: string): string {
  return checkpoint.has(name) ? name : otherwise;
}
