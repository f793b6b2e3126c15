import { describe, expect, it } from 'vitest';
import type { Token } from '../../../src/protocol.ts';
import { MOST_TEXT, readable, windowTokens } from '../../../src/engine/window.ts';

const token = (id: number, origin: Token['origin'] = 'text', word = id): Token => ({ id, text: 'x', bytes: [120], start: id, end: id + 1, origin, partial: false, word });
const text = { length: 10, read: 10 };
const ids = (tokens: readonly Token[]): number[] => tokens.map(({ id }) => id);

describe('the window of a long text', () => {
  const tokens = Array.from({ length: 10 }, (_, i) => token(i));

  it('is the whole text where that fits', () => {
    expect(windowTokens(tokens, 10, 0, text)).toEqual({ tokens, window: { start: 0, end: 10, total: 10, textLength: 10, textRead: 10 } });
  });

  it('is a part as long as the model sees, wherever it is asked to start', () => {
    expect(ids(windowTokens(tokens, 4, 0, text).tokens)).toEqual([0, 1, 2, 3]);
    expect(ids(windowTokens(tokens, 4, 5, text).tokens)).toEqual([5, 6, 7, 8]);
    expect(ids(windowTokens(tokens, 4, 99, text).tokens)).toEqual([6, 7, 8, 9]);
    expect(ids(windowTokens(tokens, 4, -3, text).tokens)).toEqual([0, 1, 2, 3]);
  });

  it('keeps what the tokenizer put around the text around the window', () => {
    const dressed = [token(100, 'added'), ...tokens, token(101, 'added')];
    expect(ids(windowTokens(dressed, 5, 2, text).tokens)).toEqual([100, 2, 3, 4, 101]);
  });

  it('leaves what the tokenizer put between words where it is', () => {
    const spaced = [token(100, 'added'), token(0), token(50, 'added'), token(1), token(2), token(101, 'added')];
    expect(ids(windowTokens(spaced, 10, 0, text).tokens)).toEqual([100, 0, 50, 1, 2, 101]);
    expect(ids(windowTokens(spaced, 5, 1, text).tokens)).toEqual([100, 50, 1, 2, 101]);
  });

  it('numbers its words from 0', () => {
    const words = tokens.map((_, i) => token(i, 'text', Math.floor(i / 2)));
    expect(windowTokens(words, 4, 5, text).tokens.map(({ word }) => word)).toEqual([0, 1, 1, 2]);
  });

  it('reads no more of a huge text than can be shown soon, and no half of a character', () => {
    expect(readable('x'.repeat(5_000_000))).toHaveLength(MOST_TEXT);
    expect(readable('x'.repeat(MOST_TEXT - 1) + '👩👩')).toHaveLength(MOST_TEXT - 1);
    expect(readable('short')).toBe('short');
  });
});
