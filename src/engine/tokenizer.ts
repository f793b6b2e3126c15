/**
 * Text to tokens with their exact ranges, and back. The models of `@huggingface/tokenizers` give the ids;
 * the rest of the way (added tokens, normaliser, pre-tokenizer, post-processor, decoder) is walked by the
 * files of tokenizer/, because it must be remembered where everything came from.
 */
import type { Token } from '../protocol.ts';
import { ProblemError } from './problemError.ts';
import { buildDecoder, type Decoder } from './tokenizer/decoders.ts';
import { badTokenizer, readDefinition, type TokenizerDefinition } from './tokenizer/definition.ts';
import { Encoder } from './tokenizer/encoder.ts';
import { joinIds } from './tokenizer/joiner.ts';
import { buildModel } from './tokenizer/models.ts';
import { applyConfig, maskTokenOf, NO_CONFIG, type TokenizerConfig } from './tokenizer/tokenizerConfig.ts';
import { Vocabulary } from './tokenizer/vocabulary.ts';
import { numberWords } from './tokenizer/words.ts';

export class Tokenizer {
  readonly #vocabulary: Vocabulary;
  readonly #encoder: Encoder;
  readonly #decoder: Decoder;

  /** The token that stands for a masked place; null in a tokenizer without. */
  readonly mask: { readonly id: number; readonly text: string } | null;

  /** Special tokens that tell a translating model its target language, in the order of the vocabulary. */
  readonly targets: readonly string[];

  /** Reads tokenizer.json, with what the files beside it say. @throws {ProblemError} `model.badTokenizer` naming what is wrong */
  static parse(tokenizerJson: string, config: TokenizerConfig = NO_CONFIG): Tokenizer {
    return Tokenizer.build(applyConfig(readDefinition(tokenizerJson), config), config);
  }

  /** @throws {ProblemError} `model.badTokenizer` for a definition whose parts do not fit together */
  static build(definition: TokenizerDefinition, config: TokenizerConfig): Tokenizer {
    try {
      return new Tokenizer(definition, maskTokenOf(config, definition.added_tokens));
    } catch (error) {
      if (error instanceof ProblemError) throw error;
      throw badTokenizer(error instanceof Error ? error.message : String(error), error);
    }
  }

  private constructor(definition: TokenizerDefinition, mask: string | null) {
    const model = buildModel(definition.model);
    this.#vocabulary = new Vocabulary(model.vocabulary, definition.added_tokens);
    this.#decoder = buildDecoder(definition.decoder);
    this.#encoder = new Encoder(definition, model, this.#vocabulary, this.#decoder);
    const id = definition.added_tokens.find(({ content }) => content === mask)?.id;
    this.targets = definition.added_tokens.map(({ content }) => content).filter((content) => /^>>[\w-]+<<$/.test(content));
    this.mask = mask === null || id === undefined ? null : { id, text: mask };
  }

  /** Id of the token that stands for a masked place; null in a tokenizer without. */
  get maskId(): number | null {
    return this.mask?.id ?? null;
  }

  /** One more than the largest id. */
  get vocabularySize(): number {
    return this.#vocabulary.size;
  }

  /**
   * The tokens of a text, with those that the tokenizer puts around it. Ranges are UTF-16 offsets in `text`,
   * never decrease, and are empty for what was put in. Lone surrogates are read as U+FFFD.
   */
  encode(text: string): Token[] {
    return numberWords(this.#encoder.encode(text), text);
  }

  /** The text that ids stand for, special tokens written out. */
  decode(ids: readonly number[]): string {
    return joinIds(ids, this.#vocabulary, this.#decoder).text;
  }

  /** One token for showing alone: bytes that are no whole character show as U+FFFD; `##` of a continuing piece stays. */
  piece(id: number): string {
    const piece = this.#vocabulary.piece(id);
    if (piece === undefined) return '\uFFFD';
    return this.#vocabulary.added(id) ? piece : this.#decoder.display(piece);
  }

  /** Whether a token stands for no text, as the end of one does. */
  isSpecial(id: number): boolean {
    return this.#vocabulary.added(id)?.special ?? false;
  }

  /** Tokens for ids that came without a text: the text is their decoding, and their ranges are in it. */
  describe(ids: readonly number[]): Token[] {
    const { text, tokens } = joinIds(ids, this.#vocabulary, this.#decoder);
    const starts = this.#encoder.cut(text).map((cut) => cut.text.starts[0] ?? 0);
    let piece = 0;
    const placed = tokens.map((token) => {
      while ((starts[piece + 1] ?? Infinity) <= token.start) piece += 1;
      return { ...token, piece };
    });
    return numberWords(placed, text);
  }
}
