/** The colours of surprise, as package.json contributes them, against the editor backgrounds of VS Code's four themes. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { surpriseColors } from '../../../src/manifest.ts';
import { parseHex } from '../../../webview/palette.ts';

interface ContributedColor {
  readonly id: string;
  readonly defaults: Readonly<Record<string, string>>;
}

const { contributes } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as { contributes: { colors: readonly ContributedColor[] } };

/** Editor background and text of each theme. */
const themes = [
  ['dark', '#1f1f1f', '#cccccc'],
  ['light', '#ffffff', '#3b3b3b'],
  ['highContrast', '#000000', '#ffffff'],
  ['highContrastLight', '#ffffff', '#292929'],
] as const;

describe.each(themes)('in the %s theme', (theme, background, text) => {
  const colorOf = (id: string): string => contributes.colors.find((color) => color.id === id)?.defaults[theme] ?? '';

  it.each(surpriseColors)('$line stands out from the background', ({ line }) => {
    expect(contrast(over(colorOf(line), background), rgb(background))).toBeGreaterThanOrEqual(theme.startsWith('high') ? 4.5 : 3);
  });

  it.each(surpriseColors)('text can be read on $background', ({ background: id }) => {
    expect(contrast(rgb(text), over(colorOf(id), background))).toBeGreaterThanOrEqual(4.5);
  });

  it('the four differ, as lines and as backgrounds', () => {
    for (const kind of ['line', 'background'] as const) expect(new Set(surpriseColors.map((ids) => over(colorOf(ids[kind]), background).join())).size).toBe(4);
  });
});

type Rgb = readonly number[];

/** Shares of red, green and blue. */
const rgb = (hex: string): Rgb => parseHex(hex.slice(0, 7)) ?? [NaN, NaN, NaN];

/** A colour with its alpha laid over an opaque one. */
function over(color: string, background: string): Rgb {
  const alpha = color.length === 9 ? parseInt(color.slice(7), 16) / 255 : 1;
  return rgb(color).map((value, i) => value * alpha + (rgb(background)[i] ?? NaN) * (1 - alpha));
}

/** WCAG 2. */
function contrast(one: Rgb, other: Rgb): number {
  const [dark = NaN, light = NaN] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(color: Rgb): number {
  const [red = NaN, green = NaN, blue = NaN] = color.map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
