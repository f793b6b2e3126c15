/** Added tokens: found in the text before anything else looks at it. */
import type { AddedTokenDefinition } from './definition.ts';

/** A stretch of text: one added token, or text between them. */
export interface Section {
  readonly start: number;
  readonly end: number;
  readonly added: AddedTokenDefinition | null;
}

interface Node {
  readonly next: Map<string, Node>;
  token: AddedTokenDefinition | null;
}

const WORD = /[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]/u;
const SPACE = /\p{White_Space}/u;

/** Finds added tokens, leftmost first and longest there, as the `tokenizers` library does. */
export class AddedTokenFinder {
  readonly #root: Node = { next: new Map(), token: null };

  /** `written` is how a token looks in the text that is searched. */
  constructor(tokens: Iterable<{ readonly written: string; readonly token: AddedTokenDefinition }>) {
    for (const { written, token } of tokens) {
      if (written === '') continue;
      let node = this.#root;
      for (let unit = 0; unit < written.length; unit += 1) {
        const character = written.charAt(unit);
        const next: Node = node.next.get(character) ?? { next: new Map(), token: null };
        node.next.set(character, next);
        node = next;
      }
      node.token ??= token;
    }
  }

  /** Cuts `text` into added tokens and what is between them, in order and without gaps. */
  split(text: string): Section[] {
    const sections: Section[] = [];
    let done = 0;
    for (let at = 0; at < text.length; ) {
      const found = this.#longestAt(text, at);
      if (!found) {
        at += 1;
        continue;
      }
      const { token, end } = found;
      at = end;
      if (token.leading && end - found.length > done) continue;
      if (token.single_word && !standsAlone(text, end - found.length, end)) continue;
      const start = token.lstrip ? Math.max(done, skipSpaceBefore(text, end - found.length)) : end - found.length;
      const stop = token.rstrip ? skipSpaceAfter(text, end) : end;
      if (done < start) sections.push({ start: done, end: start, added: null });
      sections.push({ start, end: stop, added: token });
      done = stop;
      at = stop;
    }
    if (done < text.length) sections.push({ start: done, end: text.length, added: null });
    return sections;
  }

  #longestAt(text: string, at: number): { token: AddedTokenDefinition; end: number; length: number } | null {
    let node: Node | undefined = this.#root;
    let longest = null;
    for (let end = at; end < text.length; ) {
      node = node.next.get(text.charAt(end));
      if (!node) break;
      end += 1;
      if (node.token) longest = { token: node.token, end, length: end - at };
    }
    return longest;
  }
}

function standsAlone(text: string, start: number, end: number): boolean {
  const before = Array.from(text.slice(Math.max(0, start - 2), start)).at(-1) ?? '';
  const after = String.fromCodePoint(text.codePointAt(end) ?? 0x20);
  return !WORD.test(before) && !WORD.test(after);
}

function skipSpaceBefore(text: string, end: number): number {
  while (end > 0 && SPACE.test(text.charAt(end - 1))) end -= 1;
  return end;
}

function skipSpaceAfter(text: string, start: number): number {
  while (start < text.length && SPACE.test(text.charAt(start))) start += 1;
  return start;
}
