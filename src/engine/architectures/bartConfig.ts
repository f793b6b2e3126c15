/** What config.json of Marian, BART and their descendants alike says, and the names they give to tensors. */
import * as v from 'valibot';
import type { Checkpoint } from '../safetensors.ts';
import type { Network } from './architecture.ts';
import { bartStages } from './bartBlocks.ts';
import { parseConfig, quotient, size } from './config.ts';
import { encoderDecoder } from './encoderDecoder.ts';
import { outputRules, type Defaults } from './generation.ts';
import { naming, stored } from './naming.ts';

const Config = v.object({
  vocab_size: size.vocabulary,
  decoder_vocab_size: v.nullish(size.vocabulary),
  max_position_embeddings: size.positions,
  encoder_layers: size.layers,
  encoder_attention_heads: size.heads,
  encoder_ffn_dim: size.inner,
  decoder_layers: size.layers,
  decoder_attention_heads: size.heads,
  decoder_ffn_dim: size.inner,
  activation_function: v.optional(v.string(), 'gelu'),
  d_model: size.width,
  scale_embedding: v.optional(v.boolean(), false),
  tie_word_embeddings: v.optional(v.boolean(), true),
  share_encoder_decoder_embeddings: v.optional(v.boolean(), true),
  is_encoder_decoder: v.optional(v.literal(true, 'is_encoder_decoder must be true'), true),
});

/** What sets a family apart. */
export interface BartFamily {
  readonly embeddingNorm: boolean;
  readonly normFirst: boolean;
  /** Rows of the stored positions that come before that of the first position. */
  readonly offset: number;
  /** Positions are sinusoids, which some checkpoints store and others do not. */
  readonly sinusoids: boolean;
  /** Encoder and decoder may have vocabularies of their own. */
  readonly separable: boolean;
  readonly writing: Defaults;
}

export function buildBart(raw: unknown, checkpoint: Checkpoint, generation: unknown, family: BartFamily): Network {
  const config = parseConfig(Config, raw);
  const { vocab_size: vocabulary, max_position_embeddings: positions, d_model: width } = config;
  quotient(config, 'd_model', 'encoder_attention_heads');
  const headWidth = quotient(config, 'd_model', 'decoder_attention_heads');
  const weights = naming(checkpoint, 'model.', 'encoder.layers.0.fc1.weight');
  const separate = family.separable && !config.share_encoder_decoder_embeddings;
  const written = separate ? (config.decoder_vocab_size ?? vocabulary) : vocabulary;
  const tokens = tokenMatrices(checkpoint, weights, separate);
  const bias = 'final_logits_bias';
  const storesPositions = !family.sinusoids || checkpoint.has(weights('encoder.embed_positions.weight'));
  const stages = bartStages({
    checkpoint,
    weights,
    width,
    act: config.activation_function,
    scale: config.scale_embedding ? Math.sqrt(width) : 1,
    positions: storesPositions ? { rows: positions + family.offset, first: family.offset } : null,
    embeddingNorm: family.embeddingNorm,
    normFirst: family.normFirst,
    encoder: { layers: config.encoder_layers, heads: config.encoder_attention_heads, inner: config.encoder_ffn_dim, tokens: tokens.encoder, vocabulary },
    decoder: { layers: config.decoder_layers, heads: config.decoder_attention_heads, inner: config.decoder_ffn_dim, tokens: tokens.decoder, vocabulary: written },
    head: { matrix: config.tie_word_embeddings ? tokens.head : HEAD, ...(checkpoint.has(bias) ? { biasRow: bias } : {}) },
  });
  const encoder = { layers: config.encoder_layers, heads: config.encoder_attention_heads };
  const dimensions = { layers: config.decoder_layers, heads: config.decoder_attention_heads, width, headWidth, vocabulary, positions };
  const network = encoderDecoder(encoder, dimensions, stages, outputRules(raw, generation, { vocabulary: written, positions }, family.writing));
  return separate ? { ...network, separate } : network;
}

const HEAD = 'lm_head.weight';

/** Tied matrices are stored once, under one of their names or another; a matrix under its own name is taken as it is. */
function tokenMatrices(checkpoint: Checkpoint, weights: (name: string) => string, separate: boolean): { readonly encoder: string; readonly decoder: string; readonly head: string } {
  const [encoder, decoder, shared] = [weights('encoder.embed_tokens.weight'), weights('decoder.embed_tokens.weight'), weights('shared.weight')];
  if (separate) return { encoder, decoder: stored(checkpoint, decoder, HEAD), head: stored(checkpoint, HEAD, decoder) };
  return { encoder: stored(checkpoint, encoder, shared, decoder, HEAD), decoder: stored(checkpoint, decoder, shared, encoder, HEAD), head: stored(checkpoint, HEAD, shared, decoder, encoder) };
}
