/**
 * GPT-2 (Radford et al. 2019): a decoder with learned positions and LayerNorm before each part.
 * Read it downwards: embed, block × layers, unembed. `T` positions, `E` width, `H` heads, `D = E / H`.
 */
import * as v from 'valibot';
import { ProblemError } from '../problemError.ts';
import type { Checkpoint } from '../safetensors.ts';
import { requireShape, StageBuilder, type Stage } from '../onnx/stage.ts';
import type { Architecture, Network } from './architecture.ts';
import { parseConfig, count } from './config.ts';
import { activation, attention, conv1d, layerNorm } from './layers.ts';

const Config = v.object({
  n_layer: count(1000),
  n_head: count(1000),
  n_embd: count(100_000),
  n_positions: count(10_000_000),
  vocab_size: count(10_000_000),
  n_inner: v.nullish(count(1_000_000)),
  activation_function: v.optional(v.string(), 'gelu_new'),
  layer_norm_epsilon: v.optional(v.number(), 1e-5),
  scale_attn_weights: v.optional(v.boolean(), true),
  scale_attn_by_inverse_layer_idx: v.optional(v.boolean(), false),
  tie_word_embeddings: v.optional(v.boolean(), true),
  add_cross_attention: v.optional(v.literal(false, 'add_cross_attention must be false'), false),
});

type Config = v.InferOutput<typeof Config>;

export const gpt2: Architecture = {
  types: ['gpt2'],
  build(raw, checkpoint): Network {
    const config = parseConfig(Config, raw);
    const { n_layer: layers, n_head: heads, n_embd: width, vocab_size: vocabulary, n_positions: positions } = config;
    const headWidth = divide(config);
    const blocks = Array.from({ length: layers }, (_, layer) => block(config, checkpoint, layer, headWidth));
    return {
      kind: 'decoder',
      dimensions: { layers, heads, width, headWidth, vocabulary, positions },
      stages: [embed(config, checkpoint), ...blocks, unembed(config, checkpoint)],
      past: blocks.flatMap((_, layer) => [`blocks.${String(layer)}.attn.hook_k`, `blocks.${String(layer)}.attn.hook_v`]),
      pattern: (layer) => `blocks.${String(layer)}.attn.hook_pattern`,
      logits: 'logits',
    };
  },
};

/** Token and position rows are looked up in the checkpoint; the sum is the first residual stream. */
function embed({ n_embd: E, vocab_size: V, n_positions: P }: Config, checkpoint: Checkpoint): Stage {
  const weights = naming(checkpoint);
  requireShape(checkpoint, weights('wte.weight'), [V, E]);
  requireShape(checkpoint, weights('wpe.weight'), [P, E]);
  const g = new StageBuilder('embed', checkpoint);
  const token = g.input('token_rows', [1, 'pos', E], { from: 'rows', weight: weights('wte.weight'), of: 'tokens' });
  const position = g.input('position_rows', [1, 'pos', E], { from: 'rows', weight: weights('wpe.weight'), of: 'positions' });
  const tokenEmbedding = g.patchable('hook_embed', token, [1, 'pos', E]);
  const positionEmbedding = g.patchable('hook_pos_embed', position, [1, 'pos', E]);
  g.hook('embed.out', g.op('Add', [tokenEmbedding, positionEmbedding]), [1, 'pos', E]);
  return g.build();
}

/** resid_pre → LN → attention → + → resid_mid → LN → feed-forward → + → resid_post, all `[1, T, E]`. */
function block(config: Config, checkpoint: Checkpoint, layer: number, headWidth: number): Stage {
  const { n_embd: E, n_head: H, layer_norm_epsilon: epsilon } = config;
  const F = config.n_inner ?? 4 * E;
  const weights = naming(checkpoint);
  const w = (name: string): string => weights(`h.${String(layer)}.${name}`);
  const name = `blocks.${String(layer)}`;
  const scale = (config.scale_attn_weights ? 1 / Math.sqrt(headWidth) : 1) / (config.scale_attn_by_inverse_layer_idx ? layer + 1 : 1);
  const g = new StageBuilder(name, checkpoint);

  const before = layer === 0 ? 'embed.out' : `blocks.${String(layer - 1)}.hook_resid_post`;
  const x = g.patchable(`${name}.hook_resid_pre`, g.input('residual', [1, 'pos', E], { from: 'stage', tensor: before }), [1, 'pos', E]);

  const qkv = conv1d(g, layerNorm(g, x, `${name}.ln1`, w('ln_1'), E, epsilon), w('attn.c_attn'), E, 3 * E); // [1, T, 3E]
  const z = attention(g, `${name}.attn`, g.split3(qkv, 2), { heads: H, headWidth, scale }); // [1, T, E]
  const attentionOut = g.patchable(`${name}.hook_attn_out`, conv1d(g, z, w('attn.c_proj'), E, E), [1, 'pos', E]);
  const middle = g.hook(`${name}.hook_resid_mid`, g.op('Add', [x, attentionOut]), [1, 'pos', E]);

  const normalized = layerNorm(g, middle, `${name}.ln2`, w('ln_2'), E, epsilon);
  const pre = g.hook(`${name}.mlp.hook_pre`, conv1d(g, normalized, w('mlp.c_fc'), E, F), [1, 'pos', F]);
  const post = g.patchable(`${name}.mlp.hook_post`, activation(g, pre, config.activation_function), [1, 'pos', F]);
  const mlpOut = g.patchable(`${name}.hook_mlp_out`, conv1d(g, post, w('mlp.c_proj'), F, E), [1, 'pos', E]);
  g.hook(`${name}.hook_resid_post`, g.op('Add', [middle, mlpOut]), [1, 'pos', E]);
  return g.build();
}

/** Final LayerNorm, the wanted positions gathered (they are what costs), then logits `[1, logit, V]`. */
function unembed(config: Config, checkpoint: Checkpoint): Stage {
  const { n_embd: E, vocab_size: V, n_layer, layer_norm_epsilon: epsilon } = config;
  const weights = naming(checkpoint);
  const g = new StageBuilder('unembed', checkpoint);
  const x = g.input('residual', [1, 'pos', E], { from: 'stage', tensor: `blocks.${String(n_layer - 1)}.hook_resid_post` });
  const normalized = layerNorm(g, x, 'ln_final', weights('ln_f'), E, epsilon);
  const positions = g.input('logit_positions', ['logit'], { from: 'logitPositions' }, 'int64');
  const wanted = g.op('Reshape', [g.op('Gather', [normalized, positions], { axis: { int: 1 } }), g.whole(-1, E)]); // [logit, E]
  const matrix = g.weight(config.tie_word_embeddings ? weights('wte.weight') : 'lm_head.weight', [V, E]);
  const logits = g.op('Gemm', [wanted, matrix], { transB: { int: 1 } });
  g.hook('logits', g.op('Reshape', [logits, g.whole(1, -1, V)]), [1, 'logit', V]);
  return g.build();
}

/** Checkpoints saved from the bare model lack the prefix that the language model's have. */
function naming(checkpoint: Checkpoint): (name: string) => string {
  const prefix = checkpoint.has('wte.weight') ? '' : 'transformer.';
  return (name) => prefix + name;
}

/** @throws ProblemError `model.badConfig` unless the width divides into the heads */
function divide({ n_embd, n_head }: Config): number {
  if (n_embd % n_head === 0) return n_embd / n_head;
  throw new ProblemError('model.badConfig', { detail: `n_embd ${String(n_embd)} is not a multiple of n_head ${String(n_head)}` });
}
