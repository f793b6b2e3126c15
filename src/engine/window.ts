/** Which part of a text a model sees. */
import type { Token, Window } from '../protocol.ts';

/** A panel shows at most so many tokens at once, whatever the model could see. */
export const MOST_TOKENS = 1024;

/** So much of a text is read at most (UTF-16 units); tokenising it takes about a fifth of a second. */
export const MOST_TEXT = 100_000;

/** The part of a text that is read: never ends inside a surrogate pair. */
export function readable(text: string): string {
  if (text.length <= MOST_TEXT) return text;
  const last = text.charCodeAt(MOST_TEXT - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? MOST_TEXT - 1 : MOST_TEXT);
}

export interface Windowed {
  readonly tokens: readonly Token[];
  readonly window: Window;
}

/**
 * The tokens from `start` on that fit into `positions`. Tokens that the tokenizer put around the text
 * stay around the window, since the model expects them there.
 */
export function windowTokens(all: readonly Token[], positions: number, start: number, text: { readonly length: number; readonly read: number }): Windowed {
  const first = all.findIndex((token) => token.origin !== 'added');
  const last = all.findLastIndex((token) => token.origin !== 'added');
  const before = first < 0 ? all : all.slice(0, first);
  const after = first < 0 ? [] : all.slice(last + 1);
  // With what the tokenizer put between words: a space that has a token of its own.
  const textual = first < 0 ? [] : all.slice(first, last + 1);
  const room = Math.max(1, Math.min(positions, MOST_TOKENS) - before.length - after.length);
  const from = Math.max(0, Math.min(Math.floor(start), textual.length - room));
  const shown = textual.slice(from, from + room);
  return {
    tokens: renumberWords([...before, ...shown, ...after]),
    window: { start: from, end: from + shown.length, total: textual.length, textLength: text.length, textRead: text.read },
  };
}

/** Words of a window count from 0 without gaps. */
function renumberWords(tokens: readonly Token[]): Token[] {
  let word = -1;
  let last: number | undefined;
  return tokens.map((token) => {
    if (token.word !== last) word++;
    last = token.word;
    return token.word === word ? token : { ...token, word };
  });
}
