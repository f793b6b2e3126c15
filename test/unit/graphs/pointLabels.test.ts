import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placeAround, type PointLabel } from '../../../webview/graphs/pointLabels.ts';

const [width, height] = [300, 200];
const label = fc.record({ x: fc.integer({ min: 0, max: width }), y: fc.integer({ min: 0, max: height }), width: fc.integer({ min: 4, max: 120 }), height: fc.constant(14) });

const boxOf = (place: { readonly x: number; readonly y: number }, of: PointLabel): readonly [number, number, number, number] => [place.x, place.x + of.width, place.y - of.height / 2, place.y + of.height / 2];

describe('labels beside points', () => {
  it('stand right of their point where nothing is in the way', () => {
    expect(placeAround([{ x: 50, y: 60, width: 40, height: 14 }], width, height)).toEqual([{ x: 60, y: 60 }]);
  });

  it('go to the left at the right edge, and are left out where there is no room', () => {
    expect(placeAround([{ x: 290, y: 60, width: 40, height: 14 }], width, height)).toEqual([{ x: 240, y: 60 }]);
    expect(placeAround([{ x: 150, y: 60, width: 400, height: 14 }], width, height)).toEqual([null]);
  });

  it('never cover one another or another point, nor leave the frame', () => {
    fc.assert(
      fc.property(fc.array(label, { maxLength: 40 }), (labels) => {
        const placed = placeAround(labels, width, height);
        const boxes = placed.flatMap((place, i) => {
          const of = labels[i];
          return place && of ? [{ own: i, box: boxOf(place, of) }] : [];
        });
        for (const { own, box: [left, right, top, bottom] } of boxes) {
          expect(left >= 0 && right <= width && top >= 0 && bottom <= height).toBe(true);
          for (const other of boxes) if (other.own !== own) expect(left < other.box[1] && other.box[0] < right && top < other.box[3] && other.box[2] < bottom).toBe(false);
          for (const [i, { x, y }] of labels.entries()) if (i !== own) expect(left < x && x < right && top < y && y < bottom).toBe(false);
        }
      }),
    );
  });
});
