/** The language that a translating model is to write: a token in front of the text, which is not part of the user's text. */
import type { Token } from '../protocol.ts';
import type { Tokenizer } from './tokenizer.ts';

export interface Targeted {
  /** Ranges are in the text that was given; the code in front counts as added by the tokenizer. */
  readonly tokens: readonly Token[];
  /** The code that the model reads first, put in front or written in the text itself; null where there is none. */
  readonly target: string | null;
}

/**
 * Tokens of a text for a model that is told its target language first.
 * @param wanted codes, the one wanted most first; of those the tokenizer does not know none is taken
 */
export function encodeFor(tokenizer: Tokenizer, text: string, wanted: readonly string[]): Targeted {
  const { targets } = tokenizer;
  const own = targets.find((code) => text.startsWith(code));
  const target = own ?? wanted.find((code) => targets.includes(code)) ?? null;
  if (own !== undefined || target === null) return { tokens: tokenizer.encode(text), target };
  // As in running text, where a space comes before a word; the tokenizer takes it with the word.
  const front = /^\s/u.test(text) ? target : `${target} `;
  return { tokens: tokenizer.encode(front + text).map((token) => shifted(token, front.length)), target };
}

/** The token with its range in the text behind what was put in front of it, and without the space that was. */
function shifted(token: Token, front: number): Token {
  if (token.end <= front && token.origin !== 'added') return { ...token, origin: 'added', bytes: [], start: 0, end: 0 };
  const cut = token.start < front && token.end > front ? front - token.start : 0;
  return { ...token, text: token.text.slice(cut), bytes: token.bytes.slice(cut), start: Math.max(0, token.start - front), end: Math.max(0, token.end - front) };
}
