/**
 * How weights between 0 and 1 look. Everywhere the square root is shown, so that 1 %, 10 % and
 * 100 % are a tenth, a third and the whole: weak links stay visible and strong ones differ.
 */
import type { ThemeKind } from '../palette.ts';

export function strength(weight: number): number {
  return Math.sqrt(Math.max(0, Math.min(1, weight)));
}

/** Line width in pixels, `widest` at weight 1. */
export function linkWidth(weight: number, widest: number): number {
  return 0.75 + (widest - 0.75) * strength(weight);
}

/** A link that one looks at: never fainter than can be seen on the theme's background. */
export function linkOpacity(weight: number, kind: ThemeKind): number {
  const least = kind === 'hc-dark' || kind === 'hc-light' ? 0.6 : 0.35;
  return least + (1 - least) * strength(weight);
}

/** Below this weight links of the texture differ only in opacity. */
const thin = 0.2;

/** Width in the texture: weak links, of which there are thousands, are exactly one pixel wide, which is painted four times as fast. */
export function textureWidth(weight: number, widest: number): number {
  return weight <= thin ? 1 : 1 + ((widest - 1) * (strength(weight) - strength(thin))) / (1 - strength(thin));
}

/** A link in the texture of all links: quieter the more there are, and the weak ones most of all, or they make a fog. */
export function textureOpacity(weight: number, count: number, kind: ThemeKind): number {
  const loudest = kind === 'hc-dark' || kind === 'hc-light' ? 1 : 0.9;
  const crowd = Math.min(1, (250 / Math.max(1, count)) ** 0.35);
  return Math.max(0.04, loudest * crowd * strength(weight) ** 1.5);
}
