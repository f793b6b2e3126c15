/**
 * BERT (Devlin et al. 2018): an encoder with learned positions, token types and LayerNorm after each sum,
 * trained to fill masked places. Read it downwards: embed, block × layers, head.
 */
import * as v from 'valibot';
import type { Checkpoint } from '../safetensors.ts';
import { onlyAttention, type Architecture, type Network } from './architecture.ts';
import { parseConfig, quotient, size } from './config.ts';
import { naming } from './naming.ts';
import { block, embed, firstNamed, maskedHead, type BlockWeights, type HeadWeights } from './postNormEncoder.ts';

/** What config.json of BERT and RoBERTa alike says. */
export const BertConfig = v.object({
  num_hidden_layers: size.layers,
  num_attention_heads: size.heads,
  hidden_size: size.width,
  intermediate_size: size.inner,
  vocab_size: size.vocabulary,
  max_position_embeddings: size.positions,
  type_vocab_size: v.optional(size.vocabulary, 2),
  hidden_act: v.optional(v.string(), 'gelu'),
  layer_norm_eps: v.optional(v.number(), 1e-12),
  tie_word_embeddings: v.optional(v.boolean(), true),
  is_decoder: v.optional(v.literal(false, 'is_decoder must be false'), false),
  add_cross_attention: v.optional(v.literal(false, 'add_cross_attention must be false'), false),
  position_embedding_type: v.optional(v.literal('absolute', 'only "absolute" positions can be opened'), 'absolute'),
});

export const bert: Architecture = {
  types: ['bert'],
  build(raw, checkpoint): Network {
    const config = parseConfig(BertConfig, raw);
    const { num_hidden_layers: layers, num_attention_heads: heads, hidden_size: width, max_position_embeddings: positions } = config;
    const { vocab_size: vocabulary, intermediate_size: inner, hidden_act: act, layer_norm_eps: epsilon } = config;
    const dimensions = { layers, heads, keyHeads: heads, width, headWidth: quotient(config, 'hidden_size', 'num_attention_heads'), vocabulary, positions };
    const weights = naming(checkpoint, 'bert.', 'embeddings.word_embeddings.weight');
    const first = embed(checkpoint, dimensions, { ...bertEmbeddings(weights, config.type_vocab_size), rows: positions, first: 0 }, epsilon);
    const blocks = Array.from({ length: layers }, (_, layer) => block(checkpoint, layer, dimensions, bertBlock(weights, layer), { inner, act, epsilon }));
    const head = headOf(checkpoint, config.tie_word_embeddings ? weights('embeddings.word_embeddings.weight') : 'cls.predictions.decoder.weight');
    return {
      kind: 'encoder',
      dimensions,
      stages: [first, ...blocks, ...(head ? [maskedHead(checkpoint, dimensions, head, act, epsilon)] : [])],
      past: [],
      attentions: onlyAttention('encoder', dimensions),
      predicts: head ? 'masked' : 'nothing',
      logits: 'logits',
    };
  },
};

type Weights = (name: string) => string;

export const bertEmbeddings = (weights: Weights, types: number) => ({
  tokens: weights('embeddings.word_embeddings.weight'),
  positions: weights('embeddings.position_embeddings.weight'),
  types: { name: weights('embeddings.token_type_embeddings.weight'), count: types },
  norm: weights('embeddings.LayerNorm'),
});

export function bertBlock(weights: Weights, layer: number): BlockWeights {
  const w = (name: string): string => weights(`encoder.layer.${String(layer)}.${name}`);
  return {
    query: w('attention.self.query'),
    key: w('attention.self.key'),
    value: w('attention.self.value'),
    attentionOut: w('attention.output.dense'),
    attentionNorm: w('attention.output.LayerNorm'),
    up: w('intermediate.dense'),
    down: w('output.dense'),
    outNorm: w('output.LayerNorm'),
  };
}

/** Nothing in a checkpoint of the bare encoder, or of one that was trained on for another task. */
function headOf(checkpoint: Checkpoint, matrix: string): HeadWeights | null {
  const transform = 'cls.predictions.transform.dense';
  if (!checkpoint.has(`${transform}.weight`)) return null;
  return { transform, norm: 'cls.predictions.transform.LayerNorm', matrix, bias: firstNamed(checkpoint, 'cls.predictions.decoder.bias', 'cls.predictions.bias') };
}
