/** Which tokens of two texts stand for each other. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alignTokens } from '../../../src/engine/alignTokens.ts';

const listed = (clean: readonly number[], corrupted: readonly number[]): string[] => {
  const pairs = alignTokens(clean, corrupted);
  return [...pairs.clean.keys()].map((i) => `${String(pairs.clean[i])}${pairs.same[i] ? '=' : '~'}${String(pairs.corrupted[i])}`);
};

describe('tokens of two texts', () => {
  it('pair where they are the same, and where one is changed into another', () => {
    expect(listed([1, 2, 3], [1, 2, 3])).toEqual(['0=0', '1=1', '2=2']);
    expect(listed([1, 2, 3, 4], [1, 9, 3, 4])).toEqual(['0=0', '1~1', '2=2', '3=3']);
    expect(listed([1, 2, 3, 4], [1, 8, 9, 4])).toEqual(['0=0', '1~1', '2~2', '3=3']);
  });

  it('pair the last ones where one text has more of its own', () => {
    expect(listed([1, 2, 5], [1, 7, 8, 9, 5])).toEqual(['0=0', '1~3', '2=4']);
    expect(listed([1, 5], [1, 7, 5])).toEqual(['0=0', '1=2']);
    expect(listed([1, 2], [1])).toEqual(['0=0']);
  });

  it('never cross, and say of each pair whether both are the same', () => {
    const ids = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 20 });
    fc.assert(
      fc.property(ids, ids, (clean, corrupted) => {
        const pairs = alignTokens(clean, corrupted);
        for (const i of pairs.clean.keys()) {
          expect(pairs.same[i]).toBe(Number(clean[pairs.clean[i] ?? -1] === corrupted[pairs.corrupted[i] ?? -1]));
          if (i > 0) expect([(pairs.clean[i] ?? 0) > (pairs.clean[i - 1] ?? 0), (pairs.corrupted[i] ?? 0) > (pairs.corrupted[i - 1] ?? 0)]).toEqual([true, true]);
        }
      }),
    );
  });

  it('are as many of the same as can be', () => {
    const { same } = alignTokens([1, 2, 3, 4, 5, 6, 7], [2, 4, 1, 5, 6, 3, 7]);
    expect(same.reduce((sum, one) => sum + one, 0)).toBe(5); // 2 4 5 6 7
  });
});
