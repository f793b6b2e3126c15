/** Marian's tokenizers: a SentencePiece model a language (source.spm, target.spm), and one table of ids, or two. */
import type { AddedTokenDefinition, TokenizerDefinition } from './definition.ts';
import type { SentencePieceModel } from './sentencePiece.ts';
import { markDecoder, template } from './sentencePieceFiles.ts';
import { addedTokens, plain, tokenNamed, type FamilyTokens, type Settings } from './specialTokens.ts';
import { badTokenizer } from './definition.ts';

const NAMED: FamilyTokens['named'] = { eos_token: { content: '</s>' }, unk_token: { content: '<unk>' }, pad_token: { content: '<pad>' } };

/**
 * One side: `model` cuts, `ids` are those of vocab.json. Target languages `>>fra<<` are in the table, not
 * among the pieces: a text begins with one where a model knows several.
 */
export function marianDefinition(model: SentencePieceModel, ids: Readonly<Record<string, number>>, settings: Settings): TokenizerDefinition {
  const family: FamilyTokens = { named: NAMED, others: Object.entries(ids).flatMap(languageCode) };
  const added_tokens = addedTokens(new Map(Object.entries(ids)), settings, family);
  const end = added_tokens.find(({ content }) => content === tokenNamed('eos_token', settings, family));
  if (!end) throw badTokenizer('eos_token is not in the vocabulary');
  return {
    added_tokens,
    normalizer: null,
    pre_tokenizer: { type: 'Marian', model },
    post_processor: template([], [end]),
    decoder: markDecoder(model.normalizer.addDummyPrefix),
    model: { type: 'SentencePiece', pieces: model, ids, unk_token: tokenNamed('unk_token', settings, family) ?? '<unk>' },
  };
}

function languageCode([content, id]: [string, number]): AddedTokenDefinition[] {
  return /^>>.*<<$/s.test(content) ? [{ ...plain({ content }, true), id, leading: true }] : [];
}
