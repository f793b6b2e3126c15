/** Words: which neighbouring tokens are pieces of one. */
import type { Token } from '../../protocol.ts';

/** A token before it knows its word. */
export interface Unnumbered extends Omit<Token, 'word'> {
  /** Number of the piece of text, as the tokenizer's own pre-tokenizer cut it, that the token is from. */
  readonly piece: number;
}

/** Scripts that put no spaces between words: each token is a word. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\u3005\u30FC]/u;
const SPACE = /^\p{White_Space}$/u;
const LETTER_OR_NUMBER = /^[\p{L}\p{N}]$/u;
/** Marks, but not those that choose how an emoji looks. */
const VOWEL_OR_ACCENT = /^(?![\uFE00-\uFE0F])[\p{Mn}\p{Mc}]$/u;
/** Marks, joiners and variation selectors belong to the character before them. */
const EXTENDS = /^[\p{M}\u200D\p{Emoji_Modifier}]$/u;

/** Numbers the words of `tokens` from 0 without gaps. `text` is what the tokens' ranges are in. */
export function numberWords(tokens: readonly Unnumbered[], text: string): Token[] {
  let word = -1;
  let before: Unnumbered | undefined;
  return tokens.map((current) => {
    if (!before || !continues(before, current, text)) word += 1;
    before = current;
    const { id, text: shown, bytes, start, end, origin, partial, changed } = current;
    const token = { id, text: shown, bytes, start, end, origin, partial, word };
    return changed === undefined ? token : { ...token, changed };
  });
}

/** Whether `token` goes on with the word that `before` is in. */
function continues(before: Unnumbered, token: Unnumbered, text: string): boolean {
  if (before.origin !== 'text' || token.origin !== 'text') return false;
  if (before.end > token.start) return true; // Two parts of one character.
  if (/\p{White_Space}/u.test(text.slice(before.end, token.start))) return false;
  const last = lastCharacter(before.text);
  const first = firstCharacter(token.text);
  if (EXTENDS.test(first) || last === '\u200D') return true;
  // A space that stands alone only because no longer piece begins with it.
  if (before.text === ' ' && !SPACE.test(first)) return before.piece === token.piece;
  if (SPACE.test(first) || SPACE.test(last)) return false;
  if (UNSPACED.test(first) || UNSPACED.test(last)) return false;
  // GPT-2's pattern cuts before a vowel sign or accent, and behind it: both are within the word.
  if (VOWEL_OR_ACCENT.test(last) && LETTER_OR_NUMBER.test(first)) return true;
  return before.piece === token.piece && isOfWord(last) === isOfWord(first);
}

function isOfWord(character: string): boolean {
  return LETTER_OR_NUMBER.test(character) || VOWEL_OR_ACCENT.test(character);
}

function firstCharacter(text: string): string {
  const point = text.codePointAt(0);
  return point === undefined ? '' : String.fromCodePoint(point);
}

function lastCharacter(text: string): string {
  return Array.from(text.slice(-2)).at(-1) ?? '';
}
