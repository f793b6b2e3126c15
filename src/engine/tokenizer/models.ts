/** Models: pieces of text to ids. The library's own do the work; here each id is given its part of the piece. */
import { BPE, Unigram, WordPiece } from '@huggingface/tokenizers';
import { badTokenizer, type DefinitionOf, type ModelDefinition } from './definition.ts';
import { PieceWriter, type PieceToken } from './pieceWriter.ts';
import { sentencePieceParts } from './sentencePieceParts.ts';

export interface Model {
  readonly vocabulary: ReadonlyMap<string, number>;
  encode(piece: string): PieceToken[];
}

/** Builds what tokenizer.json describes under `model`. */
export function buildModel(definition: ModelDefinition): Model {
  switch (definition.type) {
    case 'BPE':
      return bpeModel(definition);
    case 'WordPiece':
      return wordPieceModel(definition);
    case 'Unigram':
      return unigramModel(definition);
    case 'WordLevel':
      return wordLevelModel(definition);
    case 'SentencePiece':
      return sentencePieceModel(definition);
    default:
      return definition satisfies never;
  }
}

function idOf(vocabulary: ReadonlyMap<string, number>, token: string): number {
  const id = vocabulary.get(token);
  if (id === undefined) throw badTokenizer(`model.unk_token: "${token}" is not in the vocabulary`);
  return id;
}

function bpeModel(definition: DefinitionOf<'BPE'>): Model {
  const suffix = definition.end_of_word_suffix ?? '';
  const vocabulary = new Map(Object.entries(definition.vocab));
  checkMerges(definition, vocabulary);
  const bpe = new BPE({ ...definition, end_of_word_suffix: suffix, continuing_subword_suffix: null });
  const unknown = definition.unk_token === null ? null : idOf(vocabulary, definition.unk_token);
  const writer = new PieceWriter(vocabulary, unknown, definition);
  const encode = (piece: string): PieceToken[] => {
    if (piece === '') return [];
    const whole = definition.ignore_merges ? vocabulary.get(piece) : undefined;
    if (whole !== undefined) return [{ id: whole, from: 0, to: piece.length, holds: 'text' }];
    const parts = bpe.bpe(piece);
    const last = parts.length - 1;
    return writer.write(parts.map((token, index) => ({ token, length: token.length - (index === last ? suffix.length : 0) })));
  };
  return { vocabulary, encode };
}

/** Each merge must make a piece of the vocabulary, else ids would silently be missing. */
function checkMerges(definition: DefinitionOf<'BPE'>, vocabulary: ReadonlyMap<string, number>): void {
  definition.merges.forEach((merge, index) => {
    const made = typeof merge === 'string' ? merge.replace(' ', '') : merge.join('');
    if (!vocabulary.has(made)) throw badTokenizer(`model.merges.${index}: makes "${made}", which is not in the vocabulary`);
  });
}

function unigramModel(definition: DefinitionOf<'Unigram'>): Model {
  const unknown = definition.unk_id;
  if (unknown !== null && !(unknown in definition.vocab)) throw badTokenizer(`model.unk_id: ${unknown} is not in the vocabulary`);
  const vocabulary = new Map(definition.vocab.map(([token], id) => [token, id]));
  // The library marks the unknown piece in place; without one, the first piece must not be taken for it.
  const unigram = new Unigram({ ...definition, unk_id: unknown ?? definition.vocab.length }, '');
  const writer = new PieceWriter(vocabulary, unknown, { byte_fallback: definition.byte_fallback, fuse_unk: true });
  const encode = (piece: string): PieceToken[] => writer.write(unigram.tokenize(piece).map((token) => ({ token, length: token.length })));
  return { vocabulary, encode };
}

function wordPieceModel(definition: DefinitionOf<'WordPiece'>): Model {
  const vocabulary = new Map(Object.entries(definition.vocab));
  const unknown = idOf(vocabulary, definition.unk_token);
  const prefix = definition.continuing_subword_prefix;
  const wordPiece = new WordPiece(definition);
  const encode = (piece: string): PieceToken[] => {
    if (piece === '') return [];
    const tokens = wordPiece.encode([piece]);
    const [only] = tokens;
    if (tokens.length === 1 && only !== piece) return [{ id: unknown, from: 0, to: piece.length, holds: 'unknown' }];
    let from = 0;
    return tokens.map((token, index) => {
      const to = from + token.length - (index === 0 ? 0 : prefix.length);
      const placed: PieceToken = { id: vocabulary.get(token) ?? unknown, from, to, holds: 'text' };
      from = to;
      return placed;
    });
  };
  return { vocabulary, encode };
}

function wordLevelModel(definition: DefinitionOf<'WordLevel'>): Model {
  const vocabulary = new Map(Object.entries(definition.vocab));
  const unknown = idOf(vocabulary, definition.unk_token);
  const encode = (piece: string): PieceToken[] => {
    const id = vocabulary.get(piece);
    return [{ id: id ?? unknown, from: 0, to: piece.length, holds: id === undefined ? 'unknown' : 'text' }];
  };
  return { vocabulary, encode };
}

/** Cuts as SentencePiece does, and takes the ids from a table: Marian's are not those of its pieces. */
function sentencePieceModel({ pieces, ids, unk_token }: DefinitionOf<'SentencePiece'>): Model {
  const vocabulary = new Map(Object.entries(ids));
  const partsOf = sentencePieceParts(pieces);
  const writer = new PieceWriter(vocabulary, idOf(vocabulary, unk_token), { byte_fallback: pieces.byteFallback, fuse_unk: false });
  const encode = (piece: string): PieceToken[] => {
    // A language code that stands by itself: a text never begins so, since it begins with a mark.
    const parts = piece.startsWith('>>') ? [piece] : partsOf(piece);
    return writer.write(parts.map((token) => ({ token, length: token.length })));
  };
  return { vocabulary, encode };
}
