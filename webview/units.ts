/** Units are what pictures are made of: tokens, or words where pieces are merged. */
import type { Token } from '../src/protocol.ts';

export interface Unit {
  /** As text, exactly; for a piece of a character the whole character. */
  readonly text: string;
  /** First and last token, both included. */
  readonly firstToken: number;
  readonly lastToken: number;
}

export function tokenUnits(tokens: readonly Token[]): Unit[] {
  return tokens.map((token, index) => ({ text: token.text, firstToken: index, lastToken: index }));
}

/**
 * Tokens of the same word become one unit. Its text is cut from the given text by range, because
 * the pieces of a split character each carry the whole character.
 */
export function wordUnits(tokens: readonly Token[], text: string): Unit[] {
  const units: Unit[] = [];
  let first = 0;
  tokens.forEach((token, index) => {
    const following = tokens[index + 1];
    if (following?.word === token.word) return;
    units.push({ text: textOf(tokens.slice(first, index + 1), text), firstToken: first, lastToken: index });
    first = index + 1;
  });
  return units;
}

function textOf(pieces: readonly Token[], text: string): string {
  const start = Math.min(...pieces.map((piece) => piece.start));
  const end = Math.max(...pieces.map((piece) => piece.end));
  return start < end ? text.slice(start, end) : pieces.map((piece) => piece.text).join('');
}

/** Index of the unit that holds `token`, by binary search; units are in reading order. */
export function unitAt(units: readonly Unit[], token: number): number {
  let low = 0;
  let high = units.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    const unit = units[middle];
    if (unit && unit.lastToken < token) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The text that tokens without one spell, in which their ranges are. */
export function spelled(tokens: readonly Token[]): string {
  let text = '';
  for (const token of tokens) if (token.end > text.length) text = text.slice(0, token.start).padEnd(token.start) + token.text;
  return text;
}
