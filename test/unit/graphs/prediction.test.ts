/** Pictures of where a prediction comes from, on numbers written by hand. */
import { describe, expect, it } from 'vitest';
import type { Candidate, PathsAnswer } from '../../../src/protocol.ts';
import { galleryTheme } from '../../../webview/gallery/themes.ts';
import type { Drawing, Mark } from '../../../webview/graphs/drawing.ts';
import { inkOn } from '../../../webview/graphs/ink.ts';
import { rankPlace } from '../../../webview/graphs/lensChart.ts';
import type { LensData } from '../../../webview/graphs/lensData.ts';
import { columnsInSight, layoutLens, lensCellAt, rowTopOf, scrollToColumn } from '../../../webview/graphs/lensLayout.ts';
import { lensCellSentence, lensSentence } from '../../../webview/graphs/lensSentences.ts';
import { lensTable } from '../../../webview/graphs/lensTable.ts';
import { layoutPaths } from '../../../webview/graphs/pathLayout.ts';
import { pathPicture } from '../../../webview/graphs/pathPicture.ts';
import { layoutSources, sourceBars } from '../../../webview/graphs/sourceBars.ts';
import { sourceRows } from '../../../webview/graphs/sourceTree.ts';
import type { SweepData, SweepItem } from '../../../webview/graphs/sweepData.ts';
import { sweepGrid, sweepSentence } from '../../../webview/graphs/sweepGrid.ts';
import { layoutSweep, sweepCellAt } from '../../../webview/graphs/sweepLayout.ts';
import { svgDocument } from '../../../webview/graphs/svg.ts';
import type { LensColumn } from '../../../webview/lens.ts';
import { headHues, parseHex, type ThemeKind } from '../../../webview/palette.ts';
import { fiveTokens, frameOf, labelsOf } from './examples.ts';

const labels = labelsOf(fiveTokens);
const all = (marks: readonly Mark[]): Mark[] => marks.flatMap((mark) => (mark.mark === 'clip' ? all(mark.marks) : [mark]));
const candidate = (text: string, share: number): Candidate => ({ id: text.charCodeAt(0), text, logit: 0, logProbability: Math.log(share), rank: 1, special: false });

const column = (position: number): LensColumn => ({
  top: [0.9, 0.04, 0.5].map((share, row) => [candidate(`${'abcde'[position] ?? ''}${String(row)}`, share), candidate('z', share / 3)]),
  divergence: Float32Array.of(4 - position / 2, 2, 0),
});
const lens: LensData = {
  labels, layers: [-1, 0, 1], columns: new Map([0, 1, 2, 3].map((position) => [position, column(position)])), before: null, shade: 'probability', position: 3, focus: null, cell: null,
  followed: [{ text: ' down', rank: Uint32Array.of(900, 12, 1), logProbability: Float32Array.of(-9, -4, -0.7) }, { text: ' up', rank: Uint32Array.of(20, 1, 3), logProbability: Float32Array.of(-5, -1, -2) }],
};

function drawLens(kind: ThemeKind, more: Partial<LensData> = {}, width = 640): Drawing {
  const frame = frameOf(width, 260);
  const data = { ...lens, ...more };
  return lensTable(data, layoutLens(data.layers.length, data.labels.length, 0, frame), { x: 0, y: 0 }, galleryTheme(kind), frame);
}

const item = (layer: number, head: number, value: number, on = false): SweepItem => ({ intervention: { kind: 'head', part: 'decoder', layer, head, by: 'zero' }, name: `layer ${String(layer)}, head ${String(head)}`, cell: { panel: 0, row: layer, column: head }, value, on });
const sweep: SweepData = {
  panels: [{ title: null, rows: ['L0', 'L1'], columns: ['H0', 'H1', 'H2', 'H3'] }],
  items: [item(0, 0, -1.5), item(0, 1, 0.25, true), item(0, 2, 0), item(0, 3, 0.75), item(1, 0, -0.1)],
  measure: 'logProbability', target: 'down', rival: null, cell: null,
};

function drawSweep(kind: ThemeKind, more: Partial<SweepData> = {}, width = 420): Drawing {
  const frame = frameOf(width, 200);
  const theme = galleryTheme(kind);
  const data = { ...sweep, ...more };
  return sweepGrid(data, layoutSweep(data.panels, theme, frame), { x: 0, y: 0 }, theme, frame);
}

const target = candidate(' down', 0.4);
const paths: PathsAnswer = {
  target, logit: 3, least: 0.1, direct: 4, directDrawn: 3,
  nodes: [{ part: 'logit', token: 4, value: 3, rest: { hidden: 2, hiddenValue: 0.5, biases: 0.5, means: 0 } }, { part: 'head', layer: 1, head: 3, token: 4, value: 2, rest: { hidden: 0, hiddenValue: 0, biases: 0.5, means: 0 } }, { part: 'feedForward', layer: 0, token: 1, value: 2.5 }, { part: 'embedding', token: 1, value: -1 }],
  edges: [{ from: 1, to: 0, value: 2 }, { from: 2, to: 1, value: 2.5 }, { from: 3, to: 1, value: -1 }],
  cut: false,
};

function drawPaths(kind: ThemeKind, node: number | null = null): Drawing {
  const frame = frameOf(420, 320);
  return pathPicture({ answer: paths, labels, node, off: [false, true, false, false] }, layoutPaths(paths, 2, 0, frame), { x: 0, y: 0 }, galleryTheme(kind), frame);
}

function drawSources(kind: ThemeKind, at: number | null = null): Drawing {
  const frame = frameOf(420, 220);
  const theme = galleryTheme(kind);
  const rows = sourceRows({
    answer: { target, logit: 3, remainder: 0.1, shares: [{ part: 'embedding', value: 0.5 }, { part: 'head', layer: 0, head: 0, value: 2 }, { part: 'feedForward', layer: 0, value: -0.6 }, { part: 'normBias', value: 1 }] },
    order: 'computed', layers: new Set([0]), head: { layer: 0, head: 0 }, sources: { value: 2, shares: Float32Array.of(1.5, 0.5, 0, 0, 0), remainder: 0 }, labels,
  });
  return sourceBars({ rows, sum: 'The logit of “down” is +3.00', at }, layoutSources(rows, theme, frame), 0, theme, frame);
}

describe('where a prediction comes from as committed pictures', () => {
  it.each([
    ['lens-light', drawLens('light')],
    ['lens-changed-dark', drawLens('dark', { before: new Map([[2, column(1)], [3, column(3)]]), cell: { row: 1, position: 2 }, focus: 2 })],
    ['lens-divergence-hc-dark', drawLens('hc-dark', { shade: 'divergence' })],
    ['lens-narrow-hc-light', drawLens('hc-light', {}, 330)],
    ['sweep-light', drawSweep('light')],
    ['sweep-cell-dark', drawSweep('dark', { cell: { panel: 0, row: 0, column: 1 } })],
    ['sweep-hc-light', drawSweep('hc-light', {}, 260)],
    ['paths-light', drawPaths('light')],
    ['paths-node-hc-dark', drawPaths('hc-dark', 1)],
    ['sources-dark', drawSources('dark', 3)],
    ['sources-hc-light', drawSources('hc-light')],
  ])('%s', async (name, drawing) => {
    await expect(svgDocument(drawing)).toMatchFileSnapshot(`./pictures/${name}.svg`);
  });
});

describe('the table of the lens', () => {
  const frame = frameOf(640, 260);
  const layout = layoutLens(3, 40, 0, frame);

  it('finds the cell at a point, with the last layer on top', () => {
    expect(lensCellAt(layout, { x: layout.area.x + 1, y: layout.area.y + 1 }, { x: 0, y: 0 })).toEqual({ row: 2, position: 0 });
    expect(lensCellAt(layout, { x: layout.area.x + 1, y: rowTopOf(layout, 0, 0) + 3 }, { x: 5 * layout.cell, y: 0 })).toEqual({ row: 0, position: 5 });
    expect(lensCellAt(layout, { x: layout.area.x - 1, y: layout.area.y + 1 }, { x: 0, y: 0 })).toBeNull();
  });

  it('knows which columns are in sight, and scrolls no further than it must', () => {
    const [from, to] = columnsInSight(layout, 10 * layout.cell);
    expect(from).toBe(10);
    expect(to - from).toBe(Math.ceil(layout.area.width / layout.cell));
    expect(scrollToColumn(layout, 12, 10 * layout.cell)).toBe(10 * layout.cell);
    expect(scrollToColumn(layout, 39, 0)).toBeCloseTo(40 * layout.cell - layout.area.width);
  });

  it('puts rank 1 at the right end and each power of ten as far to the left', () => {
    const places = [1, 10, 100].map((rank) => rankPlace(rank, 1000, layout.chart));
    expect((places[0] ?? 0) - (places[1] ?? 0)).toBeCloseTo((places[1] ?? 0) - (places[2] ?? 0));
    expect(places[0]).toBeGreaterThan(places[1] ?? 0);
  });

  it('says what is in a cell, and what experiments changed in it', () => {
    expect(lensCellSentence(lens, { row: 1, position: 2 })).toMatch(/^layer 0 at “.+”: “c1” 4\.0 %, “z” 1\.3 %; 2\.00 bits from the last layer$/);
    expect(lensCellSentence({ ...lens, before: new Map([[2, column(1)]]) }, { row: 1, position: 2 })).toMatch(/; without experiments “b1” 4\.0 %$/);
    expect(lensCellSentence(lens, { row: 0, position: 4 })).toMatch(/not computed yet$/);
    expect(lensSentence(lens)).toMatch(/^Logit lens of 5 tokens; at “.+”: embedding “d0” 90 %; layer 0 “d1” 4\.0 %; layer 1 “d2” 50 %\.$/);
  });
});

describe('the grid of a sweep', () => {
  it('hatches what is not known yet, and strikes through what is switched off', () => {
    const marks = all(drawSweep('light').marks);
    expect(marks.filter(({ mark }) => mark === 'hatch')).toHaveLength(1);
    expect(marks.filter(({ mark }) => mark === 'line')).toHaveLength(1);
  });

  it('finds the cell at a point', () => {
    const layout = layoutSweep(sweep.panels, galleryTheme('light'), frameOf(420, 200));
    const [panel] = layout.panels;
    expect(panel && sweepCellAt(layout, { x: panel.x + 2.5 * panel.cell, y: panel.y + 1.5 * panel.row })).toEqual({ panel: 0, row: 1, column: 2 });
    expect(sweepCellAt(layout, { x: 0, y: 0 })).toBeNull();
  });

  it('says what matters most, in the unit of the measure', () => {
    expect(sweepSentence(sweep)).toBe('What matters, change of the log-probability of “down” (nats): without layer 0, head 0: −1.50 nats; without layer 0, head 3: +0.75 nats; without layer 0, head 1: +0.25 nats.');
    expect(sweepSentence({ ...sweep, items: [item(0, 0, 0.0123)], measure: 'divergence' })).toContain('0.0123 bits');
    expect(sweepSentence({ ...sweep, items: [] })).toBe('What matters: nothing has been switched off yet.');
  });
});

it.each(['light', 'dark', 'hc-light', 'hc-dark'] as const)('text on colours of %s can be read', (kind) => {
  const theme = galleryTheme(kind);
  const luminance = (color: string): number => {
    const [red = 0, green = 0, blue = 0] = (parseHex(color) ?? []).map((channel) => (channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const colors = [...headHues(kind), ...Array.from({ length: 21 }, (_, step) => theme.ramp(step / 20)), ...Array.from({ length: 21 }, (_, step) => theme.diverging(step / 10 - 1))];
  for (const color of colors) {
    const [one, other] = [luminance(color), luminance(inkOn(color))];
    expect((Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05)).toBeGreaterThan(4.4);
  }
});
