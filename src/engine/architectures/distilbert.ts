/**
 * DistilBERT (Sanh et al. 2019): BERT's encoder with half its layers, without token types, and with names of
 * its own. Sinusoidal positions are stored like learned ones. Read it downwards: embed, block × layers, head.
 */
import * as v from 'valibot';
import type { Checkpoint } from '../safetensors.ts';
import { onlyAttention, type Architecture, type Network } from './architecture.ts';
import { parseConfig, quotient, size } from './config.ts';
import { naming } from './naming.ts';
import { block, embed, maskedHead, type BlockWeights, type HeadWeights } from './postNormEncoder.ts';

const Config = v.object({
  n_layers: size.layers,
  n_heads: size.heads,
  dim: size.width,
  hidden_dim: size.inner,
  vocab_size: size.vocabulary,
  max_position_embeddings: size.positions,
  activation: v.optional(v.string(), 'gelu'),
  tie_word_embeddings: v.optional(v.boolean(), true),
});

/** Not in config.json: the same in every model of the family. */
const EPSILON = 1e-12;

export const distilbert: Architecture = {
  types: ['distilbert'],
  build(raw, checkpoint): Network {
    const config = parseConfig(Config, raw);
    const { n_layers: layers, n_heads: heads, dim: width, vocab_size: vocabulary, max_position_embeddings: positions, activation: act } = config;
    const dimensions = { layers, heads, keyHeads: heads, width, headWidth: quotient(config, 'dim', 'n_heads'), vocabulary, positions };
    const weights = naming(checkpoint, 'distilbert.', 'embeddings.word_embeddings.weight');
    const tokens = weights('embeddings.word_embeddings.weight');
    const embeddings = { tokens, positions: weights('embeddings.position_embeddings.weight'), rows: positions, first: 0, types: null, norm: weights('embeddings.LayerNorm') };
    const shape = { inner: config.hidden_dim, act, epsilon: EPSILON };
    const blocks = Array.from({ length: layers }, (_, layer) => block(checkpoint, layer, dimensions, blockWeights(weights, layer), shape));
    const head = headOf(checkpoint, config.tie_word_embeddings ? tokens : 'vocab_projector.weight');
    return {
      kind: 'encoder',
      dimensions,
      stages: [embed(checkpoint, dimensions, embeddings, EPSILON), ...blocks, ...(head ? [maskedHead(checkpoint, dimensions, head, act, EPSILON)] : [])],
      past: [],
      attentions: onlyAttention('encoder', dimensions),
      predicts: head ? 'masked' : 'nothing',
      logits: 'logits',
    };
  },
};

function blockWeights(weights: (name: string) => string, layer: number): BlockWeights {
  const w = (name: string): string => weights(`transformer.layer.${String(layer)}.${name}`);
  return {
    query: w('attention.q_lin'),
    key: w('attention.k_lin'),
    value: w('attention.v_lin'),
    attentionOut: w('attention.out_lin'),
    attentionNorm: w('sa_layer_norm'),
    up: w('ffn.lin1'),
    down: w('ffn.lin2'),
    outNorm: w('output_layer_norm'),
  };
}

/** Nothing in a checkpoint of the bare encoder, or of one that was trained on for another task. */
function headOf(checkpoint: Checkpoint, matrix: string): HeadWeights | null {
  if (!checkpoint.has('vocab_transform.weight')) return null;
  return { transform: 'vocab_transform', norm: 'vocab_layer_norm', matrix, bias: 'vocab_projector.bias' };
}
