import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { headHues, parseHex, rampBetween, type ThemeKind } from '../../../webview/palette.ts';

const kinds: readonly ThemeKind[] = ['dark', 'light', 'hc-dark', 'hc-light'];

function backgroundOf(kind: ThemeKind): string {
  const variables: unknown = JSON.parse(readFileSync(new URL(`../../support/themes/${kind}.json`, import.meta.url), 'utf8'));
  if (typeof variables !== 'object' || variables === null || !('--vscode-editor-background' in variables)) throw new Error(`No background in ${kind}.`);
  return String(variables['--vscode-editor-background']);
}

/** WCAG 2 relative luminance and contrast. */
function luminance(colour: string): number {
  const [red, green, blue] = (parseHex(colour) ?? [0, 0, 0]).map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  return 0.2126 * (red ?? 0) + 0.7152 * (green ?? 0) + 0.0722 * (blue ?? 0);
}

function contrast(one: string, other: string): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05);
}

describe.each(kinds)('in the %s theme', (kind) => {
  const background = backgroundOf(kind);

  it('every head hue stands out from the background', () => {
    for (const hue of headHues(kind)) expect(contrast(hue, background)).toBeGreaterThan(kind.startsWith('hc') ? 4.5 : 3);
  });

  it('sixteen head hues all differ', () => {
    expect(new Set(headHues(kind)).size).toBe(16);
  });

  it('the ramp begins at the background and gains contrast all the way', () => {
    const ramp = rampBetween(background, kind);
    const steps = [0, 0.25, 0.5, 0.75, 1].map((t) => contrast(ramp(t), background));
    expect(steps[0]).toBeCloseTo(1, 1);
    expect(steps).toEqual([...steps].sort((a, b) => a - b));
    expect(steps.at(-1)).toBeGreaterThan(7);
  });
});
