/** Ids to text, with the part of it that each id stands for. */
import type { Decoder } from './decoders.ts';
import { decodeUtf8, isWhole, utf8 } from './utf8.ts';
import type { Vocabulary } from './vocabulary.ts';
import type { Unnumbered } from './words.ts';

const SPACE = 0x20;
/** What an id outside the vocabulary reads as. */
const NO_TOKEN = '\uFFFD';

export interface Joined {
  readonly text: string;
  /** Each with its range in `text`; all are of one piece. */
  readonly tokens: Unnumbered[];
}

/** Joins what ids stand for. Bytes that make no whole character with their neighbours become U+FFFD. */
export function joinIds(ids: readonly number[], vocabulary: Vocabulary, decoder: Decoder): Joined {
  const chunks = trim(
    ids.map((id) => chunkOf(id, vocabulary, decoder)),
    decoder.trim,
  );
  const bytes: number[] = [];
  const spans = ids.map((id, index) => {
    if (index > 0) bytes.push(...utf8(decoder.separator(vocabulary.piece(id) ?? NO_TOKEN)));
    const from = bytes.length;
    for (const byte of chunks[index] ?? []) bytes.push(byte);
    return { from, to: bytes.length };
  });
  const { text, starts, ends } = decodeUtf8(bytes);
  const tokens = ids.map((id, index): Unnumbered => {
    const { from, to } = spans[index] ?? { from: 0, to: 0 };
    const own = bytes.slice(from, to);
    const start = starts[from] ?? text.length;
    const end = to > from ? (ends[to - 1] ?? start) : start;
    const origin = vocabulary.added(id)?.special === true ? 'special' : 'text';
    return { id, text: text.slice(start, end), bytes: own, start, end, origin, partial: !isWhole(own), piece: 0 };
  });
  return { text, tokens };
}

function chunkOf(id: number, vocabulary: Vocabulary, decoder: Decoder): Uint8Array {
  const piece = vocabulary.piece(id);
  if (piece === undefined) return utf8(NO_TOKEN);
  return vocabulary.added(id) ? utf8(piece) : decoder.bytes(piece);
}

/** Takes the spaces off the ends that the tokenizer had put there. */
function trim(chunks: readonly Uint8Array[], { start, end }: Decoder['trim']): Uint8Array[] {
  const trimmed = [...chunks];
  const first = trimmed[0];
  if (first) {
    let from = 0;
    while (from < start && first[from] === SPACE) from += 1;
    trimmed[0] = first.subarray(from);
  }
  const last = trimmed.at(-1);
  if (last) {
    let to = last.length;
    while (last.length - to < end && last[to - 1] === SPACE) to -= 1;
    trimmed[trimmed.length - 1] = last.subarray(0, to);
  }
  return trimmed;
}
