/** What a token's chip shows. */
import type { Token } from '../../src/protocol.ts';
import { visiblePieces, type VisiblePiece } from '../visibleText.ts';

/** How a chip is marked; the legend explains those that occur. */
export type Mark = 'added' | 'special' | 'partial' | 'changed';

export interface TokenFace {
  /** Text before the token that is in none, as a space between words of a WordPiece tokenizer. */
  readonly gap: readonly VisiblePiece[];
  /** Empty where all that the token holds was shown before: its bytes stand in. */
  readonly pieces: readonly VisiblePiece[];
  readonly bytes: string;
  readonly marks: readonly Mark[];
}

/**
 * Faces of all tokens, such that the strip reads as the text does, whatever the tokenizer made of it. A
 * character that is split over several tokens is shown once, in the first of them; the others show
 * their bytes.
 */
export function tokenFaces(tokens: readonly Token[], text: string): TokenFace[] {
  let shownTo = tokens.find(({ origin }) => origin !== 'added')?.start ?? 0;
  return tokens.map((token) => {
    const gap = token.end > token.start && token.start > shownTo ? text.slice(shownTo, token.start) : '';
    const own = token.end > token.start && (token.partial || token.changed !== undefined) ? text.slice(Math.max(token.start, shownTo), token.end) : token.text;
    shownTo = Math.max(shownTo, token.end);
    return {
      gap: visiblePieces(gap, text.slice(token.start, token.start + 1)),
      pieces: visiblePieces(own, text.slice(token.end, token.end + 1)),
      bytes: own === '' ? hexBytes(token.bytes) : '',
      marks: marksOf(token),
    };
  });
}

export function marksOf(token: Token): Mark[] {
  const marks: Mark[] = [];
  if (token.origin !== 'text') marks.push(token.origin);
  if (token.partial) marks.push('partial');
  if (token.changed !== undefined) marks.push('changed');
  return marks;
}

/** Bytes as two hexadecimal digits each. */
export function hexBytes(bytes: readonly number[]): string {
  return bytes.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
}
