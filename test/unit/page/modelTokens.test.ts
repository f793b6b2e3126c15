/** Tokens of two models on one text. */
import { describe, expect, it } from 'vitest';
import type { Token } from '../../../src/protocol.ts';
import { bitsPerCharacter, tokensByRange } from '../../../webview/modelTokens.ts';

const token = (start: number, end: number): Token => ({ id: 0, text: '', bytes: [], start, end, origin: start === end ? 'added' : 'text', partial: false, word: 0 });

describe('tokens of two models', () => {
  it('stand beside each other where they are the same stretch of the text', () => {
    expect(tokensByRange([token(0, 3), token(3, 5), token(5, 9)], [token(0, 0), token(0, 3), token(3, 4), token(4, 5), token(5, 9), token(9, 9)])).toEqual([1, null, 4]);
    expect(tokensByRange([token(0, 0), token(0, 2)], [token(0, 0), token(0, 2)])).toEqual([null, 1]);
  });

  it('are surprising by character, whatever the cut, without the first', () => {
    expect(bitsPerCharacter(Float32Array.of(NaN, 4, 8), [token(0, 3), token(3, 5), token(5, 9)])).toBeCloseTo(2);
    expect(bitsPerCharacter(Float32Array.of(NaN, 12), [token(0, 3), token(3, 9)])).toBeCloseTo(2);
    expect(bitsPerCharacter(Float32Array.of(NaN), [token(0, 3)])).toBeNaN();
  });
});
