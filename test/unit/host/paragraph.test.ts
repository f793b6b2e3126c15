import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutTo, paragraphAt, pieceAround } from '../../../src/editor/paragraph.ts';

function at(text: string, line: number, character: number, longest?: number): string | null {
  const lines = text.split('\n');
  const span = paragraphAt({ lineCount: lines.length, line: (index) => lines[index] ?? '' }, { line, character }, longest);
  if (!span) return null;
  return lines
    .slice(span.start.line, span.end.line + 1)
    .map((whole, index, all) => whole.slice(index === 0 ? span.start.character : 0, index === all.length - 1 ? span.end.character : undefined))
    .join('\n');
}

describe('the paragraph at the cursor', () => {
  it('goes from blank line to blank line', () => {
    expect(at('one\n\ntwo\nthree\n  \nfour', 3, 1)).toBe('two\nthree');
  });

  it('is the whole of a text without blank lines', () => {
    expect(at('one\ntwo', 0, 0)).toBe('one\ntwo');
  });

  it('is none on a blank line', () => {
    expect(at('one\n \t\ntwo', 1, 1)).toBeNull();
    expect(at('', 0, 0)).toBeNull();
  });

  it('takes only the lines near the cursor where it is long', () => {
    const lines = Array.from({ length: 100 }, (_, index) => `line ${String(index).padStart(3, '0')}`);
    expect(at(lines.join('\n'), 50, 0, 50)).toBe(lines.slice(48, 53).join('\n'));
  });

  it('takes words around the cursor in a very long line', () => {
    const line = 'word '.repeat(1_000_000);
    const piece = at(line, 0, 2_500_000, 40) ?? '';
    expect(piece.length).toBeLessThanOrEqual(40);
    expect(piece.startsWith('word ')).toBe(true);
  });
});

describe('a piece of a line', () => {
  it('holds the place, is short enough, and cuts no character in two', () => {
    const side = fc.string({ unit: fc.constantFrom('a', ' ', '👩', '字'), maxLength: 40 });
    fc.assert(
      fc.property(side, side, fc.integer({ min: 8, max: 40 }), (before, after, longest) => {
        const line = before + after;
        const [start, end] = pieceAround(line, before.length, longest);
        expect(end - start).toBeLessThanOrEqual(longest);
        expect(() => encodeURIComponent(line.slice(start, end))).not.toThrow(); // it does for half a character
        expect(start).toBeLessThanOrEqual(before.length);
        expect(end).toBeGreaterThanOrEqual(before.length);
      }),
    );
  });

  it('is cut to a length without half characters', () => {
    expect(cutTo('ab👩', 3)).toBe('ab');
    expect(cutTo('ab👩', 4)).toBe('ab👩');
  });
});
