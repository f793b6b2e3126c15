/** The strip of tokens as a picture: text where the page had it, and over and under it what marks it. */
import { describe, expect, it } from 'vitest';
import { galleryTheme } from '../../../webview/gallery/themes.ts';
import type { Mark } from '../../../webview/graphs/drawing.ts';
import { stripPicture, type StripChip, type StripPicture, type StripText } from '../../../webview/graphs/stripPicture.ts';
import { svgDocument } from '../../../webview/graphs/svg.ts';

const theme = galleryTheme('light');
const measure = (text: string, size: number): number => text.length * size * 0.5;
const textAt = (text: string, x: number, y = 0): StripText => ({ text, x, y, width: 8 * text.length, height: 20, size: 13, faint: text.startsWith('·') });
const chip = (text: string, x: number, more: Partial<StripChip> = {}): StripChip => ({ boxes: [{ x, y: 0, width: 8 * text.length, height: 20 }], texts: [textAt(text, x)], kind: 'text', partial: false, changed: false, ...more });

const strip: StripPicture = {
  title: '',
  chips: [chip('<s>', 0, { kind: 'added' }), chip('河边', 30), chip('·bank', 60), { ...chip('long', 110), boxes: [{ x: 110, y: 0, width: 16, height: 20 }, { x: 0, y: 24, width: 16, height: 20 }], texts: [textAt('lo', 110), textAt('ng', 0, 24)] }, chip('é', 40, { partial: true, changed: true })],
  gaps: [textAt('·', 22)],
  shades: new Map([[2, { strength: 0.5, color: '#ff0000' }]]),
  legend: [],
  pinned: 1,
  off: new Set([2]),
  label: 'Tokens in reading order',
};
const draw = (more: Partial<StripPicture> = {}): readonly Mark[] => stripPicture({ ...strip, ...more }, theme, measure).marks;
const rects = (marks: readonly Mark[]): Extract<Mark, { mark: 'rect' }>[] => marks.flatMap((mark) => (mark.mark === 'rect' ? [mark] : []));

describe('the strip as a picture', () => {
  it('has each stretch of text once, where it stood', () => {
    const texts = draw().flatMap((mark) => (mark.mark === 'text' ? [mark] : []));
    expect(texts.map(({ text }) => text).sort()).toEqual(['<s>', 'lo', 'long', 'ng', '·', '·bank', 'é', '河边'].filter((text) => text !== 'long').sort());
    expect(texts.find(({ text }) => text === 'ng')).toMatchObject({ x: 0, y: 34 });
    expect(texts.find(({ text }) => text === '<s>')).toMatchObject({ italic: true, color: theme.muted });
    expect(texts.find(({ text }) => text === '·bank')).toMatchObject({ color: theme.muted });
  });

  it('is as large as what stands in it', () => {
    const { width, height } = stripPicture(strip, theme, measure);
    expect(width).toBeGreaterThanOrEqual(126);
    expect(height).toBeGreaterThanOrEqual(44);
  });

  it('shades to the depth that the page has, outlines what is pinned, and strikes through what is left out', () => {
    const marks = draw();
    expect(rects(marks).filter(({ fill }) => fill === '#ff0000')).toEqual([expect.objectContaining({ x: 60, opacity: 0.275 })]);
    expect(rects(marks).filter(({ stroke, strokeWidth }) => stroke === theme.focus && strokeWidth === 2)).toEqual([expect.objectContaining({ x: 30, width: 16 })]);
    expect(marks.filter((mark) => mark.mark === 'line' && mark.color === theme.error)).toEqual([expect.objectContaining({ x0: 60, x1: 100, y0: 10, y1: 10 })]);
    expect(rects(draw({ pinned: null, off: new Set(), shades: new Map() })).some(({ stroke, fill }) => stroke === theme.focus || fill === '#ff0000')).toBe(false);
  });

  it('marks every line of a token that is broken', () => {
    const shaded = rects(draw({ shades: new Map([[3, { strength: 1, color: '#00ff00' }]]) })).filter(({ fill }) => fill === '#00ff00');
    expect(shaded.map(({ x, y }) => [x, y])).toEqual([[110, 0], [0, 24]]);
  });

  it('says which of two it is, and what hues mean', () => {
    const drawing = stripPicture({ ...strip, title: 'Output', legend: [{ color: '#aa0000', text: 'more surprising' }, { color: '#0000aa', text: 'less surprising' }] }, theme, measure);
    const svg = svgDocument(drawing);
    for (const words of ['Output', 'more surprising', 'less surprising']) expect(svg).toContain(`>${words}</text>`);
    expect(drawing.height).toBeGreaterThan(stripPicture(strip, theme, measure).height + 30);
  });
});
