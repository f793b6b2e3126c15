/** What a decoder has written, as text. */
import type { Token } from './protocol.ts';

/** The text that tokens stand for, without special ones; tokens that share a character overlap. */
export function spelled(tokens: readonly Token[]): string {
  let text = '';
  let end = 0;
  for (const token of tokens) {
    const between = ' '.repeat(Math.max(0, token.start - end));
    if (token.origin === 'text') text += between + token.text.slice(Math.max(0, end - token.start));
    end = Math.max(end, token.end);
  }
  return text.trimStart();
}
