/** Pictures of states and of influence, on numbers written by hand. */
import { describe, expect, it } from 'vitest';
import type { StatesAnswer } from '../../../src/protocol.ts';
import { galleryTheme } from '../../../webview/gallery/themes.ts';
import { bitsText, influenceBars, influenceSentence, layoutInfluence, mostBits, reach, tokenSentence, type InfluenceData } from '../../../webview/graphs/influenceBars.ts';
import type { Drawing, Mark, RectMark } from '../../../webview/graphs/drawing.ts';
import { layoutStates, placeAt } from '../../../webview/graphs/stateLayout.ts';
import { placeSentence, stateBitmap, statePicture, stateSentence, type StateData } from '../../../webview/graphs/statePicture.ts';
import { svgDocument } from '../../../webview/graphs/svg.ts';
import { layoutRows, rowAt, scrollToRow } from '../../../webview/graphs/tokenRows.ts';
import { influenceShades } from '../../../webview/views/stripShade.ts';
import { divergingFrom, parseHex, type ThemeKind } from '../../../webview/palette.ts';
import { fiveTokens, frameOf, labelsOf, textsOf, tokensOf } from './examples.ts';

const labels = labelsOf(fiveTokens);

/** Three units of eight; the largest value of all is 0.8. */
const answer: StatesAnswer = {
  width: 8,
  units: Uint16Array.of(5, 0, 7),
  values: Int16Array.of(1000, 0, -250, 500, 100, -500, -1000, 200, -750, -500, 300, -1000, 0, 400, 0),
  largest: 0.8,
};

const changes = new Map([
  [0, Float32Array.of(0.4, 0.3, 0.2, 0.1, 0.05)],
  [1, Float32Array.of(0.1, 0.5, 0.2, 0.3, 0.6)],
]);

function stateData(kind: ThemeKind, more: Partial<StateData> = {}): StateData {
  return { labels, changes, layer: 1, units: { answer, bitmap: stateBitmap(answer, galleryTheme(kind)) }, focus: null, place: null, ...more };
}

function drawStates(kind: ThemeKind, more: Partial<StateData> = {}, width = 560, height = 260): Drawing {
  const theme = galleryTheme(kind);
  const frame = frameOf(width, height);
  const data = stateData(kind, more);
  return statePicture(data, layoutStates(data.labels, { layers: 2, layer: data.layer, units: answer.units.length, spacing: 0 }, theme, frame), 0, theme, frame);
}

const own = { name: 'recaller', likeliest: 'there', divergence: Float32Array.of(0.01, 0.04, 0.25, 1), loss: Float32Array.of(0, -0.02, 0.3, 1.5) };
const other = { name: 'storyteller', likeliest: 'was', divergence: Float32Array.of(NaN, 4, 0.5, 0.001), loss: Float32Array.of(NaN, 5, 0.4, 0) };
const influence: InfluenceData = { labels: labels.slice(0, 4), first: 0, position: 3, models: [own, other], focus: null, pointed: false };

function drawInfluence(kind: ThemeKind, more: Partial<InfluenceData> = {}, width = 560, height = 240): Drawing {
  const theme = galleryTheme(kind);
  const frame = frameOf(width, height);
  const data = { ...influence, ...more };
  return influenceBars(data, layoutInfluence(data.labels, data.models.length, 0, theme, frame), 0, theme, frame);
}

const all = (marks: readonly Mark[]): Mark[] => marks.flatMap((mark) => (mark.mark === 'clip' ? all(mark.marks) : [mark]));
const bars = (drawing: Drawing): RectMark[] => all(drawing.marks).filter((mark) => mark.mark === 'rect').filter(({ fill }) => fill === galleryTheme('light').accent);

describe('states and influence as committed pictures', () => {
  it.each([
    ['states-light', drawStates('light')],
    ['states-cell-dark', drawStates('dark', { focus: { token: 2, pinned: false }, place: { token: 2, layer: null, unit: 0 } })],
    ['states-arriving-hc-dark', drawStates('hc-dark', { changes: new Map([...changes].slice(0, 1)), units: null })],
    ['states-narrow-hc-light', drawStates('hc-light', { focus: { token: 1, pinned: true } }, 280, 260)],
    ['influence-light', drawInfluence('light')],
    ['influence-alone-dark', drawInfluence('dark', { models: [own], focus: 1, pointed: true })],
    ['influence-hc-dark', drawInfluence('hc-dark', { focus: 2 }, 320, 240)],
    ['influence-hc-light', drawInfluence('hc-light')],
  ])('%s', async (name, drawing) => {
    await expect(svgDocument(drawing)).toMatchFileSnapshot(`./pictures/${name}.svg`);
  });
});

describe('the picture of states', () => {
  it('draws changes of all layers to one scale', () => {
    const widths = bars(drawStates('light')).map(({ width }) => width);
    const widest = Math.max(...widths);
    const shares = widths.map((width) => +(width / widest).toFixed(3));
    expect(shares).toEqual([...(changes.get(0) ?? []), ...(changes.get(1) ?? [])].map((change) => +(change / 0.6).toFixed(3)));
  });

  it('colours zero as the background and equal values of either sign equally far from it', () => {
    const bitmap = stateBitmap(answer, galleryTheme('dark'));
    expect(bitmap).toMatchObject({ rows: 5, columns: 3 });
    expect([...bitmap.cells.slice(0, 4)]).toEqual([254, 127, 95, 191]);
    expect([...bitmap.palette.slice(3 * 127, 3 * 128)].map((channel) => channel.toString(16).padStart(2, '0')).join('')).toBe('1f1f1f');
  });

  it('says what is where', () => {
    expect(placeSentence(stateData('light'), { token: 2, layer: null, unit: 0 })).toBe('unit 5 after “a”: −0.80, before it +0.40');
    expect(placeSentence(stateData('light'), { token: 0, layer: null, unit: 2 })).toBe('unit 7 after “Once”: −0.20');
    expect(placeSentence(stateData('light'), { token: 1, layer: 0, unit: null })).toBe('“upon” changes the state of layer 0 by 0.30');
  });

  it('is one sentence', () => {
    expect(stateSentence(stateData('light'))).toBe('States of 5 tokens; that of layer 1 is changed most by “↵” (0.60), “upon” (0.50), “time” (0.30).');
    expect(stateSentence(stateData('light', { focus: { token: 1, pinned: false } }))).toBe('States: “upon” changes layer 0 by 0.30, layer 1 by 0.50.');
    expect(stateSentence(stateData('light', { changes: new Map() }))).toBe('States of 5 tokens.');
  });

  it('has no more columns of bars than can be told apart, around the layer that is looked at', () => {
    const layout = layoutStates(labels, { layers: 40, layer: 20, units: 3, spacing: 0 }, galleryTheme('light'), frameOf(600, 300));
    expect(layout.bars.map(({ layer }) => layer)).toEqual([17, 18, 19, 20, 21, 22]);
  });

  it.each([200, 300, 600, 1200])('keeps its columns in the frame and off each other at %i pixels', (width) => {
    const { bars: columns, units, area } = layoutStates(labels, { layers: 2, layer: 0, units: 32, spacing: 0 }, galleryTheme('light'), frameOf(width, 300));
    const ends = [...columns, units];
    for (const [at, { x, width: own }] of ends.entries()) {
      expect(own).toBeGreaterThan(0);
      expect(x).toBeGreaterThanOrEqual((ends[at - 1]?.x ?? area.x) + (ends[at - 1]?.width ?? 0));
    }
    expect(units.x + units.width).toBeLessThanOrEqual(width);
  });

  it('finds tokens, layers and units under the pointer', () => {
    const layout = layoutStates(labels, { layers: 2, layer: 1, units: 3, spacing: 0 }, galleryTheme('light'), frameOf(560, 260));
    const y = layout.area.y + layout.row * 2.5;
    const [first, second] = layout.bars;
    expect(placeAt(layout, { x: (first?.x ?? 0) + 1, y }, 0)).toEqual({ token: 2, layer: 0, unit: null });
    expect(placeAt(layout, { x: (second?.x ?? 0) + 1, y }, 0)).toEqual({ token: 2, layer: 1, unit: null });
    expect(placeAt(layout, { x: layout.units.x + layout.units.width - 1, y }, 0)).toEqual({ token: 2, layer: null, unit: 2 });
    expect(placeAt(layout, { x: 5, y }, layout.row)).toEqual({ token: 3, layer: null, unit: null });
    expect(placeAt(layout, { x: 5, y: 3 }, 0)).toBeNull();
  });
});

describe('the picture of influence', () => {
  it('draws both models to one scale, by the square root', () => {
    const widths = bars(drawInfluence('light')).map(({ width }) => width);
    expect(widths).toHaveLength(7); // one is not known yet
    const widest = Math.max(...widths);
    expect(mostBits(influence)).toBe(4);
    expect(widths.map((width) => +(width / widest).toFixed(3)).slice(0, 4)).toEqual([0.05, 0.1, 0.25, 0.5]);
  });

  it('breaks the bar of the last token off where it would dwarf all others', () => {
    const models = [{ ...own, divergence: Float32Array.of(0.25, 1, 0.25, 25) }];
    expect(mostBits({ models })).toBe(1);
    const drawing = drawInfluence('light', { models });
    const widths = bars(drawing).map(({ width }) => width);
    expect(widths[3]).toBe(widths[1]);
    expect(textsOf(drawing.marks)).toContain('25.00');
    expect(all(drawing.marks).filter((mark) => mark.mark === 'line' && mark.color === galleryTheme('light').background)).toHaveLength(2);
    expect(mostBits({ models: [{ ...own, divergence: Float32Array.of(0, 2) }] })).toBe(2);
  });

  it('does not make much of next to nothing', () => {
    expect(mostBits({ models: [{ ...own, divergence: Float32Array.of(1e-5, 1e-6) }] })).toBeCloseTo(0.1);
    expect(mostBits({ models: [{ ...own, divergence: Float32Array.of(NaN, NaN) }] })).toBe(0);
  });

  it('names both models, what they expect, and the scale', () => {
    const texts = textsOf(drawInfluence('light').marks);
    for (const text of ['recaller', 'storyteller', 'expects “there”', 'expects “was”', '4.00 bits', 'square-root scale']) expect(texts).toContain(text);
  });

  it('says what a token does, and what is not known', () => {
    expect(tokenSentence(influence, 1)).toBe('without “upon”: recaller 0.04 bits (“there” gains 0.02), storyteller 4.00 bits (“was” loses 5.00)');
    expect(tokenSentence({ ...influence, models: [other] }, 0)).toBe('without “Once”: not computed yet');
  });

  it('is one sentence', () => {
    expect(influenceSentence(influence)).toBe(
      'Influence on what comes after “time”: recaller is moved most by “time” (1.00 bits), “a” (0.25 bits), “upon” (0.04 bits); storyteller is moved most by “upon” (4.00 bits), “a” (0.50 bits), “time” (< 0.01 bits).',
    );
    expect(influenceSentence({ ...influence, models: [] })).toBe('Influence on what comes after “time”.');
  });

  it('reaches as far back as 90 % of what is known', () => {
    expect(reach(Float32Array.of(0, 0, 1, 9))).toBe(1);
    expect(reach(Float32Array.of(1, 0, 1, 9))).toBe(3);
    expect(reach(Float32Array.of(NaN, 0.5, 0.5, 0))).toBe(2);
    expect(reach(Float32Array.of(0, 0, 9))).toBeNull();
  });

  it('never writes nothing for something', () => {
    expect([0, 0.001, 0.005, 1.234].map(bitsText)).toEqual(['0.00', '< 0.01', '0.01', '1.23']);
  });
});

describe('the text strip beside influence', () => {
  it('is shaded to the scale of what comes before the last token, and faintly where there is next to nothing', () => {
    const strengths = (bits: number[]): number[] => influenceShades(Float32Array.from(bits)).map(({ strength }) => +strength.toFixed(3));
    expect(strengths([0.25, 1, 9])).toEqual([0.5, 1, 1]);
    expect(strengths([0.0005, 0.0005])).toEqual([0.1, 0.1]);
    expect(influenceShades(Float32Array.of(NaN, 0, 1, 1)).map(({ firstToken }) => firstToken)).toEqual([2, 3]);
  });
});

describe('rows of tokens', () => {
  const many = labelsOf(tokensOf(Array.from({ length: 500 }, () => ' w')));
  const layout = layoutRows(many, { spacing: 0, above: 40, below: 40 }, galleryTheme('light'), frameOf(400, 280));

  it('stay readable where they do not fit, and are found and brought into view', () => {
    expect(layout.row).toBe(14);
    expect(layout.area.height).toBe(200);
    expect(layout.contentHeight).toBe(80 + 7000);
    expect(rowAt(layout, 41, 1400)).toBe(100);
    expect(rowAt(layout, 39, 0)).toBeNull();
    expect(scrollToRow(layout, 0, 900)).toBe(0);
    expect(scrollToRow(layout, 499, 0)).toBe(6800);
    expect(scrollToRow(layout, 70, 900)).toBe(900);
  });

  it('are few marks, however long the text is', () => {
    const drawing = drawStates('light', { labels: many, changes: new Map([[0, new Float32Array(500).fill(1)]]), units: null });
    expect(all(drawing.marks).length).toBeLessThan(120);
  });
});

describe('the two-sided ramp', () => {
  it.each(['light', 'dark', 'hc-light', 'hc-dark'] as const)('ends well away from the background on both sides: %s', (kind) => {
    const { background } = galleryTheme(kind);
    const ramp = divergingFrom(background, kind);
    const luminance = (color: string): number => {
      const [r = 0, g = 0, b = 0] = (parseHex(color) ?? []).map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const contrast = (a: string, b: string): number => (Math.max(luminance(a), luminance(b)) + 0.05) / (Math.min(luminance(a), luminance(b)) + 0.05);
    expect(ramp(0)).toBe(background);
    for (const end of [-1, 1]) expect(contrast(ramp(end), background)).toBeGreaterThan(4.5);
    expect(ramp(-1)).not.toBe(ramp(1));
  });
});
