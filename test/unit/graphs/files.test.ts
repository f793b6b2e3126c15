import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { TRANSPARENT, hatchLines, type Bitmap, type Drawing } from '../../../webview/graphs/drawing.ts';
import { png } from '../../../webview/graphs/png.ts';
import { svgDocument } from '../../../webview/graphs/svg.ts';

/** Data of all chunks of a type, joined. */
function chunks(file: Uint8Array, type: string): Uint8Array {
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  const found: number[] = [];
  for (let at = 8; at < file.length; at += 12 + view.getUint32(at)) {
    const name = String.fromCharCode(...file.subarray(at + 4, at + 8));
    if (name === type) found.push(...file.subarray(at + 8, at + 8 + view.getUint32(at)));
  }
  return Uint8Array.from(found);
}

describe('a bitmap as PNG', () => {
  const palette = new Uint8Array(3 * TRANSPARENT).map((_, at) => at % 251);

  it.each([[2, 3], [1, 1], [300, 260]])('of %i × %i cells holds every cell', (rows, columns) => {
    const bitmap: Bitmap = { rows, columns, cells: new Uint8Array(rows * columns).map((_, at) => (at * 31) % 256), palette };
    const lines = inflateSync(chunks(png(bitmap), 'IDAT'));
    expect(lines).toHaveLength(rows * (columns + 1));
    for (let row = 0; row < rows; row++) {
      expect(lines[row * (columns + 1)]).toBe(0);
      expect(lines.subarray(row * (columns + 1) + 1, (row + 1) * (columns + 1)).equals(bitmap.cells.subarray(row * columns, (row + 1) * columns))).toBe(true);
    }
  });

  it('leaves the transparent index open', () => {
    const alpha = chunks(png({ rows: 1, columns: 1, cells: Uint8Array.of(0), palette }), 'tRNS');
    expect(alpha[TRANSPARENT]).toBe(0);
    expect(alpha[0]).toBe(255);
  });
});

describe('a drawing as SVG', () => {
  const base: Drawing = { width: 20, height: 10, background: '#fff', fontFamily: 'serif', codeFamily: 'monospace', label: 'A & B', marks: [] };

  it('treats untrusted text as text', () => {
    const text = svgDocument({ ...base, marks: [{ mark: 'text', x: 0, y: 0, text: '<script>"&\u0000\ud800', color: 'red', size: 10, anchor: 'start' }] });
    expect(text).toContain('>&lt;script&gt;&quot;&amp;\ufffd\ufffd</text>');
    expect(text).toContain('<title>A &amp; B</title>');
  });

  it('keeps clip paths of several documents apart', () => {
    const marks: Drawing['marks'] = [{ mark: 'clip', x: 0, y: 0, width: 1, height: 1, marks: [] }];
    expect(svgDocument({ ...base, marks }, 'first-')).toContain('clip-path="url(#first-1)"');
  });
});

it('hatches a rectangle from edge to edge', () => {
  const lines = hatchLines({ x: 10, y: 10, width: 20, height: 10, gap: 5 });
  expect(lines).toHaveLength(7);
  for (const [x0, y0, x1, y1] of lines) {
    for (const x of [x0, x1]) expect(x >= 10 && x <= 30).toBe(true);
    for (const y of [y0, y1]) expect(y >= 10 && y <= 20).toBe(true);
    expect(x0 + y0).toBe(x1 + y1);
  }
});
