/** Parts of a piece of text to ids: known ones, single bytes, or the unknown token. */
import { utf8 } from './utf8.ts';

/** One token of a piece. */
export interface PieceToken {
  readonly id: number;
  /** Units of the piece that it stands for. */
  readonly from: number;
  readonly to: number;
  /** `unknown`: the vocabulary has nothing for this text. A number: it holds this one byte of the UTF-8 of its units. */
  readonly holds: 'text' | 'unknown' | number;
}

/** Turns the parts that a model cut a piece into to ids: known parts, single bytes, or the unknown token. */
export class PieceWriter {
  readonly #vocabulary: ReadonlyMap<string, number>;
  readonly #unknown: number | null;
  readonly #fuseUnknown: boolean;
  readonly #byteIds: readonly number[] | null;

  constructor(vocabulary: ReadonlyMap<string, number>, unknown: number | null, options: { readonly byte_fallback: boolean; readonly fuse_unk: boolean }) {
    this.#vocabulary = vocabulary;
    this.#unknown = unknown;
    this.#fuseUnknown = options.fuse_unk;
    this.#byteIds = options.byte_fallback ? byteIds(vocabulary) : null;
  }

  /** Parts that have neither an id nor bytes are dropped where the tokenizer has no unknown token. */
  write(parts: readonly { readonly token: string; readonly length: number }[]): PieceToken[] {
    const tokens: PieceToken[] = [];
    let from = 0;
    for (const { token, length } of parts) {
      const to = from + length;
      const id = this.#vocabulary.get(token);
      if (id !== undefined && id !== this.#unknown) tokens.push({ id, from, to, holds: 'text' });
      else if (!this.#writeBytes(tokens, token, from, to)) this.#writeUnknown(tokens, from, to);
      from = to;
    }
    return tokens;
  }

  #writeBytes(tokens: PieceToken[], token: string, from: number, to: number): boolean {
    if (!this.#byteIds) return false;
    for (const byte of utf8(token)) tokens.push({ id: this.#byteIds[byte] ?? -1, from, to, holds: byte });
    return true;
  }

  #writeUnknown(tokens: PieceToken[], from: number, to: number): void {
    if (this.#unknown === null) return;
    const last = tokens.at(-1);
    if (this.#fuseUnknown && last?.holds === 'unknown') tokens[tokens.length - 1] = { ...last, to };
    else tokens.push({ id: this.#unknown, from, to, holds: 'unknown' });
  }
}

/** `[byte]` id of `<0x00>` … `<0xFF>`; null where the vocabulary has not got them all. */
function byteIds(vocabulary: ReadonlyMap<string, number>): readonly number[] | null {
  const ids: number[] = [];
  for (let byte = 0; byte < 256; byte += 1) {
    const id = vocabulary.get(`<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`);
    if (id === undefined) return null;
    ids.push(id);
  }
  return ids;
}
