/**
 * T5 (Raffel et al. 2020), its versions 1.1 and FLAN, and mT5: an encoder–decoder with positions by relative bias,
 * RMSNorm before each part, no biases, and in the later versions a gated feed-forward (Shazeer 2020).
 * `E` width, `H` heads, `D` head width, `F` neurons, `V` vocabulary.
 */
import * as v from 'valibot';
import type { DistanceBuckets } from '../distances.ts';
import { requireShape, StageBuilder, type Stage, type Value } from '../onnx/stage.ts';
import { ProblemError } from '../problemError.ts';
import type { Checkpoint } from '../safetensors.ts';
import { UNEMBEDDED } from '../streams.ts';
import { MOST_TOKENS } from '../window.ts';
import type { Architecture, Network } from './architecture.ts';
import { attention } from './attention.ts';
import { count, parseConfig, size } from './config.ts';
import { crossAttention, crossKeys } from './crossAttention.ts';
import { encoderDecoder, residualBefore, residualInto, residualOutOf, sublayer, type Side, type Sublayers } from './encoderDecoder.ts';
import { feedForward, gatedFeedForward } from './feedForward.ts';
import { outputRules } from './generation.ts';
import { stored } from './naming.ts';
import { rmsNorm } from './norms.ts';
import { linear } from './projections.ts';
import { logits } from './residualStream.ts';
import { relativeBias } from './relativeBias.ts';

const Config = v.object({
  vocab_size: size.vocabulary,
  d_model: size.width,
  d_kv: size.headWidth,
  d_ff: size.inner,
  num_layers: size.layers,
  num_decoder_layers: v.nullish(size.layers),
  num_heads: size.heads,
  relative_attention_num_buckets: v.optional(v.pipe(count(10_000), v.minValue(4)), 32),
  relative_attention_max_distance: v.optional(count(1_000_000), 128),
  layer_norm_epsilon: v.optional(v.number(), 1e-6),
  feed_forward_proj: v.optional(v.string(), 'relu'),
  tie_word_embeddings: v.optional(v.boolean(), true),
  scale_decoder_outputs: v.optional(v.boolean()),
  is_encoder_decoder: v.optional(v.literal(true, 'is_encoder_decoder must be true'), true),
});

type Config = v.InferOutput<typeof Config>;

/** A checkpoint with what its configuration says, resolved. */
interface T5 {
  readonly config: Config;
  readonly checkpoint: Checkpoint;
  readonly layers: Readonly<Record<Side, number>>;
  readonly buckets: Readonly<Record<Side, DistanceBuckets>>;
  readonly feedForward: { readonly act: string; readonly gated: boolean };
  /** Factor on what the head reads: where the head is the matrix of token embeddings. */
  readonly headScale: number;
}

/** Positions have no table that ends: as many as are shown at all. */
const POSITIONS = MOST_TOKENS;

export const t5: Architecture = {
  types: ['t5', 'mt5'],
  build(raw, checkpoint, generation): Network {
    const config = parseConfig(Config, raw);
    const { d_model: width, num_heads: heads, d_kv: headWidth, vocab_size: vocabulary } = config;
    const { model_type: type } = parseConfig(v.object({ model_type: v.string() }), raw);
    const scales = type === 't5' && (config.scale_decoder_outputs ?? config.tie_word_embeddings);
    const model: T5 = {
      config,
      checkpoint,
      layers: { encoder: config.num_layers, decoder: config.num_decoder_layers ?? config.num_layers },
      buckets: { encoder: bucketsOf(config, true), decoder: bucketsOf(config, false) },
      feedForward: feedForwardOf(config.feed_forward_proj),
      headScale: scales ? 1 / Math.sqrt(width) : 1,
    };
    const of = (side: Side, make: (layer: number) => Stage): Stage[] => Array.from({ length: model.layers[side] }, (_, layer) => make(layer));
    const stages = {
      encoder: [embed(model, 'encoder'), ...of('encoder', (layer) => encoderBlock(model, layer)), encoderEnd(model)],
      crossKeys: of('decoder', (layer) => keysOfText(model, layer)),
      decoder: [embed(model, 'decoder'), ...of('decoder', (layer) => decoderBlock(model, layer)), unembed(model)],
    };
    const writing = { decoder_start_token_id: 0, pad_token_id: 0, eos_token_id: 1 };
    const dimensions = { layers: model.layers.decoder, heads, width, headWidth, vocabulary, positions: POSITIONS };
    return encoderDecoder({ layers: model.layers.encoder, heads }, dimensions, stages, outputRules(raw, generation, { vocabulary, positions: POSITIONS }, writing));
  },
};

/** @throws ProblemError `model.badConfig` where no distance is left for the wider buckets */
function bucketsOf({ relative_attention_num_buckets: buckets, relative_attention_max_distance: furthest }: Config, bidirectional: boolean): DistanceBuckets {
  if (furthest > buckets / 2) return { count: buckets, furthest, bidirectional };
  throw new ProblemError('model.badConfig', { detail: 'relative_attention_max_distance must be more than half of relative_attention_num_buckets' });
}

/** `gated-gelu` is the tanh approximation, whatever `gelu` means elsewhere. @throws ProblemError `model.badConfig` */
function feedForwardOf(projection: string): T5['feedForward'] {
  const [, gated, act = ''] = /^(gated-)?([^-]+)$/.exec(projection) ?? [];
  if (!act) throw new ProblemError('model.badConfig', { detail: `feed_forward_proj "${projection}" is neither an activation function nor gated-‹function›` });
  return { act: gated && act === 'gelu' ? 'gelu_new' : act, gated: gated !== undefined };
}

const embeddingOf = (side: Side): string => `${side}.hook_embed`;
const sequenceOf = (side: Side): 'text' | 'output' => (side === 'encoder' ? 'text' : 'output');

/** One matrix under several names, of which a checkpoint has one or more; a head of its own goes by its own name. */
const TIED = ['shared.weight', 'encoder.embed_tokens.weight', 'decoder.embed_tokens.weight', 'lm_head.weight'] as const;

/** Rows of the tokens are the first residual stream. */
function embed({ config: { d_model: E, vocab_size: V }, checkpoint }: T5, side: Side): Stage {
  const weight = stored(checkpoint, `${side}.embed_tokens.weight`, ...TIED);
  requireShape(checkpoint, weight, [V, E]);
  const g = new StageBuilder(`${side}.embed`, checkpoint, sequenceOf(side));
  g.patchable(embeddingOf(side), g.input('token_rows', [1, 'pos', E], { from: 'rows', weight, of: 'tokens' }), [1, 'pos', E]);
  return g.build();
}

function blockOf({ config, checkpoint }: T5, side: Side, layer: number): Sublayers {
  const name = `${side}.${String(layer)}`;
  const g = new StageBuilder(name, checkpoint, sequenceOf(side));
  const norm = (x: Value, hook: string, weight: string): Value => rmsNorm(g, x, hook, { weight, width: config.d_model, epsilon: config.layer_norm_epsilon });
  return { g, name, width: config.d_model, norm, normFirst: true };
}

/** resid_pre → norm → attention → + → resid_mid → norm → feed-forward → + → resid_post, all `[1, pos, E]`. */
function encoderBlock(model: T5, layer: number): Stage {
  const block = blockOf(model, 'encoder', layer);
  const before = residualInto(block.g, block.name, residualBefore('encoder', layer, embeddingOf('encoder'), true), model.config.d_model);
  const x = selfAttention(model, block, 'encoder', layer, before);
  residualOutOf(block, neurons(model, block, `encoder.block.${String(layer)}.layer.1`, x, 'ln2'));
  return block.g.build();
}

/** As the encoder's, with the attention to the text in between: resid_mid → norm → cross-attention → + → resid_mid_cross. */
function decoderBlock(model: T5, layer: number): Stage {
  const { d_model: E, num_heads: H, d_kv: D } = model.config;
  const block = blockOf(model, 'decoder', layer);
  const { g, name } = block;
  const before = residualInto(g, name, residualBefore('decoder', layer, embeddingOf('decoder'), true), E);
  const x = selfAttention(model, block, 'decoder', layer, before);
  const w = `decoder.block.${String(layer)}.layer.1`;
  const read = (normalized: Value): Value => {
    const queries = linear(g, normalized, `${w}.EncDecAttention.q`, E, H * D, false);
    return linear(g, crossAttention(g, `${name}.cross_attn`, queries, headsOf(model)), `${w}.EncDecAttention.o`, H * D, E, false);
  };
  const crossed = sublayer(block, x, read, { norm: 'ln2', weights: `${w}.layer_norm.weight`, out: 'hook_cross_attn_out', sum: 'hook_resid_mid_cross' });
  residualOutOf(block, neurons(model, block, `decoder.block.${String(layer)}.layer.2`, crossed, 'ln3'));
  return g.build();
}

/** q·k is not scaled. The first layer's biases serve all layers of its side. */
function selfAttention(model: T5, block: Sublayers, side: Side, layer: number, x: Value): Value {
  const { d_model: E, num_heads: H, d_kv: D } = model.config;
  const { g, name } = block;
  const w = `${side}.block.${String(layer)}.layer.0`;
  const look = (normalized: Value): Value => {
    const project = (of: string): Value => linear(g, normalized, `${w}.SelfAttention.${of}`, E, H * D, false);
    const bias = relativeBias(g, `${side}.block.0.layer.0.SelfAttention.relative_attention_bias.weight`, H, model.buckets[side]);
    const z = attention(g, `${name}.attn`, [project('q'), project('k'), project('v')], { ...headsOf(model), keyHeads: H, causal: side === 'decoder', window: null, rotary: null, bias });
    return linear(g, z, `${w}.SelfAttention.o`, H * D, E, false);
  };
  return sublayer(block, x, look, { norm: 'ln1', weights: `${w}.layer_norm.weight`, out: 'hook_attn_out', sum: 'hook_resid_mid' });
}

function neurons({ config, feedForward: { act, gated } }: T5, block: Sublayers, weights: string, x: Value, norm: string): Value {
  const { d_model: width, d_ff: inner } = config;
  const { g, name } = block;
  const w = (part: string): string => `${weights}.DenseReluDense.${part}`;
  const compute = (normalized: Value): Value =>
    gated
      ? gatedFeedForward(g, `${name}.mlp`, normalized, { gate: w('wi_0'), up: w('wi_1'), down: w('wo') }, { width, inner, act, bias: false })
      : feedForward(g, `${name}.mlp`, normalized, { up: w('wi'), down: w('wo') }, { width, inner, act, bias: false });
  return sublayer(block, x, compute, { norm, weights: `${weights}.layer_norm.weight`, out: 'hook_mlp_out', sum: 'hook_resid_post' });
}

const headsOf = ({ config: { num_heads, d_kv } }: T5) => ({ heads: num_heads, headWidth: d_kv, scale: 1 });

/** What the blocks of a side leave, normalised once more. */
function endOf(g: StageBuilder, { config, layers }: T5, side: Side): Value {
  const { d_model: E, layer_norm_epsilon: epsilon } = config;
  const x = g.input('residual', [1, 'pos', E], { from: 'stage', tensor: residualBefore(side, layers[side], embeddingOf(side), true) });
  return rmsNorm(g, x, `${side}_final_ln`, { weight: `${side}.final_layer_norm.weight`, width: E, epsilon });
}

/** Connects the encoder with the decoder's layers; `encoder_final_ln.hook_normalized` is before the norm's weight. */
const ENCODED = 'encoder.out';

function encoderEnd(model: T5): Stage {
  const g = new StageBuilder('encoder.end', model.checkpoint, 'text');
  g.hook(ENCODED, endOf(g, model, 'encoder'), [1, 'pos', model.config.d_model]);
  return g.build();
}

function keysOfText(model: T5, layer: number): Stage {
  const w = `decoder.block.${String(layer)}.layer.1.EncDecAttention`;
  return crossKeys(model.checkpoint, `decoder.${String(layer)}.cross_attn`, { tensor: ENCODED, width: model.config.d_model }, headsOf(model), { key: `${w}.k`, value: `${w}.v`, bias: false });
}

/** Logits `[1, logit, V]` of what is written. */
function unembed(model: T5): Stage {
  const { checkpoint, headScale } = model;
  const { d_model: width, vocab_size: vocabulary } = model.config;
  const g = new StageBuilder('unembed', checkpoint, 'output');
  const normalized = g.patchable(UNEMBEDDED, endOf(g, model, 'decoder'), [1, 'pos', width]);
  const scaled = headScale === 1 ? normalized : g.op('Mul', [normalized, g.scalar(headScale)]);
  logits(g, scaled, { width, vocabulary, matrix: stored(checkpoint, 'lm_head.weight', ...TIED) });
  return g.build();
}
