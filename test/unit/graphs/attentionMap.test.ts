import { describe, expect, it } from 'vitest';
import { galleryTheme } from '../../../webview/gallery/themes.ts';
import { attentionMap, cellSentence, meanOverHeads, type MapData } from '../../../webview/graphs/attentionMap.ts';
import { patternBitmap, rampPalette } from '../../../webview/graphs/bitmaps.ts';
import { TRANSPARENT, type Drawing } from '../../../webview/graphs/drawing.ts';
import { cellAt, layoutMap, scrollToCell } from '../../../webview/graphs/mapLayout.ts';
import { svgDocument } from '../../../webview/graphs/svg.ts';
import type { ThemeKind } from '../../../webview/palette.ts';
import { Example, fiveTokens, frameOf, labelsOf, textsOf, tokensOf, twoHeads } from './examples.ts';

const example = new Example(twoHeads.slice(0, 1));
const labels = labelsOf(fiveTokens);

function data(kind: ThemeKind, more: Partial<MapData> = {}): MapData {
  const bitmap = patternBitmap(example.pattern(), true, rampPalette(galleryTheme(kind).ramp));
  return { queryLabels: labels, keyLabels: labels, part: null, layer: 2, heads: [3], causal: true, bitmap, focus: null, cell: null, ...more };
}

function draw(kind: ThemeKind, more: Partial<MapData> = {}, width = 380, height = 320): Drawing {
  const theme = galleryTheme(kind);
  const frame = frameOf(width, height);
  return attentionMap(data(kind, more), layoutMap(labels, labels, 0, theme, frame), { x: 0, y: 0 }, theme, frame);
}

const row = { unit: 3, direction: 'from', pinned: false, weights: example.row(3, 'from').weights } as const;

describe('the attention map as a committed picture', () => {
  it.each([
    ['map-light', draw('light')],
    ['map-crosshair-dark', draw('dark', { focus: row, cell: { query: 3, key: 2 } })],
    ['map-column-hc-light', draw('hc-light', { focus: { ...row, unit: 1, direction: 'to', pinned: true, weights: example.row(1, 'to').weights } })],
    ['map-encoder-hc-dark', draw('hc-dark', { causal: false })],
  ])('%s', async (name, drawing) => {
    await expect(svgDocument(drawing)).toMatchFileSnapshot(`./pictures/${name}.svg`);
  });
});

describe('what the map says', () => {
  it('names both axes and the scale', () => {
    const texts = textsOf(draw('light').marks);
    expect(texts).toContain('key: what it looks at →');
    expect(texts).toContain('← query: the token that looks');
    expect(texts).toContain('square-root scale');
    expect(texts).toContain('not visible to it');
  });

  it('reads a cell exactly where the row is known, else as near as its colour', () => {
    expect(cellSentence(data('light', { focus: row }), { query: 3, key: 2 })).toBe('time → a: 70 %');
    expect(cellSentence(data('light'), { query: 3, key: 2 })).toBe('time → a: about 70 %');
    expect(cellSentence(data('light'), { query: 1, key: 3 })).toBe('upon cannot see time');
  });

  it('is one sentence', () => {
    expect(draw('light').label).toBe('Attention map of layer 2, head 3: 5 queries by 5 keys.');
    expect(draw('light', { focus: row }).label).toBe('Attention map of layer 2, head 3: “time” attends most to “a” (70 %), “Once” (10 %), “upon” (10 %).');
  });
});

describe('cells', () => {
  const many = labelsOf(tokensOf(Array.from({ length: 200 }, () => ' w')));
  const layout = layoutMap(many, many, 10, galleryTheme('light'), frameOf(400, 300));

  it('are square and found under the pointer', () => {
    const { x, y } = layout.area;
    expect(cellAt(layout, { x: x + 1, y: y + 1 }, { x: 0, y: 0 })).toEqual({ query: 0, key: 0 });
    expect(cellAt(layout, { x: x + 25, y: y + 11 }, { x: 0, y: 0 })).toEqual({ query: 1, key: 2 });
    expect(cellAt(layout, { x: x + 1, y: y + 1 }, { x: 500, y: 1000 })).toEqual({ query: 100, key: 50 });
    expect(cellAt(layout, { x: x - 1, y: y + 1 }, { x: 0, y: 0 })).toBeNull();
  });

  it('come into view when they must', () => {
    expect(scrollToCell(layout, 200, 0, 300, 100)).toBe(0);
    expect(scrollToCell(layout, 200, 50, 0, 100)).toBe(430);
    expect(scrollToCell(layout, 200, 50, 450, 100)).toBe(450);
  });

  it('that a causal query cannot see are left open, and zero is not', () => {
    const bitmap = patternBitmap(example.pattern(), true, rampPalette(galleryTheme('light').ramp));
    expect(bitmap.cells[0 * 5 + 1]).toBe(TRANSPARENT);
    expect(bitmap.cells[0]).toBe(254);
    const open = patternBitmap(example.pattern(), false, rampPalette(galleryTheme('light').ramp));
    expect(open.cells[0 * 5 + 1]).toBe(0);
  });
});

it('averages rows over heads', () => {
  expect([...meanOverHeads(Float32Array.of(1, 0, 0.5, 0.5), 2)]).toEqual([0.75, 0.25]);
});
