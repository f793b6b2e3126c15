/** Exported pictures: what is drawn, moved below each other, and a caption that is text. */
import { describe, expect, it } from 'vitest';
import type { Drawing, Mark } from '../../../webview/graphs/drawing.ts';
import { sheetOf, wrapped } from '../../../webview/graphs/sheet.ts';
import { svgDocument } from '../../../webview/graphs/svg.ts';
import { tableDrawing } from '../../../webview/graphs/tableDrawing.ts';

const style = { background: '#fff', foreground: '#000', fontFamily: 'sans-serif', codeFamily: 'monospace', muted: '#888', border: '#ccc', accent: '#00f' };
const measure = (text: string, size: number): number => text.length * size * 0.5;
const drawing = (marks: readonly Mark[]): Drawing => ({ width: 100, height: 50, background: '#fff', fontFamily: 'sans-serif', codeFamily: 'monospace', marks, label: 'one' });

describe('a sheet', () => {
  it('moves every kind of mark, also inside a clip', () => {
    const marks: Mark[] = [
      { mark: 'line', x0: 0, y0: 0, x1: 10, y1: 0, color: 'red', width: 1 },
      { mark: 'clip', x: 0, y: 0, width: 10, height: 10, marks: [{ mark: 'dot', x: 1, y: 2, radius: 1, color: 'red', opacity: 1 }] },
      { mark: 'text', x: 1, y: 2, text: 'a', color: 'red', size: 10, anchor: 'start', turn: { degrees: 90, x: 1, y: 2 } },
    ];
    const sheet = sheetOf([drawing(marks), drawing(marks)], 'caption', style, measure);
    const [first, clip, text, second] = sheet.marks;
    expect(first).toMatchObject({ x0: 16, y0: 16, x1: 26 });
    expect(clip).toMatchObject({ x: 16, marks: [{ x: 17, y: 18 }] });
    expect(text).toMatchObject({ x: 17, y: 18, turn: { degrees: 90, x: 17, y: 18 } });
    // Below the first one, which is 50 high.
    expect(second).toMatchObject({ y0: 16 + 50 + 12 });
  });

  it('has its caption as lines of text, none wider than it is', () => {
    const caption = 'storyteller (decoder): layer 2, head 3. '.repeat(10).trim();
    const sheet = sheetOf([drawing([])], caption, style, measure);
    const lines = sheet.marks.flatMap((mark) => (mark.mark === 'text' ? [mark.text] : []));
    expect(lines.length).toBeGreaterThan(3);
    expect(lines.join(' ')).toBe(caption);
    for (const line of lines) expect(measure(line, 12)).toBeLessThanOrEqual(sheet.width);
    expect(svgDocument(sheet)).toContain('>storyteller (decoder): layer 2, head 3.');
  });

  it('breaks text that has no spaces', () => {
    expect(wrapped('第二层，第三个注意力头', 30, (text) => text.length * 10).every((line) => line.length <= 3)).toBe(true);
    expect(wrapped('x'.repeat(10), 30, (text) => text.length * 10)).toEqual(['xxx', 'xxx', 'xxx', 'x']);
  });
});

describe('a table as a picture', () => {
  it('has its text as text, and bars to one scale', () => {
    const table = { caption: 'After “the”', titles: ['Token', 'Probability'], numeric: [false, true], texts: [['␣book', '50 %'], ['␣本', '25 %']], rows: [[' book', 0.5], [' 本', 0.25]] };
    const { marks, label } = tableDrawing(table, 1, style, measure);
    const bars = marks.flatMap((mark) => (mark.mark === 'rect' ? [mark.width] : []));
    expect(label).toBe('After “the”');
    expect(marks.flatMap((mark) => (mark.mark === 'text' ? [mark.text] : []))).toEqual(['Token', 'Probability', '␣book', '50 %', '␣本', '25 %']);
    expect(bars).toHaveLength(2);
    expect(bars[0]).toBe(2 * (bars[1] ?? 0));
  });
});
