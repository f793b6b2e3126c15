/**
 * The theme's colours and fonts for what CSS cannot reach: canvases, and hues made by calculation.
 * Everything comes from VS Code's CSS variables; it is read again whenever the theme changes.
 */
import { signal, type ReadonlySignal } from '@preact/signals';
import { divergingFrom, headHues, rampBetween, type Ramp, type ThemeKind } from './palette.ts';

export type { ThemeKind };

export interface Theme {
  readonly kind: ThemeKind;
  readonly foreground: string;
  readonly background: string;
  readonly muted: string;
  readonly border: string;
  readonly focus: string;
  readonly accent: string;
  readonly selection: string;
  readonly error: string;
  readonly warning: string;
  /** A hue for each head, `heads[head % heads.length]`; neighbours are far apart. */
  readonly heads: readonly string[];
  /** Colour of a cell with weight `t` in 0–1: 0 is the background. */
  readonly ramp: Ramp;
  /** Colour of a signed value `t` in −1…1: 0 is the background. */
  readonly diverging: Ramp;
  readonly fontFamily: string;
  readonly fontSize: number;
  /** The editor's font, for tokens. */
  readonly codeFamily: string;
  readonly codeSize: number;
  readonly reducedMotion: boolean;
}

const motion = window.matchMedia('(prefers-reduced-motion: reduce)');
const current = signal<Theme>(readTheme());

export const theme: ReadonlySignal<Theme> = current;

/** Reads the theme again whenever VS Code changes it. Returns how to stop. */
export function watchTheme(): () => void {
  const read = (): void => {
    current.value = readTheme();
  };
  const observer = new MutationObserver(read);
  observer.observe(document.body, { attributes: true, attributeFilter: ['class'] });
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style'] });
  motion.addEventListener('change', read);
  read();
  return () => {
    observer.disconnect();
    motion.removeEventListener('change', read);
  };
}

function readTheme(): Theme {
  const style = getComputedStyle(document.documentElement);
  const kind = readKind(document.body.classList);
  const dark = kind === 'dark' || kind === 'hc-dark';
  /** First of `names` that the theme sets, else `fallback`. */
  const pick = (fallback: string, ...names: string[]): string => {
    for (const name of names) {
      const value = style.getPropertyValue(`--vscode-${name}`).trim();
      if (value) return value;
    }
    return fallback;
  };
  const background = pick(dark ? '#1f1f1f' : '#ffffff', 'editor-background');
  const foreground = pick(dark ? '#cccccc' : '#3b3b3b', 'foreground', 'editor-foreground');
  const accent = pick(dark ? '#4daafc' : '#005fb8', 'textLink-foreground', 'focusBorder');
  return {
    kind,
    foreground,
    background,
    muted: pick(dark ? '#9d9d9d' : '#616161', 'descriptionForeground'),
    border: pick(dark ? '#2b2b2b' : '#e5e5e5', 'contrastBorder', 'panel-border', 'editorGroup-border'),
    focus: pick(dark ? '#0078d4' : '#005fb8', 'focusBorder'),
    accent,
    selection: pick(dark ? '#264f78' : '#add6ff', 'editor-selectionBackground'),
    error: pick(dark ? '#f85149' : '#f85149', 'errorForeground'),
    warning: pick(dark ? '#cca700' : '#bf8803', 'editorWarning-foreground'),
    heads: headHues(kind),
    ramp: rampBetween(background, kind),
    diverging: divergingFrom(background, kind),
    fontFamily: pick('system-ui, sans-serif', 'font-family'),
    fontSize: pixels(pick('13px', 'font-size'), 13),
    codeFamily: pick('monospace', 'editor-font-family'),
    codeSize: pixels(pick('13px', 'editor-font-size'), 13),
    reducedMotion: motion.matches || document.body.classList.contains('vscode-reduce-motion'),
  };
}

function readKind(classes: DOMTokenList): ThemeKind {
  if (classes.contains('vscode-high-contrast-light')) return 'hc-light';
  if (classes.contains('vscode-high-contrast')) return 'hc-dark';
  return classes.contains('vscode-light') ? 'light' : 'dark';
}

function pixels(value: string, fallback: number): number {
  const number = Number.parseFloat(value);
  return Number.isFinite(number) && number > 0 ? number : fallback;
}
