/** Tokens of a text, and places among them. */
import type { Sequence } from './models.ts';

export interface Token {
  readonly id: number;
  /** The token as text. For a part of a character: the whole character it belongs to. */
  readonly text: string;
  /** UTF-8 bytes that the token stands for; empty for a token the tokenizer added. */
  readonly bytes: readonly number[];
  /** Range in the text that was given, UTF-16; `start === end` for an added token. */
  readonly start: number;
  readonly end: number;
  /** `text`: from the text. `added`: put there by the tokenizer. `special`: a special token written out in the text. */
  readonly origin: 'text' | 'added' | 'special';
  /** The token holds only some bytes of its first or last character. */
  readonly partial: boolean;
  /** What the tokenizer turned the text of this range into, where that differs (lower-cased, U+FFFD, …). */
  readonly changed?: string;
  /** Index of the word this token belongs to; words are numbered from 0 without gaps. */
  readonly word: number;
}

/** A token of one of the sequences. */
export interface Place {
  readonly sequence: Sequence;
  readonly token: number;
}

/** Which part of the text the model sees. */
export interface Window {
  /** First and one-past-last token shown, among all tokens of the text. */
  readonly start: number;
  readonly end: number;
  /** Tokens in the text as far as it was read. */
  readonly total: number;
  /** UTF-16 length of the given text, and how much of it was read at all. */
  readonly textLength: number;
  readonly textRead: number;
}
