import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { align, type Column } from '../../../webview/alignment.ts';

const tokens = fc.array(fc.constantFrom('a', 'b', 'c', ' '), { maxLength: 14 });

describe('two sequences beside each other', () => {
  it('are both there whole and in order, and share a column only where they are the same', () => {
    fc.assert(
      fc.property(tokens, tokens, (first, second) => {
        const columns = align(first, second);
        expect(present(columns, 'first')).toEqual(first.map((_, i) => i));
        expect(present(columns, 'second')).toEqual(second.map((_, i) => i));
        for (const column of columns) {
          expect(column.first !== null || column.second !== null).toBe(true);
          if (column.first !== null && column.second !== null) expect(first[column.first]).toBe(second[column.second]);
        }
      }),
    );
  });

  it('share as many columns as can be, either way round', () => {
    fc.assert(
      fc.property(tokens, tokens, (first, second) => {
        const shared = (columns: readonly Column[]): number => columns.filter((column) => column.first !== null && column.second !== null).length;
        expect(shared(align(first, second))).toBe(longestCommon(first, second));
        expect(shared(align(second, first))).toBe(longestCommon(first, second));
      }),
    );
  });

  it('set what only the first has before what only the second has', () => {
    expect(align(['She', ' ran', '.'], ['She', ' walked', ' home', '.'])).toEqual([
      { first: 0, second: 0 },
      { first: 1, second: null },
      { first: null, second: 1 },
      { first: null, second: 2 },
      { first: 2, second: 3 },
    ]);
  });
});

const present = (columns: readonly Column[], which: keyof Column): number[] => columns.flatMap((column) => column[which] ?? []);

/** By its definition: the longest of all subsequences, without a table. */
function longestCommon(first: readonly string[], second: readonly string[]): number {
  let ends = new Map([[-1, 0]]);
  for (const token of first) {
    const next = new Map(ends);
    for (const [end, length] of ends) {
      const at = second.indexOf(token, end + 1);
      if (at >= 0 && (next.get(at) ?? 0) < length + 1) next.set(at, length + 1);
    }
    ends = next;
  }
  return Math.max(...ends.values());
}
