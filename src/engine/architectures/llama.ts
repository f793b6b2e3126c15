/**
 * Llama (Touvron et al. 2023) and its closest kin: Mistral, Qwen2 and Qwen3. Decoders with rotary
 * positions, RMSNorm before each part, grouped-query attention and SwiGLU. They differ in where there are
 * biases, whether heads are normalised, and which layers see a window only.
 * Read it downwards: embed, block × layers, unembed. `E` width, `F` neurons, `H` heads, `K` of keys, `D` wide.
 */
import * as v from 'valibot';
import type { Rotary } from '../rotary.ts';
import type { Checkpoint } from '../safetensors.ts';
import { StageBuilder, type Stage } from '../onnx/stage.ts';
import { onlyAttention, type Architecture, type Network, type ResidualPaths } from './architecture.ts';
import { attention, pastOf } from './attention.ts';
import { parseConfig, quotient, size } from './config.ts';
import { gatedFeedForward } from './feedForward.ts';
import { naming } from './naming.ts';
import { rmsNorm } from './norms.ts';
import { linear, linearOf } from './projections.ts';
import { residualPaths, rmsNormOf } from './residualPaths.ts';
import { logits, residualAfter, residualBefore, tokenEmbedding, type Head } from './residualStream.ts';
import { reach, ropeFields, ropeParameters, rotary } from './ropeConfig.ts';

const TYPES = ['llama', 'mistral', 'qwen2', 'qwen3'] as const;

const Config = v.object({
  model_type: v.picklist(TYPES),
  hidden_size: size.width,
  intermediate_size: size.inner,
  num_hidden_layers: size.layers,
  num_attention_heads: size.heads,
  num_key_value_heads: v.nullish(size.heads),
  head_dim: v.nullish(size.headWidth),
  vocab_size: size.vocabulary,
  hidden_act: v.optional(v.string(), 'silu'),
  rms_norm_eps: v.optional(v.number(), 1e-6),
  tie_word_embeddings: v.optional(v.boolean(), false),
  attention_bias: v.optional(v.boolean(), false),
  mlp_bias: v.optional(v.boolean(), false),
  sliding_window: v.optional(v.nullable(size.positions), 4096),
  use_sliding_window: v.optional(v.boolean(), false),
  max_window_layers: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0)), 28),
  layer_types: v.nullish(v.array(v.string())),
  ...ropeFields,
});

type Config = v.InferOutput<typeof Config>;

/** The configuration with what it leaves open settled. */
interface Llama {
  readonly config: Config;
  readonly keyHeads: number;
  readonly headWidth: number;
  readonly rotary: Rotary;
  readonly bias: { readonly qkv: boolean; readonly out: boolean; readonly feedForward: boolean };
  /** Qwen3 normalises each head of the queries and keys. */
  readonly headNorm: boolean;
  readonly weights: (name: string) => string;
}

export const llama: Architecture = {
  types: TYPES,
  build(raw, checkpoint): Network {
    const config = parseConfig(Config, raw);
    const { num_hidden_layers: layers, num_attention_heads: heads, hidden_size: width, vocab_size: vocabulary } = config;
    const model = settle(config, checkpoint);
    const { keyHeads, headWidth, weights } = model;
    const blocks = Array.from({ length: layers }, (_, layer) => block(model, checkpoint, layer));
    const dimensions = { layers, heads, keyHeads, width, headWidth, vocabulary, positions: reach(ropeParameters(config), config.max_position_embeddings) };
    return {
      kind: 'decoder',
      dimensions,
      stages: [tokenEmbedding(checkpoint, weights('embed_tokens.weight'), vocabulary, width), ...blocks, unembed(model, checkpoint)],
      past: pastOf(layers, true),
      attentions: onlyAttention('decoder', dimensions),
      predicts: 'next',
      logits: 'logits',
      paths: pathsOf(model),
    };
  },
};

/** @throws ProblemError `model.badConfig` for heads that do not fit together */
function settle(config: Config, checkpoint: Checkpoint): Llama {
  const { model_type: type, attention_bias } = config;
  const headWidth = config.head_dim ?? quotient(config, 'hidden_size', 'num_attention_heads');
  const num_key_value_heads = config.num_key_value_heads ?? config.num_attention_heads;
  quotient({ ...config, num_key_value_heads }, 'num_attention_heads', 'num_key_value_heads');
  const biased = attention_bias && (type === 'llama' || type === 'qwen3');
  return {
    config,
    keyHeads: num_key_value_heads,
    headWidth,
    rotary: rotary(ropeParameters(config), { headWidth, share: 1, positions: config.max_position_embeddings }),
    bias: { qkv: biased || type === 'qwen2', out: biased, feedForward: config.mlp_bias && type === 'llama' },
    headNorm: type === 'qwen3',
    weights: naming(checkpoint, 'model.', 'embed_tokens.weight'),
  };
}

/** How far back a layer sees: Mistral has a window in all layers, Qwen in the upper ones or in those it lists. */
function windowOf({ model_type: type, ...config }: Config, layer: number): number | null {
  if (type === 'llama') return null;
  if (type === 'mistral') return config.sliding_window;
  const slides = config.layer_types ? config.layer_types[layer] === 'sliding_attention' : layer >= config.max_window_layers;
  return config.use_sliding_window && slides ? config.sliding_window : null;
}

/** resid_pre → RMSNorm → attention → + → resid_mid → RMSNorm → SwiGLU → + → resid_post, all `[1, T, E]`. */
function block({ config, keyHeads: K, headWidth: D, rotary, bias, headNorm, weights }: Llama, checkpoint: Checkpoint, layer: number): Stage {
  const { hidden_size: E, intermediate_size: F, num_attention_heads: H, hidden_act: act, rms_norm_eps: epsilon } = config;
  const w = (name: string): string => weights(`layers.${String(layer)}.${name}`);
  const name = `blocks.${String(layer)}`;
  const g = new StageBuilder(name, checkpoint);

  const x = residualBefore(g, layer, E);
  const before = rmsNorm(g, x, `${name}.ln1`, { weight: w('input_layernorm.weight'), width: E, epsilon });
  const project = (part: string, heads: number): string => linear(g, before, w(`self_attn.${part}`), E, heads * D, bias.qkv);
  const z = attention(g, `${name}.attn`, [project('q_proj', H), project('k_proj', K), project('v_proj', K)], {
    heads: H,
    keyHeads: K,
    headWidth: D,
    scale: 1 / Math.sqrt(D),
    window: windowOf(config, layer),
    rotary,
    normalize: (heads, of, n) => (headNorm ? rmsNorm(g, heads, `${name}.attn.${of}_norm`, { weight: w(`self_attn.${of}_norm.weight`), width: D, epsilon, of: [1, 'pos', n] }) : heads),
  });
  const attentionOut = g.patchable(`${name}.hook_attn_out`, linear(g, z, w('self_attn.o_proj'), H * D, E, bias.out), [1, 'pos', E]);
  const middle = g.hook(`${name}.hook_resid_mid`, g.op('Add', [x, attentionOut]), [1, 'pos', E]);

  const between = rmsNorm(g, middle, `${name}.ln2`, { weight: w('post_attention_layernorm.weight'), width: E, epsilon });
  const neurons = gatedFeedForward(g, `${name}.mlp`, between, w('mlp'), { width: E, inner: F, act, bias: bias.feedForward });
  const mlpOut = g.patchable(`${name}.hook_mlp_out`, neurons, [1, 'pos', E]);
  g.hook(`${name}.hook_resid_post`, g.op('Add', [middle, mlpOut]), [1, 'pos', E]);
  return g.build();
}

/** Final RMSNorm, then logits `[1, logit, V]`. */
function unembed(model: Llama, checkpoint: Checkpoint): Stage {
  const { config, weights } = model;
  const { hidden_size: E, num_hidden_layers, rms_norm_eps: epsilon } = config;
  const g = new StageBuilder('unembed', checkpoint);
  const normalized = rmsNorm(g, residualAfter(g, num_hidden_layers, E), 'ln_final', { weight: weights('norm.weight'), width: E, epsilon });
  logits(g, normalized, headOf(model));
  return g.build();
}

function headOf({ config: { hidden_size: width, vocab_size: vocabulary, tie_word_embeddings: tied }, weights }: Llama): Head {
  return { width, vocabulary, matrix: tied ? weights('embed_tokens.weight') : 'lm_head.weight' };
}

function pathsOf(model: Llama): ResidualPaths {
  const { config, headWidth, keyHeads: K, bias, weights } = model;
  const { hidden_size: E, intermediate_size: F, num_attention_heads: H } = config;
  return residualPaths({
    attention: (layer) => linearOf(weights(`layers.${String(layer)}.self_attn.o_proj`), H * headWidth, E, bias.out),
    feedForward: (layer) => linearOf(weights(`layers.${String(layer)}.mlp.down_proj`), F, E, bias.feedForward),
    values: (layer) => ({ norm: rmsNormOf(weights(`layers.${String(layer)}.input_layernorm`)), projection: linearOf(weights(`layers.${String(layer)}.self_attn.v_proj`), E, K * headWidth, bias.qkv) }),
    norm: rmsNormOf(weights('norm')),
    head: headOf(model),
  });
}
