/** Tokens, or the words they make up: what attention is drawn between. */
import type { Token } from '../../protocol.ts';

/** First token of each unit, and one past the last token at the end: `[unit + 1]`. */
export type UnitStarts = Int32Array;

export function unitStarts(tokens: readonly Token[], unit: 'token' | 'word'): UnitStarts {
  if (unit === 'token') return Int32Array.from({ length: tokens.length + 1 }, (_, i) => i);
  const starts: number[] = [];
  for (const [i, token] of tokens.entries()) if (i === 0 || token.word !== tokens[i - 1]?.word) starts.push(i);
  return Int32Array.from([...starts, tokens.length]);
}
