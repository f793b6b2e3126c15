/** Tokenizers from SentencePiece's own file, put in tokenizer.json's terms as `transformers` does: T5, Llama and its kin, XLM-RoBERTa. */
import { badTokenizer, type AddedTokenDefinition, type DecoderDefinition, type PostProcessorDefinition, type TokenizerDefinition } from './definition.ts';
import { mergesOf, type ScoredPiece, type SentencePieceModel } from './sentencePiece.ts';
import { addedTokens, plain, tokenNamed, type FamilyTokens, type Settings } from './specialTokens.ts';

/** How SentencePiece writes a space. */
const MARK = '\u2581';

/** Control pieces and symbols are found before anything else looks at the text; only the first are special. */
function ownTokens(pieces: readonly ScoredPiece[], idOf = (index: number): number => index): AddedTokenDefinition[] {
  return pieces.flatMap(({ piece, kind }, index) => {
    if (kind !== 'control' && kind !== 'symbol') return [];
    return [{ ...plain({ content: piece, normalized: false }, kind === 'control'), id: idOf(index) }];
  });
}

/** T5 and mT5 (spiece.model): unigram, `</s>` behind the text, sentinels `<extra_id_0>` … counted down from the end. */
export function t5Definition(model: SentencePieceModel, settings: Settings): TokenizerDefinition {
  requireKind(model, 'unigram');
  const { pieces } = model;
  const named = { eos_token: { content: '</s>' }, unk_token: { content: '<unk>' }, pad_token: { content: '<pad>' } };
  const family: FamilyTokens = { named, others: [...ownTokens(pieces), ...sentinels(pieces.length, settings)] };
  const added_tokens = addedTokens(new Map(pieces.map(({ piece }, id) => [piece, id])), settings, family);
  return {
    added_tokens,
    ...markedWords(model),
    post_processor: template([], ofRole('eos_token', settings, family, added_tokens)),
    model: { type: 'Unigram', vocab: pieces.map(({ piece, score }) => [piece, score]), unk_id: model.ids.unknown, byte_fallback: false },
  };
}

function sentinels(first: number, { config }: Settings): AddedTokenDefinition[] {
  const isSentinel = (content: string): boolean => content.startsWith('<extra_id_');
  if (Object.values(config.added_tokens_decoder ?? {}).some(({ content }) => isSentinel(content))) return [];
  const named = config.additional_special_tokens?.filter(({ content }) => isSentinel(content)).length ?? 0;
  const count = named || (config.extra_ids ?? 100);
  return Array.from({ length: count }, (_, index) => ({ ...plain({ content: `<extra_id_${String(index)}>` }, true), id: first + count - 1 - index }));
}

/** XLM-RoBERTa (sentencepiece.bpe.model, which is unigram): ids of its own, fairseq's special tokens in place of SentencePiece's. */
export function xlmRobertaDefinition(model: SentencePieceModel, settings: Settings): TokenizerDefinition {
  return fairseqDefinition(model, settings, [['<s>', 0], ['<pad>', 0], ['</s>', 0], ['<unk>', 0]], 3); // prettier-ignore
}

/** CamemBERT: fairseq's special tokens before SentencePiece's, which stay where they are. */
export function camembertDefinition(model: SentencePieceModel, settings: Settings): TokenizerDefinition {
  return fairseqDefinition(model, settings, [['<s>NOTUSED', 0], ['<pad>', 0], ['</s>NOTUSED', 0], ['<unk>', 0], ['<unk>NOTUSED', -100]], 1); // prettier-ignore
}

/** `first` are the pieces before those of the model from `from` on; `<mask>` comes last. */
function fairseqDefinition(model: SentencePieceModel, settings: Settings, first: readonly [string, number][], from: number): TokenizerDefinition {
  requireKind(model, 'unigram');
  const rest = model.pieces.slice(from).map(({ piece, score }): [string, number] => [piece, score]);
  const vocab: [string, number][] = [...first, ...rest, ['<mask>', 0]];
  const begin = { content: '<s>' };
  const end = { content: '</s>' };
  const named = { bos_token: begin, eos_token: end, unk_token: { content: '<unk>' }, sep_token: end, pad_token: { content: '<pad>' }, cls_token: begin, mask_token: { content: '<mask>', lstrip: true } };
  const added_tokens = addedTokens(new Map(vocab.map(([piece], id) => [piece, id])), settings, { named });
  return {
    added_tokens,
    ...markedWords(model),
    post_processor: template(ofRole('cls_token', settings, { named }, added_tokens), ofRole('sep_token', settings, { named }, added_tokens)),
    model: { type: 'Unigram', vocab, unk_id: 3, byte_fallback: false },
  };
}

/** Words with a mark in front, as unigram models of this kind see a text. */
function markedWords({ normalizer: { charsmap } }: SentencePieceModel): Pick<TokenizerDefinition, 'normalizer' | 'pre_tokenizer' | 'decoder'> {
  const metaspace = { type: 'Metaspace', replacement: MARK, prepend_scheme: 'always', add_prefix_space: true } as const;
  return {
    normalizer: charsmap.length ? { type: 'Precompiled', precompiled_charsmap: base64(charsmap) } : null,
    pre_tokenizer: { type: 'Sequence', pretokenizers: [{ type: 'WhitespaceSplit' }, { ...metaspace, split: true }] },
    decoder: metaspace,
  };
}

/** Llama, Mistral and Gemma (tokenizer.model): BPE over the whole text, bytes for what it has no piece for, `<s>` in front. */
export function llamaDefinition(model: SentencePieceModel, settings: Settings): TokenizerDefinition {
  requireKind(model, 'bpe');
  const { pieces, ids, normalizer } = model;
  if (normalizer.charsmap.length) throw badTokenizer('a SentencePiece BPE model with a character map cannot be read');
  const { config } = settings;
  const family: FamilyTokens = { named: { ...role('unk_token', ids.unknown, pieces), ...role('bos_token', ids.begin, pieces), ...role('eos_token', ids.end, pieces) }, others: ownTokens(pieces) };
  const vocab = Object.fromEntries(pieces.map(({ piece }, id) => [piece, id]));
  const added_tokens = addedTokens(new Map(Object.entries(vocab)), settings, family);
  const prefix = config.add_prefix_space ?? normalizer.addDummyPrefix;
  return {
    added_tokens,
    normalizer: null,
    pre_tokenizer: { type: 'Metaspace', replacement: MARK, prepend_scheme: prefix ? (config.legacy ? 'always' : 'first') : 'never', add_prefix_space: prefix, split: false },
    post_processor: template(
      (config.add_bos_token ?? true) ? ofRole('bos_token', settings, family, added_tokens) : [],
      (config.add_eos_token ?? false) ? ofRole('eos_token', settings, family, added_tokens) : [],
    ),
    decoder: markDecoder(prefix),
    model: {
      type: 'BPE',
      vocab,
      merges: mergesOf(pieces),
      unk_token: pieces[ids.unknown]?.piece ?? null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: true,
      byte_fallback: true,
      ignore_merges: false,
    },
  };
}

/** Marks to spaces, byte pieces to bytes, and off with the space that was put in front. */
export function markDecoder(prefix: boolean): DecoderDefinition {
  const steps: DecoderDefinition[] = [{ type: 'Replace', pattern: { String: MARK }, content: ' ' }, { type: 'ByteFallback' }, { type: 'Fuse' }];
  return { type: 'Sequence', decoders: prefix ? [...steps, { type: 'Strip', content: ' ', start: 1, stop: 0 }] : steps };
}

function role(name: 'unk_token' | 'bos_token' | 'eos_token', id: number, pieces: readonly ScoredPiece[]): FamilyTokens['named'] {
  const piece = pieces[id];
  return piece ? { [name]: { content: piece.piece } } : {};
}

function requireKind({ algorithm }: SentencePieceModel, wanted: SentencePieceModel['algorithm']): void {
  if (algorithm !== wanted) throw badTokenizer(`a SentencePiece model of kind ${algorithm} was found, where one of kind ${wanted} is expected`);
}

type Named = readonly { readonly content: string; readonly id: number }[];

/** The token of a role as the only one of a list. */
function ofRole(name: 'bos_token' | 'eos_token' | 'cls_token' | 'sep_token', settings: Settings, family: FamilyTokens, added: readonly AddedTokenDefinition[]): Named {
  const content = tokenNamed(name, settings, family);
  const token = added.find((candidate) => candidate.content === content);
  if (!token) throw badTokenizer(`${name}: "${content ?? ''}" is not in the vocabulary`);
  return [token];
}

/** What is put around a text. */
export function template(before: Named, after: Named): PostProcessorDefinition {
  const pieces = (tokens: Named) => tokens.map(({ content }) => ({ SpecialToken: { id: content } }));
  return {
    type: 'TemplateProcessing',
    single: [...pieces(before), { Sequence: { id: 'A' } }, ...pieces(after)],
    special_tokens: Object.fromEntries([...before, ...after].map(({ content, id }) => [content, { ids: [id] }])),
  };
}

function base64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
}
