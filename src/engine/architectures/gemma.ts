/**
 * Gemma 1, 2 and 3 (Gemma Team 2024, 2025; text models): decoders with rotary positions and a GELU gate,
 * whose norms store their weight as a difference from 1 and whose embeddings are multiplied by √E.
 * 2 and 3 also normalise what each part gives, and let some layers see a window only; 2 bounds scores
 * and logits; 3 normalises heads and turns layers with a window by other angles.
 * Read it downwards: embed, block × layers, unembed. `E` width, `F` neurons, `H` heads, `K` of keys, `D` wide.
 */
import * as v from 'valibot';
import type { Rotary } from '../rotary.ts';
import type { Checkpoint } from '../safetensors.ts';
import { StageBuilder, type Stage, type Value } from '../onnx/stage.ts';
import { onlyAttention, type Architecture, type Network, type ResidualPaths } from './architecture.ts';
import { attention, pastOf } from './attention.ts';
import { parseConfig, quotient, size } from './config.ts';
import { gatedFeedForward } from './feedForward.ts';
import { naming } from './naming.ts';
import { rmsNorm } from './norms.ts';
import { linear, linearOf } from './projections.ts';
import { residualPaths, rmsNormOf } from './residualPaths.ts';
import { logits, residualAfter, residualBefore, tokenEmbedding, type Head } from './residualStream.ts';
import { ropeFields, RopeParameters, ropeParameters, rotary } from './ropeConfig.ts';

const TYPES = ['gemma', 'gemma2', 'gemma3_text'] as const;

const bound = v.nullish(v.pipe(v.number(), v.gtValue(0)));

const Config = v.object({
  model_type: v.picklist(TYPES),
  hidden_size: size.width,
  intermediate_size: size.inner,
  num_hidden_layers: size.layers,
  num_attention_heads: size.heads,
  num_key_value_heads: size.heads,
  head_dim: v.optional(size.headWidth, 256),
  vocab_size: size.vocabulary,
  max_position_embeddings: size.positions,
  hidden_act: v.nullish(v.string()),
  hidden_activation: v.nullish(v.string()),
  rms_norm_eps: v.optional(v.number(), 1e-6),
  tie_word_embeddings: v.optional(v.boolean(), true),
  attention_bias: v.optional(v.boolean(), false),
  query_pre_attn_scalar: v.optional(v.pipe(v.number(), v.gtValue(0)), 256),
  sliding_window: v.optional(v.nullable(size.positions), 4096),
  sliding_window_pattern: v.optional(size.layers, 6),
  layer_types: v.nullish(v.array(v.string())),
  attn_logit_softcapping: bound,
  final_logit_softcapping: bound,
  use_bidirectional_attention: v.nullish(v.literal(false, 'models that look both ways cannot be opened')),
});

type Config = v.InferOutput<typeof Config>;

/** The configuration with what it leaves open settled. */
interface Gemma {
  readonly config: Config;
  readonly act: string;
  /** So many keys a layer's query sees at most, or all before it. */
  readonly window: (layer: number) => number | null;
  readonly rotary: (layer: number) => Rotary;
  readonly weights: (name: string) => string;
}

export const gemma: Architecture = {
  types: TYPES,
  build(raw, checkpoint): Network {
    const config = parseConfig(Config, raw);
    const { num_hidden_layers: layers, num_attention_heads: heads, num_key_value_heads: keyHeads, head_dim: headWidth, hidden_size: width, vocab_size: vocabulary, max_position_embeddings: positions } = config;
    quotient(config, 'num_attention_heads', 'num_key_value_heads');
    const model = settle(config, raw, checkpoint);
    const blocks = Array.from({ length: layers }, (_, layer) => block(model, checkpoint, layer));
    const dimensions = { layers, heads, keyHeads, width, headWidth, vocabulary, positions };
    return {
      kind: 'decoder',
      dimensions,
      stages: [tokenEmbedding(checkpoint, model.weights('embed_tokens.weight'), vocabulary, width, Math.sqrt(width)), ...blocks, unembed(model, checkpoint)],
      past: pastOf(layers, true),
      attentions: onlyAttention('decoder', dimensions),
      predicts: 'next',
      logits: 'logits',
      paths: pathsOf(model),
    };
  },
};

function settle(config: Config, raw: unknown, checkpoint: Checkpoint): Gemma {
  const { model_type: type } = config;
  // Every second layer of Gemma 2 sees all, every sixth of Gemma 3.
  const pattern = type === 'gemma2' ? 2 : config.sliding_window_pattern;
  const slides = (layer: number): boolean => type !== 'gemma' && (config.layer_types ? config.layer_types[layer] === 'sliding_attention' : (layer + 1) % pattern !== 0);
  const { near, far } = rotaries(config, raw);
  // The first Gemma's config says "gelu" and means the approximation by tanh.
  const named = type === 'gemma' ? config.hidden_act : config.hidden_activation;
  return {
    config,
    act: !named || (type === 'gemma' && named === 'gelu') ? 'gelu_pytorch_tanh' : named,
    window: (layer) => (slides(layer) ? config.sliding_window : null),
    rotary: (layer) => (slides(layer) ? near : far),
    weights: naming(checkpoint, 'model.', 'embed_tokens.weight'),
  };
}

/** Gemma 3: transformers 4 has `rope_local_base_freq` for layers with a window, 5 has parameters for each kind of layer. */
const Gemma3Rope = v.object({
  ...ropeFields,
  rope_local_base_freq: ropeFields.rope_theta,
  rope_parameters: v.nullish(v.object({ full_attention: v.nullish(RopeParameters), sliding_attention: v.nullish(RopeParameters) })),
});

/** Angles of layers that see a window and of those that see all: one set for both but in Gemma 3. */
function rotaries({ model_type: type, head_dim: headWidth, max_position_embeddings: positions }: Config, raw: unknown): { readonly near: Rotary; readonly far: Rotary } {
  const of = { headWidth, share: 1, positions };
  if (type !== 'gemma3_text') {
    const both = rotary(ropeParameters(parseConfig(v.object(ropeFields), raw)), of);
    return { near: both, far: both };
  }
  const { rope_parameters: parameters, rope_local_base_freq: local, ...rope } = parseConfig(Gemma3Rope, raw);
  const near = ropeParameters({ ...rope, rope_scaling: null, rope_theta: local ?? 10_000, rope_parameters: parameters?.sliding_attention });
  const far = ropeParameters({ ...rope, rope_theta: rope.rope_theta ?? 1_000_000, rope_parameters: parameters?.full_attention });
  return { near: rotary(near, of), far: rotary(far, of) };
}

/** resid_pre → norm → attention → (norm) → + → resid_mid → norm → feed-forward → (norm) → + → resid_post, all `[1, T, E]`. */
function block({ config, act, window, rotary, weights }: Gemma, checkpoint: Checkpoint, layer: number): Stage {
  const { model_type: type, hidden_size: E, intermediate_size: F, num_attention_heads: H, num_key_value_heads: K, head_dim: D, rms_norm_eps: epsilon, attention_bias: bias } = config;
  const w = (name: string): string => weights(`layers.${String(layer)}.${name}`);
  const name = `blocks.${String(layer)}`;
  const g = new StageBuilder(name, checkpoint);
  const norm = (x: Value, hook: string, weight: string): Value => rmsNorm(g, x, `${name}.${hook}`, { weight: w(`${weight}.weight`), width: E, epsilon, offset: 1 });
  const after = (x: Value, hook: string, weight: string): Value => (type === 'gemma' ? x : norm(x, hook, weight));

  const x = residualBefore(g, layer, E);
  const before = norm(x, 'ln1', 'input_layernorm');
  const project = (part: string, heads: number): Value => linear(g, before, w(`self_attn.${part}`), E, heads * D, bias);
  const z = attention(g, `${name}.attn`, [project('q_proj', H), project('k_proj', K), project('v_proj', K)], {
    heads: H,
    keyHeads: K,
    headWidth: D,
    scale: 1 / Math.sqrt(type === 'gemma' ? D : config.query_pre_attn_scalar),
    window: window(layer),
    rotary: rotary(layer),
    softcap: type === 'gemma2' ? config.attn_logit_softcapping ?? null : null,
    normalize: (heads, of, n) =>
      type === 'gemma3_text' ? rmsNorm(g, heads, `${name}.attn.${of}_norm`, { weight: w(`self_attn.${of}_norm.weight`), width: D, epsilon, offset: 1, of: [1, 'pos', n] }) : heads,
  });
  const attended = linear(g, z, w('self_attn.o_proj'), H * D, E, bias);
  const attentionOut = g.patchable(`${name}.hook_attn_out`, after(attended, 'ln1_post', 'post_attention_layernorm'), [1, 'pos', E]);
  const middle = g.hook(`${name}.hook_resid_mid`, g.op('Add', [x, attentionOut]), [1, 'pos', E]);

  const between = norm(middle, 'ln2', type === 'gemma' ? 'post_attention_layernorm' : 'pre_feedforward_layernorm');
  const neurons = gatedFeedForward(g, `${name}.mlp`, between, w('mlp'), { width: E, inner: F, act, bias: false });
  const mlpOut = g.patchable(`${name}.hook_mlp_out`, after(neurons, 'ln2_post', 'post_feedforward_layernorm'), [1, 'pos', E]);
  g.hook(`${name}.hook_resid_post`, g.op('Add', [middle, mlpOut]), [1, 'pos', E]);
  return g.build();
}

/** Final norm, then logits `[1, logit, V]`. */
function unembed(model: Gemma, checkpoint: Checkpoint): Stage {
  const { config, weights } = model;
  const { hidden_size: E, num_hidden_layers, rms_norm_eps: epsilon } = config;
  const g = new StageBuilder('unembed', checkpoint);
  const normalized = rmsNorm(g, residualAfter(g, num_hidden_layers, E), 'ln_final', { weight: weights('norm.weight'), width: E, epsilon, offset: 1 });
  logits(g, normalized, headOf(model));
  return g.build();
}

function headOf({ config, weights }: Gemma): Head {
  const { model_type: type, hidden_size: width, vocab_size: vocabulary, tie_word_embeddings: tied } = config;
  return { width, vocabulary, matrix: tied ? weights('embed_tokens.weight') : 'lm_head.weight', softcap: type === 'gemma' ? null : (config.final_logit_softcapping ?? null) };
}

function pathsOf(model: Gemma): ResidualPaths {
  const { config, weights } = model;
  const { model_type: type, hidden_size: E, intermediate_size: F, num_attention_heads: H, num_key_value_heads: K, head_dim: D, attention_bias: bias } = config;
  const names = { ln1_post: 'post_attention_layernorm', ln2_post: 'post_feedforward_layernorm' } as const;
  return residualPaths({
    attention: (layer) => linearOf(weights(`layers.${String(layer)}.self_attn.o_proj`), H * D, E, bias),
    feedForward: (layer) => linearOf(weights(`layers.${String(layer)}.mlp.down_proj`), F, E, false),
    ...(type === 'gemma' ? {} : { after: (layer, part) => rmsNormOf(weights(`layers.${String(layer)}.${names[part]}`), 1) }),
    values: (layer) => ({ norm: rmsNormOf(weights(`layers.${String(layer)}.input_layernorm`), 1), projection: linearOf(weights(`layers.${String(layer)}.self_attn.v_proj`), E, K * D, bias) }),
    norm: rmsNormOf(weights('norm'), 1),
    head: headOf(model),
  });
}
