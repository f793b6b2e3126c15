/**
 * GPT-NeoX (Black et al. 2022), the architecture of Pythia: a decoder with LayerNorm, rotary positions on
 * a part of each head, and attention and feed-forward side by side (or one after the other).
 * Read it downwards: embed, block × layers, unembed. `E` width, `F` neurons, `H` heads, `D = E / H`.
 */
import * as v from 'valibot';
import type { Rotary } from '../rotary.ts';
import type { Checkpoint } from '../safetensors.ts';
import { StageBuilder, type Stage, type Value } from '../onnx/stage.ts';
import { onlyAttention, type Architecture, type Network, type ResidualPaths } from './architecture.ts';
import { attention, pastOf } from './attention.ts';
import { parseConfig, quotient, size } from './config.ts';
import { feedForward } from './feedForward.ts';
import { naming } from './naming.ts';
import { layerNorm } from './norms.ts';
import { linear, linearOf } from './projections.ts';
import { layerNormOf, residualPaths } from './residualPaths.ts';
import { logits, residualAfter, residualBefore, tokenEmbedding, type Head } from './residualStream.ts';
import { reach, ropeFields, ropeParameters, rotary } from './ropeConfig.ts';

const Config = v.object({
  hidden_size: size.width,
  intermediate_size: size.inner,
  num_hidden_layers: size.layers,
  num_attention_heads: size.heads,
  vocab_size: size.vocabulary,
  hidden_act: v.optional(v.string(), 'gelu'),
  layer_norm_eps: v.optional(v.number(), 1e-5),
  use_parallel_residual: v.optional(v.boolean(), true),
  attention_bias: v.optional(v.boolean(), true),
  tie_word_embeddings: v.optional(v.boolean(), false),
  ...ropeFields,
  /** What transformers 4 calls `rope_theta` and `partial_rotary_factor` here. */
  rotary_emb_base: ropeFields.rope_theta,
  rotary_pct: ropeFields.partial_rotary_factor,
});

type Config = v.InferOutput<typeof Config>;

export const gptNeox: Architecture = {
  types: ['gpt_neox'],
  build(raw, checkpoint): Network {
    const config = parseConfig(Config, raw);
    const { num_hidden_layers: layers, num_attention_heads: heads, hidden_size: width, vocab_size: vocabulary, max_position_embeddings } = config;
    const headWidth = quotient(config, 'hidden_size', 'num_attention_heads');
    const rope = ropeParameters({ ...config, rope_theta: config.rotary_emb_base ?? config.rope_theta, partial_rotary_factor: config.rotary_pct ?? config.partial_rotary_factor });
    const turn = rotary(rope, { headWidth, share: rope.partial_rotary_factor ?? 0.25, positions: max_position_embeddings });
    const blocks = Array.from({ length: layers }, (_, layer) => block(config, checkpoint, layer, headWidth, turn));
    const dimensions = { layers, heads, keyHeads: heads, width, headWidth, vocabulary, positions: reach(rope, max_position_embeddings) };
    return {
      kind: 'decoder',
      dimensions,
      stages: [tokenEmbedding(checkpoint, namesOf(checkpoint)('embed_in.weight'), vocabulary, width), ...blocks, unembed(config, checkpoint)],
      past: pastOf(layers, true),
      attentions: onlyAttention('decoder', dimensions),
      predicts: 'next',
      logits: 'logits',
      paths: pathsOf(config, checkpoint),
    };
  },
};

/**
 * Parallel: resid_pre → (LN → attention) + (LN → feed-forward) + resid_pre → resid_post; there is no
 * resid_mid. Sequential: the feed-forward reads resid_mid, after attention, as in GPT-2. All `[1, T, E]`.
 */
function block(config: Config, checkpoint: Checkpoint, layer: number, headWidth: number, rotary: Rotary): Stage {
  const { hidden_size: E, num_attention_heads: H, intermediate_size: F, hidden_act: act, layer_norm_eps: epsilon, attention_bias: bias } = config;
  const weights = namesOf(checkpoint);
  const w = (name: string): string => weights(`layers.${String(layer)}.${name}`);
  const name = `blocks.${String(layer)}`;
  const g = new StageBuilder(name, checkpoint);

  const x = residualBefore(g, layer, E);
  const before = layerNorm(g, x, `${name}.ln1`, w('input_layernorm'), E, epsilon);
  const z = attention(g, `${name}.attn`, queriesKeysValues(g, linear(g, before, w('attention.query_key_value'), E, 3 * E, bias), H, headWidth), {
    heads: H,
    keyHeads: H,
    headWidth,
    scale: 1 / Math.sqrt(headWidth),
    window: null,
    rotary,
  });
  const attentionOut = g.patchable(`${name}.hook_attn_out`, linear(g, z, w('attention.dense'), E, E, bias), [1, 'pos', E]);
  const sum = g.op('Add', [x, attentionOut]);
  const middle = config.use_parallel_residual ? sum : g.hook(`${name}.hook_resid_mid`, sum, [1, 'pos', E]);

  const read = layerNorm(g, config.use_parallel_residual ? x : middle, `${name}.ln2`, w('post_attention_layernorm'), E, epsilon);
  const neurons = feedForward(g, `${name}.mlp`, read, { up: w('mlp.dense_h_to_4h'), down: w('mlp.dense_4h_to_h') }, { width: E, inner: F, act, bias: true });
  const mlpOut = g.patchable(`${name}.hook_mlp_out`, neurons, [1, 'pos', E]);
  g.hook(`${name}.hook_resid_post`, g.op('Add', [middle, mlpOut]), [1, 'pos', E]);
  return g.build();
}

/** q, k, v of one head follow each other in the joint projection: `[1, T, H · 3D]` → three times `[1, T, H, D]`. */
function queriesKeysValues(g: StageBuilder, joint: Value, heads: number, headWidth: number): readonly [Value, Value, Value] {
  return g.split3(g.op('Reshape', [joint, g.whole(1, -1, heads, 3 * headWidth)]), 3);
}

/** Final LayerNorm, then logits `[1, logit, V]`. */
function unembed(config: Config, checkpoint: Checkpoint): Stage {
  const { hidden_size: E, num_hidden_layers, layer_norm_eps: epsilon } = config;
  const weights = namesOf(checkpoint);
  const g = new StageBuilder('unembed', checkpoint);
  const normalized = layerNorm(g, residualAfter(g, num_hidden_layers, E), 'ln_final', weights('final_layer_norm'), E, epsilon);
  logits(g, normalized, headOf(config, checkpoint));
  return g.build();
}

function headOf({ hidden_size: width, vocab_size: vocabulary, tie_word_embeddings: tied }: Config, checkpoint: Checkpoint): Head {
  return { width, vocabulary, matrix: tied ? namesOf(checkpoint)('embed_in.weight') : 'embed_out.weight' };
}

function pathsOf(config: Config, checkpoint: Checkpoint): ResidualPaths {
  const { hidden_size: E, intermediate_size: F, attention_bias: bias } = config;
  const D = E / config.num_attention_heads;
  const weights = namesOf(checkpoint);
  return residualPaths({
    attention: (layer) => linearOf(weights(`layers.${String(layer)}.attention.dense`), E, E, bias),
    feedForward: (layer) => linearOf(weights(`layers.${String(layer)}.mlp.dense_4h_to_h`), F, E, true),
    // Each head's queries, keys and values lie together.
    values: (layer) => ({ norm: layerNormOf(weights(`layers.${String(layer)}.input_layernorm`)), projection: linearOf(weights(`layers.${String(layer)}.attention.query_key_value`), E, 3 * E, bias), output: (channel) => 3 * D * Math.floor(channel / D) + 2 * D + (channel % D) }),
    norm: layerNormOf(weights('final_layer_norm')),
    head: headOf(config, checkpoint),
  });
}

const namesOf = (checkpoint: Checkpoint): ((name: string) => string) => naming(checkpoint, 'gpt_neox.', 'embed_in.weight');
