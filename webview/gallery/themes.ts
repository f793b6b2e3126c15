/** Four themes as VS Code's own default themes set them, for pictures outside VS Code. */
import { divergingFrom, headHues, rampBetween, type ThemeKind } from '../palette.ts';
import type { Theme } from '../theme.ts';

type Colors = Pick<Theme, 'foreground' | 'background' | 'muted' | 'border' | 'focus' | 'accent' | 'selection' | 'error' | 'warning'>;

const colors: Readonly<Record<ThemeKind, Colors>> = {
  light: { foreground: '#3b3b3b', background: '#ffffff', muted: '#616161', border: '#e5e5e5', focus: '#005fb8', accent: '#005fb8', selection: '#add6ff', error: '#f85149', warning: '#bf8803' },
  dark: { foreground: '#cccccc', background: '#1f1f1f', muted: '#9d9d9d', border: '#2b2b2b', focus: '#0078d4', accent: '#4daafc', selection: '#264f78', error: '#f85149', warning: '#cca700' },
  'hc-light': { foreground: '#292929', background: '#ffffff', muted: '#292929', border: '#0f4a85', focus: '#006bbd', accent: '#0f4a85', selection: '#0f4a85', error: '#b5200d', warning: '#895503' },
  'hc-dark': { foreground: '#ffffff', background: '#000000', muted: '#ffffff', border: '#6fc3df', focus: '#f38518', accent: '#21a6ff', selection: '#ffffff', error: '#f48771', warning: '#ffd370' },
};

export const themeKinds: readonly ThemeKind[] = ['light', 'dark', 'hc-light', 'hc-dark'];

export function galleryTheme(kind: ThemeKind): Theme {
  return {
    ...colors[kind],
    kind,
    heads: headHues(kind),
    ramp: rampBetween(colors[kind].background, kind),
    diverging: divergingFrom(colors[kind].background, kind),
    fontFamily: "'Segoe UI', 'DejaVu Sans', sans-serif",
    fontSize: 13,
    codeFamily: "'DejaVu Sans Mono', Menlo, Consolas, monospace",
    codeSize: 13,
    reducedMotion: false,
  };
}
