/**
 * GPT-2 (Radford et al. 2019): a decoder with learned positions and LayerNorm before each part.
 * Read it downwards: embed, block × layers, unembed. `T` positions, `E` width, `H` heads, `D = E / H`.
 */
import * as v from 'valibot';
import type { Checkpoint } from '../safetensors.ts';
import { requireShape, StageBuilder, type Stage } from '../onnx/stage.ts';
import { onlyAttention, type Architecture, type Network, type ResidualPaths } from './architecture.ts';
import { activation } from './activations.ts';
import { attention, pastOf } from './attention.ts';
import { parseConfig, quotient, size } from './config.ts';
import { naming } from './naming.ts';
import { layerNorm } from './norms.ts';
import { conv1d, conv1dOf } from './projections.ts';
import { layerNormOf, residualPaths } from './residualPaths.ts';
import { logits, residualAfter, residualBefore, type Head } from './residualStream.ts';

const Config = v.object({
  n_layer: size.layers,
  n_head: size.heads,
  n_embd: size.width,
  n_positions: size.positions,
  vocab_size: size.vocabulary,
  n_inner: v.nullish(size.inner),
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
    const headWidth = quotient(config, 'n_embd', 'n_head');
    const blocks = Array.from({ length: layers }, (_, layer) => block(config, checkpoint, layer, headWidth));
    const dimensions = { layers, heads, keyHeads: heads, width, headWidth, vocabulary, positions };
    return {
      kind: 'decoder',
      dimensions,
      stages: [embed(config, checkpoint), ...blocks, unembed(config, checkpoint)],
      past: pastOf(layers, false),
      attentions: onlyAttention('decoder', dimensions),
      predicts: 'next',
      logits: 'logits',
      paths: pathsOf(config, checkpoint),
    };
  },
};

/** Token and position rows are looked up in the checkpoint; the sum is the first residual stream. */
function embed({ n_embd: E, vocab_size: V, n_positions: P }: Config, checkpoint: Checkpoint): Stage {
  const weights = namesOf(checkpoint);
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
  const F = innerOf(config);
  const weights = namesOf(checkpoint);
  const w = (name: string): string => weights(`h.${String(layer)}.${name}`);
  const name = `blocks.${String(layer)}`;
  const scale = (config.scale_attn_weights ? 1 / Math.sqrt(headWidth) : 1) / (config.scale_attn_by_inverse_layer_idx ? layer + 1 : 1);
  const g = new StageBuilder(name, checkpoint);

  const x = residualBefore(g, layer, E, 'embed.out');
  const qkv = conv1d(g, layerNorm(g, x, `${name}.ln1`, w('ln_1'), E, epsilon), w('attn.c_attn'), E, 3 * E); // [1, T, 3E]
  const z = attention(g, `${name}.attn`, g.split3(qkv, 2), { heads: H, keyHeads: H, headWidth, scale, window: null, rotary: null }); // [1, T, E]
  const attentionOut = g.patchable(`${name}.hook_attn_out`, conv1d(g, z, w('attn.c_proj'), E, E), [1, 'pos', E]);
  const middle = g.hook(`${name}.hook_resid_mid`, g.op('Add', [x, attentionOut]), [1, 'pos', E]);

  const normalized = layerNorm(g, middle, `${name}.ln2`, w('ln_2'), E, epsilon);
  const pre = g.hook(`${name}.mlp.hook_pre`, conv1d(g, normalized, w('mlp.c_fc'), E, F), [1, 'pos', F]);
  const post = g.patchable(`${name}.mlp.hook_post`, activation(g, pre, config.activation_function), [1, 'pos', F]);
  const mlpOut = g.patchable(`${name}.hook_mlp_out`, conv1d(g, post, w('mlp.c_proj'), F, E), [1, 'pos', E]);
  g.hook(`${name}.hook_resid_post`, g.op('Add', [middle, mlpOut]), [1, 'pos', E]);
  return g.build();
}

/** Final LayerNorm, then logits `[1, logit, V]`. */
function unembed(config: Config, checkpoint: Checkpoint): Stage {
  const { n_embd: E, n_layer, layer_norm_epsilon: epsilon } = config;
  const weights = namesOf(checkpoint);
  const g = new StageBuilder('unembed', checkpoint);
  const normalized = layerNorm(g, residualAfter(g, n_layer, E), 'ln_final', weights('ln_f'), E, epsilon);
  logits(g, normalized, headOf(config, checkpoint));
  return g.build();
}

function headOf({ n_embd: width, vocab_size: vocabulary, tie_word_embeddings: tied }: Config, checkpoint: Checkpoint): Head {
  return { width, vocabulary, matrix: tied ? namesOf(checkpoint)('wte.weight') : 'lm_head.weight' };
}

function pathsOf(config: Config, checkpoint: Checkpoint): ResidualPaths {
  const { n_embd: E } = config;
  const weights = namesOf(checkpoint);
  return residualPaths({
    embeddings: ['hook_embed', 'hook_pos_embed'],
    attention: (layer) => conv1dOf(weights(`h.${String(layer)}.attn.c_proj`), E, E),
    feedForward: (layer) => conv1dOf(weights(`h.${String(layer)}.mlp.c_proj`), innerOf(config), E),
    // Queries and keys come before them.
    values: (layer) => ({ norm: layerNormOf(weights(`h.${String(layer)}.ln_1`)), projection: conv1dOf(weights(`h.${String(layer)}.attn.c_attn`), E, 3 * E), output: (channel) => 2 * E + channel }),
    norm: layerNormOf(weights('ln_f')),
    head: headOf(config, checkpoint),
  });
}

const innerOf = ({ n_inner, n_embd }: Config): number => n_inner ?? 4 * n_embd;

const namesOf = (checkpoint: Checkpoint): ((name: string) => string) => naming(checkpoint, 'transformer.', 'wte.weight');
