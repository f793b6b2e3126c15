/** Which of the drawn links is at a point. */
import { pointOn, type CutLink } from './cutLinks.ts';
import type { LinkPath, LinkStyle } from './graphLinks.ts';

/** So near a link is pointed at, pixels. */
const reach = 4;
/** Straight pieces that a curve is taken as. */
const pieces = 24;

/** The nearest of the links within reach; of several as near the last, which is drawn on top. */
export function linkAt<L extends CutLink>(links: readonly L[], path: LinkStyle['path'], at: { readonly x: number; readonly y: number }): L | null {
  let best: L | null = null;
  let nearest = reach;
  for (const link of links) {
    const distance = distanceTo(path(link.query, link.key, link.head), at);
    if (distance > nearest) continue;
    nearest = distance;
    best = link;
  }
  return best;
}

function distanceTo(path: LinkPath, at: { readonly x: number; readonly y: number }): number {
  let least = Infinity;
  let from = pointOn(path, 0);
  for (let piece = 1; piece <= pieces; piece++) {
    const to = pointOn(path, piece / pieces);
    const [dx, dy] = [to.x - from.x, to.y - from.y];
    const length = dx * dx + dy * dy;
    const t = length === 0 ? 0 : Math.max(0, Math.min(1, ((at.x - from.x) * dx + (at.y - from.y) * dy) / length));
    least = Math.min(least, Math.hypot(at.x - from.x - t * dx, at.y - from.y - t * dy));
    from = to;
  }
  return least;
}
