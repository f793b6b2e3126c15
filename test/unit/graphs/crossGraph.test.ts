import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { galleryTheme } from '../../../webview/gallery/themes.ts';
import { crossGraph, type GraphData } from '../../../webview/graphs/attentionGraph.ts';
import { attentionMap } from '../../../webview/graphs/attentionMap.ts';
import { patternBitmap, rampPalette } from '../../../webview/graphs/bitmaps.ts';
import { crossUnitAt, layoutCross } from '../../../webview/graphs/crossLayout.ts';
import type { CurveMark, Drawing, TextMark } from '../../../webview/graphs/drawing.ts';
import { unitCentre } from '../../../webview/graphs/graphLayout.ts';
import { layoutMap } from '../../../webview/graphs/mapLayout.ts';
import { svgDocument } from '../../../webview/graphs/svg.ts';
import type { ThemeKind } from '../../../webview/palette.ts';
import { Example, flat, frameOf, labelsOf, textsOf, tokensOf, type Heads } from './examples.ts';

/** Three tokens written about four. */
const queryLabels = labelsOf(tokensOf(['一只', '猫', '。']));
const keyLabels = labelsOf(tokensOf(['A', ' cat', ' sat', '.']));
const heads: Heads = [
  [
    [0.7, 0.2, 0.1, 0],
    [0.1, 0.8, 0.1, 0],
    [0, 0.1, 0.1, 0.8],
  ],
];
const example = new Example(heads);
const data: GraphData = { queryLabels, keyLabels, part: 'cross', layer: 1, heads: [2], average: false, sink: 'show', links: example.links(), focus: null };
const fromCat = example.focus(1, 'from');
const toCat = example.focus(1, 'to', true);

function draw(more: Partial<GraphData>, layout: 'vertical' | 'horizontal', kind: ThemeKind = 'light', width = 360, height = 240): Drawing {
  const theme = galleryTheme(kind);
  const frame = frameOf(width, height);
  const all = { ...data, ...more };
  return crossGraph(all, layoutCross(all.queryLabels, all.keyLabels, { layout, spacing: 0 }, theme, frame), 0, theme, frame);
}

describe('attention between two sequences as a committed picture', () => {
  it.each([
    ['cross-rest-light', draw({}, 'horizontal')],
    ['cross-from-dark', draw({ focus: fromCat }, 'horizontal', 'dark')],
    ['cross-to-hc-light', draw({ focus: toCat }, 'vertical', 'hc-light')],
    ['cross-slanted-hc-dark', draw({ focus: fromCat }, 'horizontal', 'hc-dark', 80)],
  ])('%s', async (name, drawing) => {
    await expect(svgDocument(drawing)).toMatchFileSnapshot(`./pictures/${name}.svg`);
  });

  it('map-cross-light', async () => {
    const theme = galleryTheme('light');
    const frame = frameOf(380, 320);
    const bitmap = patternBitmap(example.pattern(), false, rampPalette(theme.ramp));
    const map = attentionMap({ queryLabels, keyLabels, part: 'cross', layer: 1, heads: [2], causal: false, bitmap, focus: { unit: 1, direction: 'from', pinned: false, weights: example.row(1, 'from').weights }, cell: { query: 1, key: 1 } }, layoutMap(queryLabels, keyLabels, 0, theme, frame), { x: 0, y: 0 }, theme, frame);
    expect(map.label).toBe('Attention map of cross-attention, layer 1, head 2: 猫 → cat: 80 %.');
    expect(textsOf(map.marks)).toEqual(expect.arrayContaining(['key: token of the text →', '← query: token of the output']));
    await expect(svgDocument(map)).toMatchFileSnapshot('./pictures/map-cross-light.svg');
  });
});

describe('links between two sequences', () => {
  it('go from the query’s side to the key’s', () => {
    const theme = galleryTheme('light');
    const layout = layoutCross(queryLabels, keyLabels, { layout: 'horizontal', spacing: 0 }, theme, frameOf(360, 240));
    const curves = draw({ focus: fromCat }, 'horizontal').marks.filter((mark): mark is CurveMark => mark.mark === 'curve');
    expect(curves).toHaveLength(1);
    expect(curves[0]).toMatchObject({ x0: unitCentre(layout.queries, 1), y0: layout.queries.spine, x1: unitCentre(layout.keys, 1), y1: layout.keys.spine });
  });

  it('say which way they go', () => {
    expect(draw({}, 'horizontal').label).toBe('Attention graph of cross-attention, layer 1, head 2: 3 units of the output, 4 of the text, 3 links drawn.');
    expect(draw({ focus: fromCat }, 'horizontal').label).toBe('Attention graph of cross-attention, layer 1, head 2: “猫” attends most to “cat” (80 %).');
    expect(draw({ focus: toCat }, 'horizontal').label).toBe('Attention graph of cross-attention, layer 1, head 2: “cat” is attended to most by “猫” (80 %).');
  });
});

describe('units of two sequences', () => {
  const sizes = fc.record({ width: fc.integer({ min: 280, max: 1600 }), height: fc.integer({ min: 180, max: 1000 }) });
  const counts = fc.integer({ min: 1, max: 60 });

  it('stay in the frame they are fitted into, and are found on their own side', () => {
    fc.assert(
      fc.property(counts, counts, sizes, fc.constantFrom('vertical' as const, 'horizontal' as const), (queries, keys, { width, height }, choice) => {
        const words = (count: number): string[] => Array.from({ length: count }, (_, at) => ' ' + 'abcdefghij'.slice(0, 1 + ((at * 7) % 10)));
        const layout = layoutCross(labelsOf(tokensOf(words(queries))), labelsOf(tokensOf(words(keys))), { layout: choice, spacing: 0 }, galleryTheme('dark'), frameOf(width, height));
        expect(layout.keys.spine).toBeGreaterThanOrEqual(layout.queries.spine + 40);
        for (const [side, count] of [['queries', queries], ['keys', keys]] as const) {
          const { edges, spine } = layout[side];
          expect(edges.every((edge, at) => at === 0 || edge > (edges[at - 1] ?? 0))).toBe(true);
          expect(edges[0]).toBeGreaterThanOrEqual(0);
          expect(edges.at(-1)).toBeLessThanOrEqual((choice === 'vertical' ? height : width) + 1e-6);
          const unit = Math.floor(count / 2);
          const along = unitCentre(layout[side], unit);
          expect(crossUnitAt(layout, choice === 'vertical' ? { x: spine, y: along } : { x: along, y: spine }, 0)).toEqual({ side, unit });
        }
      }),
      { seed: 5, numRuns: 80 },
    );
  });

  it('of a long and a short one span the same length where that does not tear them apart', () => {
    const layout = layoutCross(labelsOf(tokensOf(Array.from({ length: 30 }, () => ' w'))), labelsOf(tokensOf(Array.from({ length: 20 }, () => ' w'))), { layout: 'vertical', spacing: 20 }, galleryTheme('dark'), frameOf(500, 300));
    expect(layout.keys.edges.at(-1)).toBeCloseTo(layout.queries.edges.at(-1) ?? 0);
  });

  it('have their weights beside them on the outer side', () => {
    const weight = (focus: GraphData['focus']): TextMark | undefined => flat(draw({ focus }, 'vertical').marks).find((mark): mark is TextMark => mark.mark === 'text' && mark.text === '80 %');
    expect(weight(toCat)?.x).toBeLessThan(50);
    expect(weight(fromCat)?.x).toBeGreaterThan(270);
  });
});
