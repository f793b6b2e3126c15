/** SentencePiece's own way with a text, which differs from tokenizer.json's in details: what Marian's models were trained with. */
import { AlignedWriter, sliceAligned, type AlignedText } from './alignedText.ts';
import { Charsmap } from './charsmap.ts';
import type { Normalize } from './normalizers.ts';
import type { SentencePieceModel } from './sentencePiece.ts';
import { utf8 } from './utf8.ts';

/** How SentencePiece writes a space. */
const MARK = '\u2581';

/**
 * Normalises as SentencePiece does: from left to right the longest sequence in the map is replaced, spaces at
 * both ends and those after a space are dropped, one is put in front, and all are written as marks. `symbols`
 * are kept as they are.
 */
export function sentencePieceNormalizer({ normalizer, pieces }: SentencePieceModel): Normalize {
  const { charsmap, addDummyPrefix, removeExtraSpaces } = normalizer;
  const map = charsmap.length ? new Charsmap(charsmap) : null;
  const symbols = pieces.filter(({ kind }) => kind === 'symbol').map(({ piece }) => piece);
  const longestFirst = symbols.sort((a, b) => b.length - a.length);
  return (source) => {
    const writer = new AlignedWriter(source);
    let begun = false;
    let afterSpace = removeExtraSpaces;
    for (const { from, to, becomes } of steps(source.text, map, longestFirst)) {
      const kept = afterSpace ? becomes.replace(/^ +/, '') : becomes;
      // Only what is nothing but one space is dropped before the beginning.
      if (!begun && removeExtraSpaces && becomes === ' ') continue;
      if (!begun && addDummyPrefix) writer.put(MARK, from, from);
      begun = true;
      if (kept === '') continue;
      if (kept === source.text.slice(from, to) && !kept.includes(' ')) writer.keep(from, to);
      else writer.put(kept.replaceAll(' ', MARK), from, to);
      afterSpace = removeExtraSpaces && kept.endsWith(' ');
    }
    const written = writer.finish();
    return removeExtraSpaces ? sliceAligned(written, 0, written.text.replace(/\u2581+$/, '').length) : written;
  };
}

/** Units `from` up to `to` and what they become, from left to right. */
function* steps(text: string, map: Charsmap | null, symbols: readonly string[]): Generator<{ readonly from: number; readonly to: number; readonly becomes: string }, void, undefined> {
  const bytes = map ? utf8(text) : new Uint8Array();
  for (let from = 0, byte = 0; from < text.length; ) {
    const symbol = symbols.find((candidate) => text.startsWith(candidate, from));
    const mapped = symbol === undefined ? (map?.longestAt(bytes, byte) ?? null) : null;
    const to = mapped ? unitAfter(text, from, mapped.end - byte) : from + (symbol?.length ?? characterLength(text, from));
    byte = mapped ? mapped.end : byte + utf8Length(text, from, to);
    yield { from, to, becomes: mapped ? mapped.replacement : text.slice(from, to) };
    from = to;
  }
}

const characterLength = (text: string, at: number): number => ((text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1);

const bytesOf = (codePoint: number): number => (codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4);

function utf8Length(text: string, from: number, to: number): number {
  let length = 0;
  for (let at = from; at < to; at += characterLength(text, at)) length += bytesOf(text.codePointAt(at) ?? 0);
  return length;
}

/** The unit after `length` bytes of UTF-8 from unit `from` on. */
function unitAfter(text: string, from: number, length: number): number {
  let at = from;
  for (let left = length; left > 0 && at < text.length; at += characterLength(text, at)) left -= bytesOf(text.codePointAt(at) ?? 0);
  return at;
}

const LANGUAGE_CODE = /^>>.*?<</s;

/** Marian's cut: a language code that a text begins with stands by itself, the rest is normalised as a whole. */
export function marianPreTokenizer(model: SentencePieceModel): (source: AlignedText) => AlignedText[] {
  const normalize = sentencePieceNormalizer(model);
  return (source) => {
    const code = LANGUAGE_CODE.exec(source.text)?.[0].length ?? 0;
    const rest = normalize(sliceAligned(source, code, source.text.length));
    const pieces: AlignedText[] = code ? [sliceAligned(source, 0, code)] : [];
    return rest.text === '' ? pieces : [...pieces, rest];
  };
}
