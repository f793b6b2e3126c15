/**
 * SentencePiece's precompiled character map, as T5, Marian and their like carry it in tokenizer.json or in
 * SentencePiece's own file: a double-array trie (after Darts-clone) from UTF-8 sequences to offsets into a list of replacements.
 */
import { AlignedWriter, type AlignedText } from './alignedText.ts';
import { badTokenizer } from './definition.ts';
import { utf8 } from './utf8.ts';

/** Longest UTF-8 form of a grapheme that is looked up as a whole: the `tokenizers` library's own limit. */
const WHOLE_GRAPHEME_BYTES = 5;

/** Replaces what the map holds: whole graphemes first, else their characters. */
export function charsmapNormalizer(base64: string | null): (source: AlignedText) => AlignedText {
  if (base64 === null || base64 === '') return (source) => source;
  const map = new Charsmap(decodeBase64(base64));
  return (source) => {
    const writer = new AlignedWriter(source);
    for (const { segment, index } of graphemes(source.text)) {
      const whole = segment.length <= WHOLE_GRAPHEME_BYTES ? map.lookUp(segment, WHOLE_GRAPHEME_BYTES) : null;
      if (whole !== null) {
        writer.put(whole, index, index + segment.length);
        continue;
      }
      let at = index;
      for (const character of segment) {
        const next = at + character.length;
        const replacement = map.lookUp(character, WHOLE_GRAPHEME_BYTES);
        if (replacement === null) writer.keep(at, next);
        else writer.put(replacement, at, next);
        at = next;
      }
    }
    return writer.finish();
  };
}

const SEGMENTER = new Intl.Segmenter('und', { granularity: 'grapheme' });
/** Characters that always begin a grapheme (after anything but the rare prepended signs). */
const BEGINS = /[\x20-\x7E\u3400-\u9FFF]/;
const CHUNK = 500;

/** Graphemes of a text. The segmenter gets slower the longer its text is, so it is given a long one in parts. */
function* graphemes(text: string): Generator<{ segment: string; index: number }> {
  for (let from = 0; from < text.length; ) {
    let to = Math.min(from + CHUNK, text.length);
    while (to < text.length && to < from + 2 * CHUNK && !BEGINS.test(text.charAt(to))) to += 1;
    if (isLowSurrogate(text.charCodeAt(to))) to += 1;
    for (const { segment, index } of SEGMENTER.segment(text.slice(from, to))) yield { segment, index: from + index };
    from = to;
  }
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}

export class Charsmap {
  readonly #units: Uint32Array;
  readonly #replacements: Uint8Array;
  readonly #known = new Map<string, string | null>();

  /** `bytes`: byte length of the trie (uint32), the trie (uint32 units), replacements in UTF-8 ended by NUL; little-endian. */
  constructor(bytes: Uint8Array) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const length = bytes.length >= 4 ? view.getUint32(0, true) : 0;
    if (length === 0 || length % 4 !== 0 || 4 + length > bytes.length) {
      throw badTokenizer(`normalizer.precompiled_charsmap: ${bytes.length} bytes hold no trie of ${length} bytes`);
    }
    this.#units = Uint32Array.from({ length: length / 4 }, (_, index) => view.getUint32(4 + 4 * index, true));
    this.#replacements = bytes.subarray(4 + length);
  }

  /** What the shortest beginning of `text` that the map holds is replaced by; null where it holds none, or `text` is longer than `limit` bytes. */
  lookUp(text: string, limit: number): string | null {
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    const bytes = utf8(text);
    const [shortest] = bytes.length <= limit ? this.#prefixes(bytes, 0) : [];
    const found = shortest === undefined ? null : this.#replacement(shortest.offset);
    this.#known.set(text, found);
    return found;
  }

  /** The longest sequence from byte `from` on that the map holds: where it ends, and what it is replaced by. */
  longestAt(bytes: Uint8Array, from: number): { readonly end: number; readonly replacement: string } | null {
    let longest: { readonly end: number; readonly offset: number } | undefined;
    for (const prefix of this.#prefixes(bytes, from)) longest = prefix;
    return longest ? { end: longest.end, replacement: this.#replacement(longest.offset) } : null;
  }

  /** What the map holds of the beginnings of `bytes` from `from` on, shortest first. */
  *#prefixes(bytes: Uint8Array, from: number): Generator<{ readonly end: number; readonly offset: number }, void, undefined> {
    let position = childOffset(this.#units[0] ?? 0);
    for (let at = from; at < bytes.length; at += 1) {
      const byte = bytes[at] ?? 0;
      position ^= byte;
      const unit = this.#units[position] ?? 0;
      if (byte === 0 || (unit & 0x800000ff) >>> 0 !== byte) return;
      position ^= childOffset(unit);
      if ((unit & 0x100) !== 0) yield { end: at + 1, offset: (this.#units[position] ?? 0) & 0x7fffffff };
    }
  }

  #replacement(offset: number): string {
    const end = this.#replacements.indexOf(0, offset);
    return new TextDecoder().decode(this.#replacements.subarray(offset, end < 0 ? undefined : end));
  }
}

/** Distance from a unit of the trie to its children; bit 9 says that it is written in units of 256. */
function childOffset(unit: number): number {
  return (unit >>> 10) << ((unit & 0x200) >>> 6);
}

function decodeBase64(base64: string): Uint8Array<ArrayBuffer> {
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch (error) {
    throw badTokenizer('normalizer.precompiled_charsmap: not base64', error);
  }
}
