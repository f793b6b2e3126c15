/**
 * RoBERTa (Liu et al. 2019), and XLM-RoBERTa and CamemBERT, which are it on other texts: BERT's encoder with
 * positions that count on from the padding token's id, and a head of its own. Read it downwards.
 */
import * as v from 'valibot';
import { ProblemError } from '../problemError.ts';
import type { Checkpoint } from '../safetensors.ts';
import { onlyAttention, type Architecture, type Network } from './architecture.ts';
import { BertConfig, bertBlock, bertEmbeddings } from './bert.ts';
import { parseConfig, quotient } from './config.ts';
import { naming } from './naming.ts';
import { block, embed, firstNamed, maskedHead, type HeadWeights } from './postNormEncoder.ts';

const RobertaConfig = v.object({ ...BertConfig.entries, pad_token_id: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0)), 1) });

export const roberta: Architecture = {
  types: ['roberta', 'xlm-roberta', 'camembert'],
  build(raw, checkpoint): Network {
    const config = parseConfig(RobertaConfig, raw);
    const { num_hidden_layers: layers, num_attention_heads: heads, hidden_size: width, max_position_embeddings: rows } = config;
    const { vocab_size: vocabulary, intermediate_size: inner, hidden_act: act, layer_norm_eps: epsilon } = config;
    const first = config.pad_token_id + 1;
    if (first >= rows) throw new ProblemError('model.badConfig', { detail: `positions count from pad_token_id + 1 = ${String(first)}, and max_position_embeddings is ${String(rows)}` });
    const headWidth = quotient(config, 'hidden_size', 'num_attention_heads');
    const dimensions = { layers, heads, keyHeads: heads, width, headWidth, vocabulary, positions: rows - first };
    const weights = naming(checkpoint, 'roberta.', 'embeddings.word_embeddings.weight');
    const embedding = embed(checkpoint, dimensions, { ...bertEmbeddings(weights, config.type_vocab_size), rows, first, padding: config.pad_token_id }, epsilon);
    const blocks = Array.from({ length: layers }, (_, layer) => block(checkpoint, layer, dimensions, bertBlock(weights, layer), { inner, act, epsilon }));
    const head = headOf(checkpoint, config.tie_word_embeddings ? weights('embeddings.word_embeddings.weight') : 'lm_head.decoder.weight');
    return {
      kind: 'encoder',
      dimensions,
      stages: [embedding, ...blocks, ...(head ? [maskedHead(checkpoint, dimensions, head, 'gelu', epsilon)] : [])],
      past: [],
      attentions: onlyAttention('encoder', dimensions),
      predicts: head ? 'masked' : 'nothing',
      logits: 'logits',
    };
  },
};

/** Nothing in a checkpoint of the bare encoder, or of one that was trained on for another task. */
function headOf(checkpoint: Checkpoint, matrix: string): HeadWeights | null {
  if (!checkpoint.has('lm_head.dense.weight')) return null;
  return { transform: 'lm_head.dense', norm: 'lm_head.layer_norm', matrix, bias: firstNamed(checkpoint, 'lm_head.decoder.bias', 'lm_head.bias') };
}
