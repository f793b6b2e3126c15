import { describe, expect, it } from 'vitest';
import { galleryTheme } from '../../../webview/gallery/themes.ts';
import { graphUnitAt, layoutGraph, scrollToShow, unitCentre, visibleUnits } from '../../../webview/graphs/graphLayout.ts';
import { zoomedSpacing } from '../../../webview/graphs/zoom.ts';
import { frameOf, labelsOf, tokensOf } from './examples.ts';

const theme = galleryTheme('light');
const frame = frameOf(400, 300);
const hundred = labelsOf(tokensOf(Array.from({ length: 100 }, (_, at) => ` token${at}`)));

describe('the column', () => {
  const rows = layoutGraph(hundred, { layout: 'vertical', spacing: 20 }, theme, frame);

  it('finds the unit under the pointer, scrolled or not', () => {
    expect(graphUnitAt(rows, { x: 5, y: 9 }, 0)).toBeNull();
    expect(graphUnitAt(rows, { x: 5, y: 11 }, 0)).toBe(0);
    expect(graphUnitAt(rows, { x: 390, y: 31 }, 0)).toBe(1);
    expect(graphUnitAt(rows, { x: 5, y: 11 }, 400)).toBe(20);
    expect(graphUnitAt(rows, { x: 5, y: 295 }, 1720)).toBeNull();
  });

  it('knows which units are seen', () => {
    expect(visibleUnits(rows, 0)).toEqual([0, 15]);
    expect(visibleUnits(rows, 410)).toEqual([20, 36]);
  });

  it('scrolls no further than it must to show a unit', () => {
    expect(scrollToShow(rows, 3, 0)).toBe(0);
    expect(scrollToShow(rows, 20, 0)).toBe(430 + 40 - 300);
    expect(scrollToShow(rows, 20, 1000)).toBe(410 - 40);
    expect(scrollToShow(rows, 99, 0)).toBe(rows.length - 300);
  });

  it('fits everything when asked to', () => {
    const fitted = layoutGraph(hundred, { layout: 'vertical', spacing: 0 }, theme, frame);
    expect(fitted.length).toBeCloseTo(300);
    expect(visibleUnits(fitted, 0)).toEqual([0, 100]);
  });

  it('does not blow few units up', () => {
    const few = layoutGraph(hundred.slice(0, 3), { layout: 'vertical', spacing: 0 }, theme, frame);
    expect(few.pitch).toBeLessThan(50);
  });
});

describe('the line', () => {
  it('gives each unit its own width where there is room', () => {
    const line = layoutGraph(labelsOf(tokensOf(['我', '喜欢', ' attention'])), { layout: 'horizontal', spacing: 0 }, theme, frame);
    expect(line.slanted).toBe(false);
    const widths = [0, 1, 2].map((unit) => (line.edges[unit + 1] ?? 0) - (line.edges[unit] ?? 0));
    expect(widths[0]).toBeLessThan(widths[1] ?? 0);
    expect(widths[1]).toBeLessThan(widths[2] ?? 0);
    expect(graphUnitAt(line, { x: unitCentre(line, 2), y: 250 }, 0)).toBe(2);
  });

  it('slants the labels where there is not', () => {
    const line = layoutGraph(hundred, { layout: 'horizontal', spacing: 0 }, theme, frame);
    expect(line.slanted).toBe(true);
    expect(line.edges[100]).toBeLessThanOrEqual(400);
  });

  it('scrolls sideways when it is spaced out', () => {
    const line = layoutGraph(hundred, { layout: 'horizontal', spacing: 80 }, theme, frame);
    expect(line.length).toBeCloseTo(100 * 80 + 20);
    expect(graphUnitAt(line, { x: 10, y: 10 }, unitCentre(line, 50))).toBe(50);
  });
});

describe('zooming by the wheel', () => {
  it('goes back to fitting once everything fits', () => {
    expect(zoomedSpacing(20, 1.5, 6)).toBe(30);
    expect(zoomedSpacing(7, 0.5, 6)).toBe(0);
    expect(zoomedSpacing(80, 4, 6)).toBe(90);
  });
});
