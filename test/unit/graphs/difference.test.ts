/** Differences as pictures: signed hues, cut links, the link under a point. */
import { describe, expect, it } from 'vitest';
import { galleryTheme } from '../../../webview/gallery/themes.ts';
import { attentionGraph, type GraphData } from '../../../webview/graphs/attentionGraph.ts';
import { attentionMap, cellSentence, type MapData } from '../../../webview/graphs/attentionMap.ts';
import { changeBitmap, divergingPalette } from '../../../webview/graphs/bitmaps.ts';
import { pointOn } from '../../../webview/graphs/cutLinks.ts';
import { TRANSPARENT, type Drawing, type Mark } from '../../../webview/graphs/drawing.ts';
import { focusFromChanges } from '../../../webview/graphs/focus.ts';
import { signColor } from '../../../webview/graphs/graphLinks.ts';
import { layoutGraph } from '../../../webview/graphs/graphLayout.ts';
import { arcs } from '../../../webview/graphs/graphLinks.ts';
import { linkAt } from '../../../webview/graphs/linkAt.ts';
import { layoutMap } from '../../../webview/graphs/mapLayout.ts';
import { svgDocument } from '../../../webview/graphs/svg.ts';
import type { ThemeKind } from '../../../webview/palette.ts';
import { fiveTokens, frameOf, labelsOf, textsOf } from './examples.ts';

const labels = labelsOf(fiveTokens);
const changed = {
  query: Uint16Array.from([3, 3, 2, 4]),
  key: Uint16Array.from([2, 0, 1, 3]),
  head: Uint8Array.from([0, 0, 1, 1]),
  weight: Float32Array.from([-0.6, 0.5, 0.3, -0.1]),
  hidden: 3,
  hiddenShare: 0.1,
  sinkShare: new Float32Array(),
};
const data: GraphData = { queryLabels: labels, keyLabels: labels, part: null, layer: 3, heads: [1, 4], average: false, sink: 'dim', links: changed, focus: null, signed: true, cut: [{ query: 3, key: 2, head: 0 }] };

function draw(more: Partial<GraphData>, kind: ThemeKind): Drawing {
  const theme = galleryTheme(kind);
  const frame = frameOf(380, 240);
  return attentionGraph({ ...data, ...more }, layoutGraph(labels, { layout: 'horizontal', spacing: 0 }, theme, frame), 0, theme, frame);
}

const focus = focusFromChanges(changed, 2, { unit: 3, direction: 'from', pinned: true });

describe('changes in the graph', () => {
  it.each([
    ['difference-rest-light', draw({}, 'light')],
    ['difference-focus-dark', draw({ focus }, 'dark')],
    ['difference-focus-hc-light', draw({ focus, cut: [] }, 'hc-light')],
  ])('%s', async (name, drawing) => {
    await expect(svgDocument(drawing)).toMatchFileSnapshot(`./pictures/${name}.svg`);
  });

  it('have the hue of their sign, and stand as numbers at the partners', () => {
    const theme = galleryTheme('light');
    const colors = draw({ cut: [] }, 'light').marks.flatMap((mark) => (mark.mark === 'curve' ? [mark.color] : []));
    expect(colors.filter((color) => color === signColor(theme, 1))).toHaveLength(2);
    expect(colors.filter((color) => color === signColor(theme, -1))).toHaveLength(2);
    // Means over two heads, of which one changes.
    expect(textsOf(draw({ focus }, 'light').marks)).toEqual(expect.arrayContaining(['−30 %', '+25 %']));
    expect(focus.partners.map(({ unit }) => unit)).toEqual([2, 0]);
  });

  it('are said in a sentence', () => {
    expect(draw({ focus }, 'light').label).toMatch(/change in attention of layer 3, heads 1, 4: from .*time.* most to .*a.* \(−30 %\), .*Once.* \(\+25 %\)/);
    expect(draw({ links: { ...changed, query: new Uint16Array() } }, 'light').label).toContain('0 links drawn');
  });
});

describe('a link in the graph', () => {
  const layout = layoutGraph(labels, { layout: 'horizontal', spacing: 0 }, galleryTheme('light'), frameOf(380, 240));
  const { path } = arcs(layout, 0, 2);
  const links = [{ query: 3, key: 0, head: 0 }, { query: 3, key: 1, head: 1 }, { query: 3, key: 2, head: 0 }];

  it('is found where it is drawn, whichever of them it is', () => {
    for (const link of links) expect(linkAt(links, path, pointOn(path(link.query, link.key, link.head), 0.5))).toBe(link);
  });

  it('is not found a little way off', () => {
    const top = pointOn(path(3, 0, 0), 0.5);
    expect(linkAt(links, path, { x: top.x, y: top.y - 6 })).toBeNull();
    expect(linkAt([], path, top)).toBeNull();
  });
});

describe('changes in the map', () => {
  // Five units, of which the second is left out.
  const changes = Int8Array.from({ length: 25 }, (_, at) => (Math.floor(at / 5) === 1 || at % 5 === 1 ? -128 : at === 10 ? 127 : at === 17 ? -64 : 0));
  const answer = { queries: 5, keys: 5, changes, query: Uint16Array.from([2]), key: Uint16Array.from([0]), head: new Uint8Array(1), change: Float32Array.from([0.987]), hidden: 0, hiddenShare: 0 };
  const mapOf = (kind: ThemeKind, more: Partial<MapData> = {}): MapData => ({
    queryLabels: labels, keyLabels: labels, part: null, layer: 2, heads: [3], causal: true, focus: null, cell: null,
    bitmap: changeBitmap(answer, true, divergingPalette(galleryTheme(kind).diverging)), changes: new Map([[10, 0.987]]), apart: true, cut: [{ query: 4, key: 3 }], ...more,
  });
  const drawMap = (kind: ThemeKind, more: Partial<MapData> = {}): Drawing => attentionMap(mapOf(kind, more), layoutMap(labels, labels, 0, galleryTheme(kind), frameOf(420, 340)), { x: 0, y: 0 }, galleryTheme(kind), frameOf(420, 340));

  it.each([
    ['difference-map-dark', drawMap('dark')],
    ['difference-map-hc-light', drawMap('hc-light', { cell: { query: 2, key: 0 }, focus: { unit: 2, direction: 'from', pinned: false, weights: null } })],
  ])('%s', async (name, drawing) => {
    await expect(svgDocument(drawing)).toMatchFileSnapshot(`./pictures/${name}.svg`);
  });

  it('leave open what cannot be compared or seen', () => {
    const { cells } = changeBitmap(answer, true, divergingPalette(galleryTheme('dark').diverging));
    expect([cells[0], cells[5], cells[1], cells[4], cells[10], cells[17]]).toEqual([127, TRANSPARENT, TRANSPARENT, TRANSPARENT, 254, 63]);
    const open = changeBitmap(answer, false, divergingPalette(galleryTheme('dark').diverging)).cells;
    expect([open[4], open[1]]).toEqual([127, TRANSPARENT]);
  });

  it('are told as exactly as they are known', () => {
    const map = mapOf('dark');
    expect(cellSentence(map, { query: 2, key: 0 })).toContain('+99 %');
    expect(cellSentence(map, { query: 3, key: 2 })).toMatch(/about −25 %/);
    expect(cellSentence(map, { query: 3, key: 1 })).toContain('nothing to compare');
    expect(cellSentence(map, { query: 1, key: 4 })).toContain('cannot see');
  });

  it('cross out the link that is cut', () => {
    const inside = (marks: readonly Mark[]): number => marks.reduce((count, mark) => count + (mark.mark === 'clip' ? inside(mark.marks) : mark.mark === 'line' && mark.color === galleryTheme('dark').error ? 1 : 0), 0);
    expect(inside(drawMap('dark').marks)).toBe(2);
    expect(inside(drawMap('dark', { cut: [] }).marks)).toBe(0);
  });
});
