import { describe, expect, it } from 'vitest';
import { galleryTheme } from '../../../webview/gallery/themes.ts';
import { divergingPalette } from '../../../webview/graphs/bitmaps.ts';
import { TRANSPARENT } from '../../../webview/graphs/drawing.ts';
import { headGrid, layoutHeadGrid, thumbnailCorner, type HeadGridData } from '../../../webview/graphs/headGrid.ts';
import { wholeHeadGrid } from '../../../webview/graphs/wholeHeadGrid.ts';
import { headDetails, headName, orderHeads } from '../../../webview/graphs/headOrder.ts';
import { svgDocument } from '../../../webview/graphs/svg.ts';
import { Example, frameOf, textsOf, twoHeads } from './examples.ts';

const example = new Example(twoHeads);
const swapped = new Example([...twoHeads].reverse());
const data: HeadGridData = { layers: 3, heads: 2, groups: [], aspect: 1, summaries: [example.summary(0), swapped.summary(1)], sort: 'layer', selected: { layer: 1, heads: [0, 1] } };

describe('the head grid as a committed picture', () => {
  it.each([
    ['grid-light', 'light', data],
    ['grid-sorted-dark', 'dark', { ...data, sort: 'previous', selected: { layer: 0, heads: [0] } }],
    ['grid-hc-dark', 'hc-dark', { ...data, selected: { layer: 0, heads: [1] } }],
  ] as const)('%s', async (name, kind, grid) => {
    const theme = galleryTheme(kind);
    const frame = frameOf(240, 200);
    await expect(svgDocument(headGrid(grid, layoutHeadGrid(grid, theme, frame), theme, frame))).toMatchFileSnapshot(`./pictures/${name}.svg`);
  });
});

describe('the head grid as an export', () => {
  const theme = galleryTheme('light');
  const { measure } = frameOf(0, 0);

  it.each(['layer', 'previous'] as const)('by %s has thumbnails of full size, and a scale of their colours', (sort) => {
    const many = { ...data, layers: 24, heads: 16, sort };
    const { marks, width, height } = wholeHeadGrid(many, theme, measure);
    const thumbnails = marks.flatMap((mark) => (mark.mark === 'bitmap' && mark.bitmap.rows > 1 ? [mark] : []));
    expect(thumbnails).toHaveLength(4); // as many as have arrived
    for (const { x, y, width: wide, height: high } of thumbnails) {
      expect(Math.min(wide, high)).toBeGreaterThanOrEqual(40);
      expect(x + wide <= width && y + high <= height).toBe(true);
    }
    expect(textsOf(marks)).toEqual(expect.arrayContaining(['100 %', 'square-root scale']));
  });
});

describe('what experiments change', () => {
  it('is drawn in the hues of its sign, head by head, with a scale from loss to gain', () => {
    const theme = galleryTheme('dark');
    const change = { thumbnail: Int8Array.from([127, 0, -64, -128]), rows: 2, columns: 2, moved: 0.2 };
    const { marks } = wholeHeadGrid({ ...data, changes: (layer, head) => (layer === 1 && head === 0 ? change : undefined) }, theme, frameOf(0, 0).measure);
    const maps = marks.flatMap((mark) => (mark.mark === 'bitmap' && mark.bitmap.rows > 1 ? [mark.bitmap] : []));
    expect(maps.map(({ cells }) => [...cells])).toEqual([[254, 127, 63, TRANSPARENT]]);
    expect(maps[0]?.palette).toBe(divergingPalette(theme.diverging));
    expect(textsOf(marks)).toEqual(expect.arrayContaining(['−100 %', '+100 %']));
  });
});

describe('the order of heads', () => {
  const names = (sort: HeadGridData['sort']): string[] => orderHeads(3, 2, data.summaries, sort).map(({ layer, head }) => `${layer}.${head}`);

  it('is the network’s, or by score with heads to come at the end', () => {
    expect(names('layer')).toEqual(['0.0', '0.1', '1.0', '1.1', '2.0', '2.1']);
    expect(names('previous')).toEqual(['0.0', '1.1', '0.1', '1.0', '2.0', '2.1']);
    expect(names('first')).toEqual(['0.1', '1.0', '0.0', '1.1', '2.0', '2.1']);
  });

  it('puts the most focused head first', () => {
    expect(names('entropy').slice(0, 2)).toEqual(['0.0', '1.1']);
  });
});

describe('a head in words', () => {
  const [first] = orderHeads(3, 2, data.summaries, 'layer');
  if (!first) throw new Error('Six heads have a first.');

  it('is named by what it does most, or by what the grid is sorted by', () => {
    expect(headName(first, 'layer')).toBe('Layer 0, head 0: 76 % on the previous token');
    expect(headName(first, 'first')).toBe('Layer 0, head 0: 27 % on the first token');
    expect(headName({ layer: 2, head: 1, summary: null }, 'layer')).toBe('Layer 2, head 1: not there yet');
  });

  it('has all its scores in its tooltip', () => {
    expect(headDetails(first).split('\n')).toHaveLength(9);
  });
});

describe('the room it takes', () => {
  const theme = galleryTheme('light');
  it.each([
    [6, 8, 260, 300],
    [12, 12, 260, 400],
    [24, 16, 260, 600],
    [24, 16, 900, 220],
  ])('%i layers × %i heads fit the width of %i', (layers, heads, width, height) => {
    const layout = layoutHeadGrid({ layers, heads, groups: [], aspect: 1, summaries: [], sort: 'layer' }, theme, frameOf(width, height));
    expect(layout.width).toBeLessThanOrEqual(width);
    expect(layout.wide).toBeGreaterThanOrEqual(6);
    const last = thumbnailCorner(layout, layers * heads - 1);
    expect(last.x + layout.wide).toBeLessThanOrEqual(layout.width);
    expect(last.y + layout.high).toBeLessThanOrEqual(layout.height);
  });
});
