/** Tokenizers whose vocabulary is a list or table in plain text: BERT's vocab.txt, GPT-2's vocab.json with merges.txt. */
import * as v from 'valibot';
import { badTokenizer, wordIds, type PostProcessorDefinition, type PreTokenizerDefinition, type TokenizerDefinition } from './definition.ts';
import { addedTokens, tokenNamed, type FamilyTokens, type Settings } from './specialTokens.ts';
import { parseJson } from './tokenizerConfig.ts';

const BERT: FamilyTokens = {
  named: {
    unk_token: { content: '[UNK]' },
    sep_token: { content: '[SEP]' },
    pad_token: { content: '[PAD]' },
    cls_token: { content: '[CLS]' },
    mask_token: { content: '[MASK]' },
  },
};

/** BERT's WordPiece from vocab.txt, a piece a line. */
export function bertDefinition(vocabTxt: string, settings: Settings): TokenizerDefinition {
  const lines = vocabTxt.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  const vocabulary = new Map(lines.map((piece, id) => [piece, id]));
  const { do_lower_case, strip_accents, tokenize_chinese_chars } = settings.config;
  const added_tokens = addedTokens(vocabulary, settings, BERT);
  return {
    added_tokens,
    normalizer: { type: 'BertNormalizer', clean_text: true, handle_chinese_chars: tokenize_chinese_chars ?? true, strip_accents, lowercase: do_lower_case ?? true },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: surround(settings, BERT, added_tokens),
    decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
    model: {
      type: 'WordPiece',
      vocab: Object.fromEntries(vocabulary),
      unk_token: tokenNamed('unk_token', settings, BERT) ?? '[UNK]',
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
    },
  };
}

/** Families of byte-level BPE: they differ in what is put around a text and in how it is first cut. */
export type ByteLevelFamily = 'gpt2' | 'roberta' | 'qwen2';

const QWEN2_PIECES = "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

const END_OF_TEXT = { content: '<|endoftext|>' };
const BYTE_LEVEL: Readonly<Record<ByteLevelFamily, FamilyTokens>> = {
  gpt2: { named: { bos_token: END_OF_TEXT, eos_token: END_OF_TEXT, unk_token: END_OF_TEXT } },
  qwen2: { named: { eos_token: END_OF_TEXT, pad_token: END_OF_TEXT } },
  roberta: {
    named: {
      bos_token: { content: '<s>' },
      eos_token: { content: '</s>' },
      unk_token: { content: '<unk>' },
      sep_token: { content: '</s>' },
      pad_token: { content: '<pad>' },
      cls_token: { content: '<s>' },
      // A mask stands for a word with the space before it.
      mask_token: { content: '<mask>', lstrip: true },
    },
  },
};

/** Byte-level BPE from vocab.json and merges.txt, a pair a line. */
export function byteLevelDefinition(family: ByteLevelFamily, vocabJson: string, mergesTxt: string, settings: Settings): TokenizerDefinition {
  const ids = readIds('vocab.json', vocabJson);
  const added_tokens = addedTokens(new Map(Object.entries(ids)), settings, BYTE_LEVEL[family]);
  return {
    added_tokens,
    normalizer: family === 'qwen2' ? { type: 'NFC' } : null,
    pre_tokenizer: byteLevelPieces(family, settings.config.add_prefix_space ?? false),
    post_processor: family === 'roberta' ? surround(settings, BYTE_LEVEL.roberta, added_tokens) : null,
    decoder: { type: 'ByteLevel' },
    model: {
      type: 'BPE',
      vocab: ids,
      merges: readMerges(mergesTxt),
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
    },
  };
}

function byteLevelPieces(family: ByteLevelFamily, add_prefix_space: boolean): PreTokenizerDefinition {
  if (family !== 'qwen2') return { type: 'ByteLevel', add_prefix_space, use_regex: true };
  const split = { type: 'Split', pattern: { Regex: QWEN2_PIECES }, behavior: 'Isolated', invert: false } as const;
  return { type: 'Sequence', pretokenizers: [split, { type: 'ByteLevel', add_prefix_space, use_regex: false }] };
}

/** A table of pieces and their ids. @throws {ProblemError} `model.notJson`, `model.badTokenizer` */
export function readIds(file: string, json: string): Record<string, number> {
  const read = v.safeParse(wordIds, parseJson(file, json));
  if (!read.success) throw badTokenizer(`expected ${read.issues[0].message}`, read.issues);
  return read.output;
}

function readMerges(mergesTxt: string): string[] {
  const lines = mergesTxt.split(/\r?\n/).filter((line) => line !== '' && !line.startsWith('#version'));
  lines.forEach((line, index) => {
    if (line.split(' ').length !== 2) throw badTokenizer(`merge ${String(index + 1)} is not two pieces`);
  });
  return lines;
}

/** cls … sep around a text. */
function surround(settings: Settings, family: FamilyTokens, added: TokenizerDefinition['added_tokens']): PostProcessorDefinition {
  const named = (name: 'cls_token' | 'sep_token'): [string, number] => {
    const content = tokenNamed(name, settings, family) ?? '';
    const id = added.find((token) => token.content === content)?.id;
    if (id === undefined) throw badTokenizer(`${name}: "${content}" is not in the vocabulary`);
    return [content, id];
  };
  return { type: 'BertProcessing', cls: named('cls_token'), sep: named('sep_token') };
}
