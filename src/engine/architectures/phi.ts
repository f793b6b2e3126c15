/**
 * Phi 1, 1.5 and 2 (Gunasekar et al. 2023): a decoder with one LayerNorm a block, from which attention and
 * feed-forward read side by side, rotary positions on a part of each head, and biases everywhere.
 * Read it downwards: embed, block × layers, unembed. `E` width, `F` neurons, `H` heads, `K` of keys, `D` wide.
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
  num_key_value_heads: v.nullish(size.heads),
  vocab_size: size.vocabulary,
  hidden_act: v.optional(v.string(), 'gelu_new'),
  layer_norm_eps: v.optional(v.number(), 1e-5),
  tie_word_embeddings: v.optional(v.boolean(), false),
  qk_layernorm: v.optional(v.literal(false, 'qk_layernorm must be false'), false),
  ...ropeFields,
});

type Config = v.InferOutput<typeof Config>;

export const phi: Architecture = {
  types: ['phi'],
  build(raw, checkpoint): Network {
    const config = parseConfig(Config, raw);
    const { num_hidden_layers: layers, num_attention_heads: heads, hidden_size: width, vocab_size: vocabulary, max_position_embeddings } = config;
    const headWidth = quotient(config, 'hidden_size', 'num_attention_heads');
    const keyHeads = config.num_key_value_heads ?? heads;
    quotient({ ...config, num_key_value_heads: keyHeads }, 'num_attention_heads', 'num_key_value_heads');
    const rope = ropeParameters(config);
    const turn = rotary(rope, { headWidth, share: rope.partial_rotary_factor ?? 0.5, positions: max_position_embeddings });
    const blocks = Array.from({ length: layers }, (_, layer) => block(config, checkpoint, layer, { keyHeads, headWidth, rotary: turn }));
    const dimensions = { layers, heads, keyHeads, width, headWidth, vocabulary, positions: reach(rope, max_position_embeddings) };
    return {
      kind: 'decoder',
      dimensions,
      stages: [tokenEmbedding(checkpoint, namesOf(checkpoint)('embed_tokens.weight'), vocabulary, width), ...blocks, unembed(config, checkpoint)],
      past: pastOf(layers, true),
      attentions: onlyAttention('decoder', dimensions),
      predicts: 'next',
      logits: 'logits',
      paths: pathsOf(config, checkpoint, headWidth),
    };
  },
};

interface Heads {
  readonly keyHeads: number;
  readonly headWidth: number;
  readonly rotary: Rotary;
}

/** resid_pre → LN → attention + feed-forward, both added to resid_pre → resid_post, all `[1, T, E]`. */
function block(config: Config, checkpoint: Checkpoint, layer: number, { keyHeads: K, headWidth: D, rotary }: Heads): Stage {
  const { hidden_size: E, num_attention_heads: H, intermediate_size: F, hidden_act: act, layer_norm_eps: epsilon } = config;
  const weights = namesOf(checkpoint);
  const w = (name: string): string => weights(`layers.${String(layer)}.${name}`);
  const name = `blocks.${String(layer)}`;
  const g = new StageBuilder(name, checkpoint);

  const x = residualBefore(g, layer, E);
  const read = layerNorm(g, x, `${name}.ln1`, w('input_layernorm'), E, epsilon);
  const project = (part: string, heads: number): Value => linear(g, read, w(`self_attn.${part}`), E, heads * D, true);
  const z = attention(g, `${name}.attn`, [project('q_proj', H), project('k_proj', K), project('v_proj', K)], {
    heads: H,
    keyHeads: K,
    headWidth: D,
    scale: 1 / Math.sqrt(D),
    window: null,
    rotary,
  });
  const attentionOut = g.patchable(`${name}.hook_attn_out`, linear(g, z, w('self_attn.dense'), H * D, E, true), [1, 'pos', E]);
  const neurons = feedForward(g, `${name}.mlp`, read, { up: w('mlp.fc1'), down: w('mlp.fc2') }, { width: E, inner: F, act, bias: true });
  const mlpOut = g.patchable(`${name}.hook_mlp_out`, neurons, [1, 'pos', E]);
  g.hook(`${name}.hook_resid_post`, g.op('Add', [g.op('Add', [x, attentionOut]), mlpOut]), [1, 'pos', E]);
  return g.build();
}

/** Final LayerNorm, then logits `[1, logit, V]`, with a bias. */
function unembed(config: Config, checkpoint: Checkpoint): Stage {
  const { hidden_size: E, num_hidden_layers, layer_norm_eps: epsilon } = config;
  const weights = namesOf(checkpoint);
  const g = new StageBuilder('unembed', checkpoint);
  const normalized = layerNorm(g, residualAfter(g, num_hidden_layers, E), 'ln_final', weights('final_layernorm'), E, epsilon);
  logits(g, normalized, headOf(config, checkpoint));
  return g.build();
}

function headOf({ hidden_size: width, vocab_size: vocabulary, tie_word_embeddings: tied }: Config, checkpoint: Checkpoint): Head {
  return { width, vocabulary, matrix: tied ? namesOf(checkpoint)('embed_tokens.weight') : 'lm_head.weight', bias: 'lm_head.bias' };
}

function pathsOf(config: Config, checkpoint: Checkpoint, headWidth: number): ResidualPaths {
  const { hidden_size: E, intermediate_size: F, num_attention_heads: H } = config;
  const K = config.num_key_value_heads ?? H;
  const weights = namesOf(checkpoint);
  return residualPaths({
    attention: (layer) => linearOf(weights(`layers.${String(layer)}.self_attn.dense`), H * headWidth, E, true),
    feedForward: (layer) => linearOf(weights(`layers.${String(layer)}.mlp.fc2`), F, E, true),
    values: (layer) => ({ norm: layerNormOf(weights(`layers.${String(layer)}.input_layernorm`)), projection: linearOf(weights(`layers.${String(layer)}.self_attn.v_proj`), E, K * headWidth, true) }),
    norm: layerNormOf(weights('final_layernorm')),
    head: headOf(config, checkpoint),
  });
}

const namesOf = (checkpoint: Checkpoint): ((name: string) => string) => naming(checkpoint, 'model.', 'embed_tokens.weight');
