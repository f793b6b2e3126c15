import { describe, expect, it } from 'vitest';
import { galleryTheme } from '../../../webview/gallery/themes.ts';
import { attentionGraph, type GraphData } from '../../../webview/graphs/attentionGraph.ts';
import type { CurveMark, Drawing, TextMark } from '../../../webview/graphs/drawing.ts';
import { focusFromLinks } from '../../../webview/graphs/focus.ts';
import { layoutGraph } from '../../../webview/graphs/graphLayout.ts';
import { svgDocument } from '../../../webview/graphs/svg.ts';
import type { ThemeKind } from '../../../webview/palette.ts';
import { Example, fiveTokens, frameOf, labelsOf, textsOf, tokensOf, twoHeads } from './examples.ts';

const example = new Example(twoHeads);
const labels = labelsOf(fiveTokens);
const resting: GraphData = { queryLabels: labels, keyLabels: labels, part: null, layer: 3, heads: [1, 4], average: false, sink: 'show', links: example.links(), focus: null };

function draw(data: GraphData, options: { layout?: 'vertical' | 'horizontal'; spacing?: number; theme?: ThemeKind; scroll?: number; width?: number; height?: number } = {}): Drawing {
  const theme = galleryTheme(options.theme ?? 'light');
  const frame = frameOf(options.width ?? 360, options.height ?? 220);
  return attentionGraph(data, layoutGraph(data.keyLabels, { layout: options.layout ?? 'vertical', spacing: options.spacing ?? 0 }, theme, frame), options.scroll ?? 0, theme, frame);
}

const curvesOf = (drawing: Drawing): CurveMark[] => drawing.marks.filter((mark) => mark.mark === 'curve');
const textOf = (drawing: Drawing, text: string): TextMark | undefined => drawing.marks.find((mark): mark is TextMark => mark.mark === 'text' && mark.text === text);

describe('the attention graph as a committed picture', () => {
  it.each([
    ['graph-rest-light', draw(resting)],
    ['graph-from-dark', draw({ ...resting, focus: example.focus(3, 'from') }, { theme: 'dark' })],
    ['graph-to-hc-light', draw({ ...resting, focus: example.focus(0, 'to', true) }, { theme: 'hc-light', layout: 'horizontal', width: 420 })],
    ['graph-slanted-hc-dark', draw({ ...resting, focus: example.focus(4, 'from') }, { theme: 'hc-dark', layout: 'horizontal', width: 130 })],
    ['graph-scrolled-light', draw({ ...resting, focus: example.focus(4, 'from', true) }, { spacing: 60, scroll: 130, height: 160 })],
    ['graph-dimmed-light', draw({ ...resting, sink: 'dim', focus: example.focus(3, 'from') })],
  ])('%s', async (name, drawing) => {
    await expect(svgDocument(drawing)).toMatchFileSnapshot(`./pictures/${name}.svg`);
  });
});

describe('at rest', () => {
  it('draws every link that it is given', () => {
    expect(curvesOf(draw(resting))).toHaveLength(example.links().query.length);
  });

  it('gives each head its hue, and the average of several the accent', () => {
    const theme = galleryTheme('light');
    expect(new Set(curvesOf(draw(resting)).map(({ color }) => color))).toEqual(new Set([theme.heads[1], theme.heads[4]]));
    const average = new Example(twoHeads.slice(0, 1));
    expect(new Set(curvesOf(draw({ ...resting, average: true, links: average.links() })).map(({ color }) => color))).toEqual(new Set([theme.accent]));
  });

  it('draws only links of which an end is seen', () => {
    // Rows of 60 px: with 100 px of room from 200 px on, units 3 and 4 are seen and the links among the first three are not.
    const seen = curvesOf(draw(resting, { spacing: 60, scroll: 200, height: 100 }));
    const { query } = example.links();
    expect(seen).toHaveLength(query.filter((unit) => unit >= 3).length);
  });

  it('says how much there is', () => {
    expect(draw(resting).label).toBe(`Attention graph of layer 3, heads 1, 4: 5 units, ${example.links().query.length} links drawn.`);
  });
});

describe('with a focus', () => {
  it('draws that unit’s links and no other, ending at the keys', () => {
    const focus = example.focus(3, 'from');
    const curves = curvesOf(draw({ ...resting, focus }));
    expect(curves).toHaveLength(focus.links.length);
    // Row 3 of head 1 is on unit 2, that of head 4 on unit 0.
    expect(focus.links.map(({ unit, head }) => [unit, head])).toEqual([[2, 0], [0, 1]]);
  });

  it('shows weights beside the partners, the mean over the heads', () => {
    const texts = textsOf(draw({ ...resting, focus: example.focus(3, 'from') }).marks);
    expect(texts).toContain('45 %'); // (0.1 + 0.8) / 2 on unit 0
    expect(texts).toContain('37 %'); // (0.7 + 0.05) / 2, just below 37.5 % in float32 on unit 2
  });

  it('shows no weights before they are exact', () => {
    const focus = focusFromLinks(example.links(), 2, { unit: 3, direction: 'from', pinned: false });
    const drawing = draw({ ...resting, focus });
    expect(curvesOf(drawing)).toHaveLength(2);
    expect(textsOf(drawing.marks).filter((text) => text.includes('%'))).toEqual([]);
  });

  it('says what it attends to, and by what it is attended to', () => {
    expect(draw({ ...resting, focus: example.focus(3, 'from') }).label).toBe('Attention graph of layer 3, heads 1, 4: “time” attends most to “Once” (45 %), “a” (37 %).');
    expect(draw({ ...resting, focus: example.focus(2, 'to') }).label).toBe('Attention graph of layer 3, heads 1, 4: “a” is attended to most by “time” (37 %), “a” (20 %), “↵” (15 %).');
  });

  it('states at the edge what is out of sight', () => {
    const drawing = draw({ ...resting, focus: example.focus(4, 'from') }, { spacing: 60, scroll: 200, height: 110 });
    expect(textsOf(drawing.marks)).toContain('↑ 3 more above, 60 %');
  });

  it('draws links to a dimmed first token faintly, unless it is the one that is looked at', () => {
    const bright = curvesOf(draw({ ...resting, focus: example.focus(3, 'from') }));
    const dim = curvesOf(draw({ ...resting, sink: 'dim', focus: example.focus(3, 'from') }));
    expect(dim[1]?.opacity).toBeLessThan((bright[1]?.opacity ?? 0) / 3);
    expect(dim[0]?.opacity).toBe(bright[0]?.opacity);
    const own = curvesOf(draw({ ...resting, sink: 'dim', focus: example.focus(0, 'to') }));
    expect(Math.min(...own.map(({ opacity }) => opacity))).toBeGreaterThan(0.3);
  });

  it('keeps the focused unit’s label and its partners’ where the others have no room', () => {
    const many = tokensOf(Array.from({ length: 300 }, (_, at) => ` w${at}`));
    const heads = [many.map((_, query) => many.map((_, key) => (key === Math.max(0, query - 7) ? 1 : 0)))];
    const drawing = draw({ ...resting, heads: [0], queryLabels: labelsOf(many), keyLabels: labelsOf(many), links: null, focus: new Example(heads).focus(101, 'from') });
    expect(textOf(drawing, 'w101')?.bold).toBe(true);
    expect(textOf(drawing, 'w94')?.bold).toBe(true);
    expect(textOf(drawing, 'w93')).toBeUndefined();
  });
});
