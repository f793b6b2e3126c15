/** Text to tokens, before words are counted. */
import { AddedTokenFinder } from './addedTokens.ts';
import { alignSource, sliceAligned, sourceRange, type AlignedText } from './alignedText.ts';
import type { Decoder } from './decoders.ts';
import { badTokenizer, type AddedTokenDefinition, type TokenizerDefinition } from './definition.ts';
import type { Model } from './models.ts';
import { buildNormalizer, type Normalize } from './normalizers.ts';
import type { PieceToken } from './pieceWriter.ts';
import { readPostProcessor, type Surroundings } from './postProcessor.ts';
import { buildPreTokenizer, writesBytes, type PreTokenize } from './preTokenizers.ts';
import { decodeUtf8, fromByteCharacters, isContinuation, isWhole, utf8 } from './utf8.ts';
import type { Vocabulary } from './vocabulary.ts';
import type { Unnumbered } from './words.ts';

/** A stretch of the text as the model gets it, or an added token written there. */
interface Cut {
  readonly text: AlignedText;
  readonly added: AddedTokenDefinition | null;
}

interface Range {
  readonly start: number;
  readonly end: number;
}

/** A token's own bytes, and the text that they are, or are part of. */
interface Meaning {
  readonly text: string;
  readonly bytes: Uint8Array;
}

const LONE_SURROGATE = /[\uD800-\uDFFF]/gu;

export class Encoder {
  readonly #normalize: Normalize;
  readonly #preTokenize: PreTokenize;
  readonly #surroundings: Surroundings;
  readonly #inGiven: AddedTokenFinder;
  readonly #inNormalized: AddedTokenFinder;
  readonly #writesBytes: boolean;
  readonly #model: Model;
  readonly #vocabulary: Vocabulary;
  readonly #decoder: Decoder;

  constructor(definition: TokenizerDefinition, model: Model, vocabulary: Vocabulary, decoder: Decoder) {
    this.#normalize = buildNormalizer(definition.normalizer);
    this.#preTokenize = buildPreTokenizer(definition.pre_tokenizer);
    this.#writesBytes = writesBytes(definition.pre_tokenizer);
    this.#surroundings = readPostProcessor(definition.post_processor);
    const given = definition.added_tokens.filter((token) => !isNormalized(token));
    this.#inGiven = new AddedTokenFinder(given.map((token) => ({ written: token.content, token })));
    const normalized = definition.added_tokens.filter(isNormalized);
    this.#inNormalized = new AddedTokenFinder(
      normalized.map((token) => ({ written: this.#normalize(alignSource(token.content, 0, token.content.length)).text, token })),
    );
    for (const id of [...this.#surroundings.before, ...this.#surroundings.after]) {
      if (vocabulary.piece(id) === undefined) throw badTokenizer(`post_processor: there is no token ${id}`);
    }
    this.#model = model;
    this.#vocabulary = vocabulary;
    this.#decoder = decoder;
  }

  /** The tokens of a text with those put around it. Lone surrogates are read as U+FFFD. */
  encode(given: string): Unnumbered[] {
    const tokens = this.#surroundings.before.map((id) => this.#putIn(id, 0));
    this.cut(given).forEach((cut, piece) => {
      if (cut.added) tokens.push(writtenToken(cut.added, cut.text, given, piece));
      else this.#encodePiece(tokens, cut.text, given, piece);
    });
    for (const id of this.#surroundings.after) tokens.push(this.#putIn(id, given.length));
    return tokens;
  }

  /** Cuts a text into added tokens and the pieces that the model looks at one by one. */
  cut(given: string): Cut[] {
    const text = given.replace(LONE_SURROGATE, '\uFFFD');
    return this.#inGiven.split(text).flatMap(({ start, end, added }) => {
      const source = alignSource(text, start, end);
      return added ? [{ text: source, added }] : this.#cutNormalized(this.#normalize(source));
    });
  }

  #cutNormalized(normalized: AlignedText): Cut[] {
    return this.#inNormalized.split(normalized.text).flatMap(({ start, end, added }): Cut[] => {
      const section = sliceAligned(normalized, start, end);
      return added ? [{ text: section, added }] : this.#preTokenize(section).map((text) => ({ text, added: null }));
    });
  }

  /** A token that the post-processor puts at `offset`. */
  #putIn(id: number, offset: number): Unnumbered {
    const text = this.#vocabulary.piece(id) ?? '';
    return { id, text, bytes: [], start: offset, end: offset, origin: 'added', partial: false, piece: -1 };
  }

  #encodePiece(tokens: Unnumbered[], piece: AlignedText, given: string, number: number): void {
    const pieceBytes = this.#writesBytes ? fromByteCharacters(piece.text) : null;
    for (const token of this.#model.encode(piece.text)) {
      const range = sourceRange(piece, token.from, token.to);
      const written = given.slice(range.start, range.end);
      const meaning = pieceBytes && token.holds === 'text' ? bytesMeaning(pieceBytes, token) : this.#meaning(token, piece.text, written);
      tokens.push(this.#textToken(token.id, range, written, meaning, number));
    }
  }

  #textToken(id: number, { start, end }: Range, written: string, { text, bytes }: Meaning, piece: number): Unnumbered {
    // Made from nothing in the text: a space that was put before it, where no longer piece begins with it.
    if (start === end) return { id, text, bytes: [], start, end, origin: 'added', partial: false, piece };
    const token: Unnumbered = { id, text, bytes: Array.from(bytes), start, end, origin: 'text', partial: !isWhole(bytes), piece };
    return text === written ? token : { ...token, changed: text };
  }

  /** What a token of plain text stands for. */
  #meaning({ id, from, to, holds }: PieceToken, piece: string, written: string): Meaning {
    if (holds === 'unknown') return { text: this.#vocabulary.piece(id) ?? '', bytes: utf8(written) };
    const text = this.#decoder.unmark(piece.slice(from, to));
    return { text, bytes: holds === 'text' ? utf8(text) : Uint8Array.of(holds) };
  }
}

/** What a token of a piece that is written byte by byte stands for. */
function bytesMeaning(piece: Uint8Array, { from, to }: PieceToken): Meaning {
  return { text: wholeCharacters(piece, from, to), bytes: piece.subarray(from, to) };
}

function isNormalized(token: AddedTokenDefinition): boolean {
  return token.normalized ?? !token.special;
}

/** An added token that is written out in the text. */
function writtenToken(added: AddedTokenDefinition, at: AlignedText, given: string, piece: number): Unnumbered {
  const { start, end } = sourceRange(at, 0, at.text.length);
  return {
    id: added.id,
    text: added.content,
    bytes: Array.from(utf8(added.content)),
    start,
    end,
    origin: added.special ? 'special' : 'text',
    partial: false,
    piece,
    ...(given.slice(start, end) === added.content ? {} : { changed: added.content }),
  };
}

/** The characters that bytes `from` up to `to` are in. */
function wholeCharacters(bytes: Uint8Array, from: number, to: number): string {
  while (from > 0 && isContinuation(bytes[from] ?? 0)) from -= 1;
  while (to < bytes.length && isContinuation(bytes[to] ?? 0)) to += 1;
  return decodeUtf8(bytes.subarray(from, to)).text;
}
