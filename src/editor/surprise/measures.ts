/** What scored tokens come to: buckets for colours, figures for the status bar. */
import type { Scored, ScoredToken } from './scorer.ts';

/** A rank of at most so much is in the bucket; the last bucket holds the rest (Gehrmann, Strobelt & Rush 2019). */
export const BUCKETS = [10, 100, 1000, Infinity] as const;

/** Index of the bucket of a rank, 0 for the least surprising. */
export const bucketOf = (rank: number): number => BUCKETS.findIndex((most) => rank <= most);

export interface Figures {
  readonly words: number;
  /** Mean over words of the sum of their tokens' bits. */
  readonly bitsPerWord: number;
  /** 2 to the mean bits of a token. */
  readonly perplexity: number;
}

/** Sum of bits, words, and perplexity of tokens, null where there are none. */
export function totalsOf(tokens: readonly ScoredToken[]): { readonly bits: number; readonly words: number; readonly perplexity: number | null } {
  const bits = tokens.reduce((sum, token) => sum + token.bits, 0);
  return { bits, words: wordsIn(tokens), perplexity: tokens.length === 0 ? null : 2 ** (bits / tokens.length) };
}

/** Null where nothing is scored. Blanks and punctuation that stand alone are tokens, but no words. */
export function figuresOf(passages: readonly Scored[]): Figures | null {
  const tokens = passages.flatMap((passage) => passage.tokens);
  const bits = tokens.reduce((sum, token) => sum + token.bits, 0);
  const words = passages.reduce((sum, passage) => sum + wordsIn(passage.tokens), 0);
  return words === 0 ? null : { words, bitsPerWord: bits / words, perplexity: 2 ** (bits / tokens.length) };
}

const wordsIn = (tokens: readonly ScoredToken[]): number => new Set(tokens.filter(({ text }) => /[\p{L}\p{N}]/u.test(text)).map(({ word }) => word)).size;
