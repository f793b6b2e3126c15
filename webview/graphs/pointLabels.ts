/** Labels beside points of a plane, so that none covers another or a point that matters more. */

export interface PointLabel {
  readonly x: number;
  readonly y: number;
  /** Size of the words. */
  readonly width: number;
  readonly height: number;
}

export interface PlacedLabel {
  /** Middle of the left edge. */
  readonly x: number;
  readonly y: number;
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Room between a point's middle and its label, and around each point. */
const gap = 10;
const dot = 4;

/**
 * The place of each label, in order of importance, or null where there is none: right of its point, left, above or
 * below. Labels stay within `width` × `height` and cover neither one another nor a point.
 */
export function placeAround(labels: readonly PointLabel[], width: number, height: number): (PlacedLabel | null)[] {
  const taken: Box[] = labels.map(({ x, y }) => ({ left: x - dot, right: x + dot, top: y - dot, bottom: y + dot }));
  const overlaps = (a: Box, b: Box): boolean => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  return labels.map((label, own) => {
    for (const place of candidates(label)) {
      const box = { left: place.x, right: place.x + label.width, top: place.y - label.height / 2, bottom: place.y + label.height / 2 };
      const inside = box.left >= 0 && box.right <= width && box.top >= 0 && box.bottom <= height;
      if (!inside || taken.some((other, index) => index !== own && overlaps(box, other))) continue;
      taken.push(box);
      return place;
    }
    return null;
  });
}

function candidates({ x, y, width, height }: PointLabel): PlacedLabel[] {
  const [above, below] = [y - gap - height / 2 + 2, y + gap + height / 2 - 2];
  return [
    { x: x + gap, y },
    { x: x - gap - width, y },
    { x: x - width / 2, y: above },
    { x: x - width / 2, y: below },
    { x: x + gap / 2, y: above },
    { x: x + gap / 2, y: below },
    { x: x - gap / 2 - width, y: above },
    { x: x - gap / 2 - width, y: below },
  ];
}
