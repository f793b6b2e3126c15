/**
 * Colours made by calculation in OKLab/OKLCH, where equal steps look equal (Björn Ottosson, 2020):
 * hues that tell heads apart, and the ramp from "no weight" to "all of it".
 */

export type ThemeKind = 'light' | 'dark' | 'hc-dark' | 'hc-light';

export type Ramp = (t: number) => string;

type Triple = readonly [number, number, number];

/** Sixteen hues in bit-reversed order: the first 2, 4, 8 are each spread evenly over the circle. */
const hueOrder = [0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15];

/** Degrees of the first hue: a blue close to the editor's accents. */
const firstHue = 250;

/** Lightness of the hues [even round, odd round], and their chroma, per theme. */
const hueRecipe: Readonly<Record<ThemeKind, { readonly lightness: readonly [number, number]; readonly chroma: number }>> = {
  dark: { lightness: [0.74, 0.82], chroma: 0.13 },
  'hc-dark': { lightness: [0.8, 0.9], chroma: 0.15 },
  light: { lightness: [0.56, 0.47], chroma: 0.15 },
  'hc-light': { lightness: [0.45, 0.37], chroma: 0.16 },
};

/** Hues that tell heads apart on the theme's background: 16 of them as `#rrggbb`. */
export function headHues(kind: ThemeKind): string[] {
  const { lightness, chroma } = hueRecipe[kind];
  return hueOrder.map((step, head) => {
    const hue = ((firstHue + step * 22.5) * Math.PI) / 180;
    const light = lightness[head < 8 ? 0 : 1];
    return hex(toSrgb([light, chroma * Math.cos(hue), chroma * Math.sin(hue)]));
  });
}

/** End of the ramp and a colour on the way, OKLab, per theme: dark themes grow bright, light ones dark. */
const rampStops: Readonly<Record<ThemeKind, readonly [Triple, Triple]>> = {
  dark: [[0.56, -0.06, -0.12], [0.95, -0.05, 0.09]],
  'hc-dark': [[0.58, -0.06, -0.14], [0.97, -0.05, 0.12]],
  light: [[0.72, -0.08, -0.07], [0.3, 0.02, -0.13]],
  'hc-light': [[0.66, -0.07, -0.09], [0.24, 0.02, -0.13]],
};

/** Colours from `background` (t = 0) on through the theme's ramp to its end (t = 1), 256 steps. */
export function rampBetween(background: string, kind: ThemeKind): Ramp {
  const dark = kind === 'dark' || kind === 'hc-dark';
  const start = toOklab(parseHex(background) ?? (dark ? [0.12, 0.12, 0.12] : [1, 1, 1]));
  const [middle, end] = rampStops[kind];
  const table = Array.from({ length: 256 }, (_, step) => {
    const t = step / 255;
    return hex(toSrgb(t < 0.5 ? mix(start, middle, t * 2) : mix(middle, end, t * 2 - 1)));
  });
  return (t) => table[Math.round(Math.max(0, Math.min(1, t)) * 255)] ?? background;
}

/** Ends of the two-sided ramp, OKLab, per theme: below zero orange, above it blue, equally far from the background. */
const divergingEnds: Readonly<Record<ThemeKind, { readonly below: Triple; readonly above: Triple }>> = {
  dark: { below: [0.8, 0.08, 0.13], above: [0.8, -0.07, -0.12] },
  'hc-dark': { below: [0.86, 0.07, 0.16], above: [0.86, -0.09, -0.12] },
  light: { below: [0.5, 0.1, 0.1], above: [0.5, -0.03, -0.16] },
  'hc-light': { below: [0.42, 0.1, 0.085], above: [0.42, -0.02, -0.17] },
};

/** Colours of signed values: `background` at 0, through to the theme's ends at −1 and 1, 127 steps either way. */
export function divergingFrom(background: string, kind: ThemeKind): Ramp {
  const zero = toOklab(parseHex(background) ?? (kind === 'dark' || kind === 'hc-dark' ? [0.12, 0.12, 0.12] : [1, 1, 1]));
  const { below, above } = divergingEnds[kind];
  const table = Array.from({ length: 255 }, (_, step) => {
    const t = (step - 127) / 127;
    return hex(toSrgb(mix(zero, t < 0 ? below : above, Math.abs(t))));
  });
  return (t) => table[Math.round(Math.max(-1, Math.min(1, t)) * 127) + 127] ?? background;
}

function mix(from: Triple, to: Triple, t: number): Triple {
  return [from[0] + (to[0] - from[0]) * t, from[1] + (to[1] - from[1]) * t, from[2] + (to[2] - from[2]) * t];
}

/** `#rgb`, `#rrggbb` or `#rrggbbaa` to sRGB in 0–1; null for any other notation. */
export function parseHex(colour: string): Triple | null {
  const digits = /^#([0-9a-f]{3,8})$/i.exec(colour.trim())?.[1];
  if (!digits) return null;
  const wide = digits.length <= 4 ? digits.replaceAll(/./g, '$&$&') : digits;
  if (wide.length < 6) return null;
  const channel = (at: number): number => Number.parseInt(wide.slice(at, at + 2), 16) / 255;
  return [channel(0), channel(2), channel(4)];
}

function hex([red, green, blue]: Triple): string {
  const channel = (value: number): string =>
    Math.round(Math.max(0, Math.min(1, value)) * 255).toString(16).padStart(2, '0');
  return `#${channel(red)}${channel(green)}${channel(blue)}`;
}

/** OKLab (lightness, a, b) to gamma-encoded sRGB in 0–1, by the published matrices; not clipped. */
function toSrgb([lightness, a, b]: Triple): Triple {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    encode(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    encode(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    encode(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}

/** Gamma-encoded sRGB in 0–1 to OKLab. */
function toOklab([red, green, blue]: Triple): Triple {
  const r = decode(red);
  const g = decode(green);
  const b = decode(blue);
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

/** Linear light to the sRGB transfer curve, and back. */
function encode(linear: number): number {
  return linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055;
}

function decode(value: number): number {
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

/** The hue of `head` in a theme; heads beyond the palette begin again. */
export function headColour({ heads, accent }: { readonly heads: readonly string[]; readonly accent: string }, head: number): string {
  return heads[head % heads.length] ?? accent;
}
