/** Influence as bars: how much each earlier token moves a prediction, of one model or of two beside each other. */
import * as l10n from '@vscode/l10n';
import { decimalText } from '../numbers.ts';
import type { Theme } from '../theme.ts';
import type { Drawing, Frame, Mark } from './drawing.ts';
import { fitText, type UnitLabel } from './labels.ts';
import { layoutRows, readout, rowLabels, rowOutline, rowTop, visibleRows, type RowsLayout } from './tokenRows.ts';

export interface InfluenceData {
  /** Of the drawn tokens, which go from `first` to the position. */
  readonly labels: readonly UnitLabel[];
  readonly first: number;
  /** What is predicted comes after this token. */
  readonly position: number;
  readonly models: readonly ModelInfluence[];
  /** The token that is looked at, drawn or not. */
  readonly focus: number | null;
  /** Whether the pointer is on it in this picture. */
  readonly pointed: boolean;
}

export interface ModelInfluence {
  readonly name: string;
  /** The likeliest next token, as a label; null while it is not known. */
  readonly likeliest: string | null;
  /** Bits by which leaving the token out moves the prediction, `[token]` from `first`; NaN where not known yet. */
  readonly divergence: Float32Array;
  /** Bits that the likeliest token loses, `[token]` likewise. */
  readonly loss: Float32Array;
}

export interface InfluenceLayout extends RowsLayout {
  readonly columns: readonly { readonly x: number; readonly width: number }[];
}

export const headerRoom = 42;
export const legendRoom = 46;
const gap = 16;
/** Room for the number at the end of a bar. */
const numberRoom = 34;
/** Fewer bits than these are told by the bar alone, or numbers without meaning would fill the picture. */
const least = 0.005;
/** The scale is never finer than to so many bits, or next to nothing would look like much. */
const finest = 0.1;

export function layoutInfluence(labels: readonly UnitLabel[], models: number, spacing: number, theme: Theme, frame: Frame): InfluenceLayout {
  const rows = layoutRows(labels, { spacing, above: headerRoom, below: legendRoom }, theme, frame);
  const width = Math.min(420, (rows.area.width - gap * (models - 1)) / Math.max(1, models));
  return { ...rows, columns: Array.from({ length: models }, (_, at) => ({ x: rows.area.x + at * (width + gap), width })) };
}

export function influenceBars(data: InfluenceData, layout: InfluenceLayout, scroll: number, theme: Theme, frame: Frame): Drawing {
  const { area } = layout;
  const row = data.focus === null ? null : data.focus - data.first;
  const focused = row !== null && row >= 0 && row < layout.count ? row : null;
  const last = layout.count - 1;
  return {
    width: frame.width,
    height: frame.height,
    background: theme.background,
    fontFamily: theme.fontFamily,
    codeFamily: theme.codeFamily,
    label: influenceSentence(data),
    marks: [
      ...headings(data, layout, theme, frame),
      { mark: 'clip', ...area, width: frame.width - area.x, marks: data.models.flatMap((model, at) => columnMarks(data, model, at, layout, scroll, theme)) },
      ...rowLabels(layout, scroll, data.labels, focused === null || focused === last ? [last] : [focused, last], theme),
      ...(focused === null ? [] : [{ mark: 'clip', x: 0, y: area.y - 1, width: frame.width, height: area.height + 2, marks: [rowOutline(layout, scroll, focused, false, theme)] } as const]),
      ...scaleMarks(data, layout, Math.min(area.y + area.height, frame.height - legendRoom), theme, frame),
      ...(focused !== null && data.pointed ? readout(tokenSentence(data, focused), { x: area.x, y: rowTop(layout, focused, scroll) + layout.row / 2 }, theme, frame) : []),
    ],
  };
}

/**
 * All models are to one scale: the largest number of bits among them, without the last token, which nearly
 * always moves the prediction most. Where it has more its bar is broken off.
 */
export function mostBits({ models }: Pick<InfluenceData, 'models'>): number {
  const largest = (of: readonly Float32Array[]): number => of.reduce((most, values) => values.reduce((own, bits) => (bits > own ? bits : own), most), 0);
  const all = models.map(({ divergence }) => divergence);
  const most = largest(all.map((divergence) => divergence.subarray(0, -1))) || largest(all);
  return most > 0 ? Math.max(finest, most) : 0;
}

/** As everywhere the square root is drawn, so that weak influence stays visible. */
const lengthOf = (bits: number, most: number, width: number): number => (most > 0 ? Math.sqrt(Math.max(0, Math.min(1, bits / most))) * Math.max(4, width - numberRoom) : 0);

function headings(data: InfluenceData, { columns }: InfluenceLayout, theme: Theme, frame: Frame): Mark[] {
  const size = Math.max(10, theme.fontSize - 2);
  return data.models.flatMap(({ name, likeliest }, at): Mark[] => {
    const column = columns[at];
    if (!column) return [];
    const expects = likeliest === null ? '' : l10n.t('expects “{0}”', likeliest);
    const fitted = (text: string, of: number): string => fitText(text, of, column.width, frame.measure);
    return [
      { mark: 'text', x: column.x, y: 13, text: fitted(name, theme.fontSize), size: theme.fontSize, color: theme.foreground, anchor: 'start', bold: true },
      { mark: 'text', x: column.x, y: 30, text: fitted(expects, size), size, color: theme.muted, anchor: 'start', code: true },
    ];
  });
}

function columnMarks(data: InfluenceData, { divergence }: ModelInfluence, at: number, layout: InfluenceLayout, scroll: number, theme: Theme): Mark[] {
  const column = layout.columns[at];
  if (!column) return [];
  const { x, width } = column;
  const { row, area } = layout;
  const most = mostBits(data);
  const size = Math.min(11, row - 2);
  const slim = row >= 6 ? 3 : 0;
  const [begin, end] = visibleRows(layout, scroll);
  const marks: Mark[] = [{ mark: 'line', x0: x + 0.5, y0: area.y, x1: x + 0.5, y1: area.y + area.height, color: theme.border, width: 1 }];
  for (let index = begin; index < end; index++) {
    const bits = divergence[index] ?? NaN;
    const y = rowTop(layout, index, scroll);
    if (Number.isNaN(bits)) {
      marks.push({ mark: 'clip', x: x + 1, y: y + 1, width: Math.max(4, width - numberRoom), height: row - 2, marks: [{ mark: 'hatch', x: x + 1, y: y + 1, width: Math.max(4, width - numberRoom), height: row - 2, color: theme.border, gap: 7 }] });
      continue;
    }
    const length = Math.max(1, lengthOf(bits, most, width));
    marks.push({ mark: 'rect', x, y: y + slim / 2, width: length, height: row - slim, fill: theme.accent });
    if (bits > most) marks.push(...breakMarks(x + length * 0.85, y + slim / 2, row - slim, theme));
    if (size >= 8 && bits >= least) marks.push({ mark: 'text', x: x + length + 4, y: y + row / 2 + 0.5, text: bitsText(bits), size, color: theme.muted, anchor: 'start' });
  }
  return marks;
}

/** Two slanting cuts: the bar is longer than it is drawn. */
function breakMarks(x: number, y: number, height: number, theme: Theme): Mark[] {
  return [0, 6].map((by) => ({ mark: 'line', x0: x + by - 2, y0: y + height + 1, x1: x + by + 2, y1: y - 1, color: theme.background, width: 2 }));
}

/** The scale below the first column, which is that of all. */
function scaleMarks(data: InfluenceData, { columns }: InfluenceLayout, top: number, theme: Theme, frame: Frame): Mark[] {
  const most = mostBits(data);
  const [column] = columns;
  if (!column || most === 0) return [];
  const size = Math.max(9, theme.fontSize - 2);
  const words = { mark: 'text', y: top + 22, size, color: theme.muted } as const;
  const { x, width } = column;
  const line = { mark: 'line', color: theme.muted, width: 1 } as const;
  const end = x + lengthOf(most, most, width);
  const tick = (at: number): Mark => ({ ...line, x0: at, y0: top + 6, x1: at, y1: top + 12 });
  const middle = x + lengthOf(most / 4, most, width);
  const [quarter, whole] = [bitsText(most / 4), l10n.t('{0} bits', bitsText(most))];
  const clear = middle + frame.measure(quarter, size) / 2 + 8 < end - frame.measure(whole, size);
  return [
    { ...line, x0: x, y0: top + 9, x1: end, y1: top + 9 },
    tick(x + 0.5),
    tick(end - 0.5),
    { ...words, x, anchor: 'start', text: '0' },
    ...(clear ? [tick(middle), { ...words, x: middle, anchor: 'middle', text: quarter } as const] : []),
    { ...words, x: end, anchor: 'end', text: whole },
    { ...words, x, y: top + 36, anchor: 'start', text: l10n.t('square-root scale') },
  ];
}

/** Two decimals, and never "0.00" for something. */
export const bitsText = (bits: number): string => (bits > 0 && bits < 0.005 ? l10n.t('< 0.01') : decimalText(bits, 2));

/** What leaving out one token does, of every model that knows. */
export function tokenSentence(data: InfluenceData, row: number): string {
  const text = data.labels[row]?.text ?? '';
  const list = data.models.flatMap(({ name, divergence, loss, likeliest }) => {
    const bits = divergence[row] ?? NaN;
    if (Number.isNaN(bits)) return [];
    const less = loss[row] ?? 0;
    const change = less >= 0 ? l10n.t('“{0}” loses {1}', likeliest ?? '', bitsText(less)) : l10n.t('“{0}” gains {1}', likeliest ?? '', bitsText(-less));
    return [l10n.t('{0} {1} bits ({2})', name, bitsText(bits), change)];
  });
  return list.length ? l10n.t('without “{0}”: {1}', text, list.join(l10n.t(', '))) : l10n.t('without “{0}”: not computed yet', text);
}

/** The picture in one sentence. */
export function influenceSentence(data: InfluenceData): string {
  const after = data.labels.at(-1)?.text ?? '';
  if (data.focus !== null && data.pointed) return l10n.t('Influence on what comes after “{0}”: {1}.', after, tokenSentence(data, data.focus - data.first));
  const list = data.models.flatMap(({ name, divergence }) => {
    const strongest = [...divergence.keys()].filter((row) => (divergence[row] ?? 0) > 0).sort((a, b) => (divergence[b] ?? 0) - (divergence[a] ?? 0)).slice(0, 3);
    if (!strongest.length) return [];
    const tokens = strongest.map((row) => l10n.t('“{0}” ({1} bits)', data.labels[row]?.text ?? '', bitsText(divergence[row] ?? 0))).join(l10n.t(', '));
    return [l10n.t('{0} is moved most by {1}', name, tokens)];
  });
  return list.length ? l10n.t('Influence on what comes after “{0}”: {1}.', after, list.join(l10n.t('; '))) : l10n.t('Influence on what comes after “{0}”.', after);
}

/**
 * So many tokens before the last one together have 90 % of the bits that are known of those; null where none
 * have any. The last token itself is not counted: without it another prediction is made.
 */
export function reach(divergence: Float32Array): number | null {
  const known = Array.from(divergence.subarray(0, -1), (bits) => (Number.isNaN(bits) ? 0 : Math.max(0, bits)));
  const whole = known.reduce((sum, bits) => sum + bits, 0);
  if (whole === 0) return null;
  let sum = 0;
  for (let count = 1; count <= known.length; count++) {
    sum += known[known.length - count] ?? 0;
    if (sum >= 0.9 * whole) return count;
  }
  return known.length;
}
