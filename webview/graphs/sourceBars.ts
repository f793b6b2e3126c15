/** The parts of a logit as bars: in order of computation each begins where the former ends, so that one sees the sum grow. */
import * as l10n from '@vscode/l10n';
import { signedText } from '../numbers.ts';
import type { Theme } from '../theme.ts';
import type { Drawing, Frame, Mark } from './drawing.ts';
import { fitText } from './labels.ts';
import type { SourceRow } from './sourceTree.ts';

export interface SourceData {
  readonly rows: readonly SourceRow[];
  /** What the bars add up to, in words. */
  readonly sum: string;
  /** The row under the pointer or the keyboard's focus. */
  readonly at: number | null;
}

export interface SourceLayout {
  readonly row: number;
  readonly labelWidth: number;
  /** Of the bars. */
  readonly x: number;
  readonly width: number;
  readonly contentHeight: number;
  readonly top: number;
}

const row = 22;
const margin = 12;
const indent = 14;
const numberRoom = 58;
const top = 26;

export function layoutSources(rows: readonly SourceRow[], theme: Theme, frame: Frame): SourceLayout {
  const widest = Math.max(60, ...rows.map(({ label, depth }) => frame.measure(label, theme.fontSize) + depth * indent + 18));
  const labelWidth = Math.min(widest, frame.width * 0.42, 260);
  const x = margin + labelWidth + 8;
  return { row, labelWidth, x, width: Math.max(30, frame.width - x - numberRoom - margin), contentHeight: top + rows.length * row + 8, top };
}

export function sourceRowAt({ top: first }: SourceLayout, rows: number, y: number): number | null {
  const found = Math.floor((y - first) / row);
  return found >= 0 && found < rows ? found : null;
}

/** One row in words. */
export const sourceRowSentence = ({ label, value }: SourceRow): string => l10n.t('{0}: {1}', label, signedText(value, 3));

export function sourceSentence({ rows, sum, at }: SourceData): string {
  const pointed = at === null ? undefined : rows[at];
  if (pointed) return l10n.t('Where it comes from: {0}.', sourceRowSentence(pointed));
  const most = rows.filter((each) => each.sum !== true).sort((a, b) => Math.abs(b.value) - Math.abs(a.value)).slice(0, 3);
  return most.length > 0 ? l10n.t('{0}; the largest shares: {1}.', sum, most.map(sourceRowSentence).join(l10n.t('; '))) : l10n.t('Where a prediction comes from: not computed yet.');
}

export function sourceBars(data: SourceData, layout: SourceLayout, scroll: number, theme: Theme, frame: Frame): Drawing {
  const scale = scaleOf(data.rows, layout);
  const first = Math.max(0, Math.floor((scroll - layout.top) / row));
  const end = Math.min(data.rows.length, Math.ceil((scroll + frame.height) / row) + 1);
  const seen = Array.from({ length: Math.max(0, end - first) }, (_, at) => first + at);
  return {
    width: frame.width,
    height: frame.height,
    background: theme.background,
    fontFamily: theme.fontFamily,
    codeFamily: theme.codeFamily,
    label: sourceSentence(data),
    marks: [
      { mark: 'clip', x: 0, y: layout.top, width: frame.width, height: frame.height, marks: [
        { mark: 'line', x0: scale(0), y0: layout.top, x1: scale(0), y1: frame.height, color: theme.border, width: 1 },
        ...seen.flatMap((at) => rowMarks(data, at, layout, scale, scroll, theme, frame)),
      ] },
      { mark: 'text', x: layout.x, y: 12, text: fitText(l10n.t('shares in the logit, logits'), Math.max(10, theme.fontSize - 2), layout.width + numberRoom, frame.measure), size: Math.max(10, theme.fontSize - 2), color: theme.muted, anchor: 'start' },
    ],
  };
}

/** All bars are to one scale, which holds zero. */
function scaleOf(rows: readonly SourceRow[], { x, width }: SourceLayout): (value: number) => number {
  const ends = rows.flatMap(({ start, value }) => [start, start + value]);
  const least = Math.min(0, ...ends);
  const most = Math.max(least + 1e-6, 0, ...ends);
  return (value) => x + ((value - least) / (most - least)) * width;
}

function rowMarks(data: SourceData, at: number, layout: SourceLayout, scale: (value: number) => number, scroll: number, theme: Theme, frame: Frame): Mark[] {
  const of = data.rows[at];
  if (!of) return [];
  const y = layout.top + at * row - scroll;
  const middle = y + row / 2 + 0.5;
  const [from, to] = [scale(of.start), scale(of.start + of.value)];
  const strong = of.sum === true || at === data.at;
  const left = margin + of.depth * indent;
  const next = data.rows[at + 1];
  const opened = of.opens?.open === true && of.opens.head === null;
  return [
    ...(at === data.at ? [{ mark: 'rect', x: 1.5, y: y + 0.5, width: frame.width - 3, height: row - 1, stroke: theme.focus } as const] : []),
    ...(of.opens ? [{ mark: 'text', x: left, y: middle, text: of.opens.open ? '▾' : '▸', size: theme.fontSize, color: theme.muted, anchor: 'start' } as const] : []),
    { mark: 'text', x: left + 14, y: middle, text: fitText(of.label, theme.fontSize, layout.labelWidth - of.depth * indent - 14, frame.measure), size: theme.fontSize, color: of.depth > 1 ? theme.muted : theme.foreground, anchor: 'start', bold: strong, ...(of.code === true ? { code: true } : {}) },
    { mark: 'rect', x: Math.min(from, to), y: y + 4, width: Math.max(1, Math.abs(to - from)), height: row - 8, fill: of.sum === true ? theme.foreground : theme.diverging(of.value < 0 ? -1 : 1), opacity: opened ? 0.35 : of.depth > 1 ? 0.7 : 1 },
    // Each bar begins where the former ends.
    ...(next && next.start !== 0 && Math.abs(next.start - of.start - of.value) < 1e-6 ? [{ mark: 'line', x0: to, y0: y + row - 4, x1: to, y1: y + row + 4, color: theme.muted, width: 1 } as const] : []),
    { mark: 'text', x: frame.width - margin, y: middle, text: signedText(of.value, 2), size: theme.fontSize, color: strong ? theme.foreground : theme.muted, anchor: 'end', bold: strong },
  ];
}
