/** Tokens as lessons name them: `book`, the second `the` as `the#2`, one that a decoder wrote as `output:Buch`. */
import type { Place, Sequence, Token } from '../protocol.ts';

export interface TokenRef {
  /** Null: that of the place where it is used. */
  readonly sequence: Sequence | null;
  /** Without blanks around. */
  readonly text: string;
  /** Which of several, from 1. */
  readonly nth: number;
}

/** The tokens of both sequences; those of `output` are empty for models that write nothing. */
export type RunTokens = Readonly<Record<Sequence, readonly Token[]>>;

const form = /^(?:(text|output):)?(.+?)(?:#([1-9]\d{0,3}))?$/su;

/** A reference as it is written; null where it names nothing. */
export function readTokenRef(written: string): TokenRef | null {
  const [, sequence, text, nth] = form.exec(written.trim()) ?? [];
  const bare = text?.trim();
  if (!bare) return null;
  return { sequence: sequence === 'text' || sequence === 'output' ? sequence : null, text: bare, nth: nth === undefined ? 1 : Number(nth) };
}

/**
 * The token that a reference means: the nth whose text it is, else the last piece of the nth word whose text it is.
 * @param usual the sequence where the reference names none
 */
export function findToken(written: string, tokens: RunTokens, usual: Sequence): Place | null {
  const ref = readTokenRef(written);
  if (!ref) return null;
  const sequence = ref.sequence ?? usual;
  const own = tokens[sequence];
  const same = [...own.keys()].filter((index) => own[index]?.text.trim() === ref.text);
  const single = same[ref.nth - 1];
  if (single !== undefined) return { sequence, token: single };
  if (same.length > 0) return null;
  const ends = wordEnds(own).filter(({ text }) => text === ref.text);
  const last = ends[ref.nth - 1]?.last;
  return last === undefined ? null : { sequence, token: last };
}

/** Each word's text and its last piece. */
function wordEnds(tokens: readonly Token[]): { readonly text: string; readonly last: number }[] {
  const words = new Map<number, { text: string; last: number; end: number }>();
  for (const [index, { word, text, start, end }] of tokens.entries()) {
    const known = words.get(word);
    // Pieces of one character have the same range and the same text.
    const more = known?.end === end && start < end ? '' : text;
    words.set(word, { text: (known?.text ?? '') + more, last: index, end });
  }
  return [...words.values()].map(({ text, last }) => ({ text: text.trim(), last }));
}
