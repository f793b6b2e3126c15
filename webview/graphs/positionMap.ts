/** What tells positions apart as a map of cells: vectors by position, how alike positions are, or biases by distance. */
import * as l10n from '@vscode/l10n';
import type { PositionsAnswer } from '../../src/protocol.ts';
import { decimalText, signedText } from '../numbers.ts';
import type { Theme } from '../theme.ts';
import { divergingPalette, legendBitmap } from './bitmaps.ts';
import type { Bitmap, Drawing, Frame, Mark } from './drawing.ts';
import { fitText, type UnitLabel } from './labels.ts';
import { readout } from './tokenRows.ts';

export type PositionSight = 'vectors' | 'similarity';

export interface PositionData {
  readonly answer: PositionsAnswer;
  /** Relative biases have no vectors to compare. */
  readonly sight: PositionSight;
  /** Tokens of the text, by position. */
  readonly labels: readonly UnitLabel[];
  readonly focus: number | null;
  /** The cell under the pointer. */
  readonly cell: { readonly row: number; readonly column: number } | null;
  readonly bitmap: Bitmap;
}

export interface PositionLayout {
  readonly rows: number;
  readonly columns: number;
  readonly area: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
}

const headRoom = 22;
const legendRoom = 36;
const labelRoom = 96;
const scaleHeight = 8;

/** Cells in thousandths of the largest, or of 1 for a cosine. */
export function positionBitmap(answer: PositionsAnswer, sight: PositionSight, theme: Theme): Bitmap {
  const palette = divergingPalette(theme.diverging);
  if (answer.kind === 'relative') {
    const { heads, distances, bias, largest } = answer;
    return { rows: heads, columns: distances, cells: Uint8Array.from(bias, (value) => Math.round((largest > 0 ? value / largest : 0) * 127) + 127), palette };
  }
  const values = sight === 'vectors' ? answer.values : answer.similarity;
  const cells = Uint8Array.from(values, (value) => Math.round((value / 1000) * 127) + 127);
  return { rows: answer.count, columns: sight === 'vectors' ? answer.width : answer.count, cells, palette };
}

export function layoutPositions({ rows, columns }: Pick<Bitmap, 'rows' | 'columns'>, frame: Frame): PositionLayout {
  const x = Math.min(labelRoom, Math.round(frame.width * 0.28));
  return { rows, columns, area: { x, y: headRoom, width: Math.max(20, frame.width - x - 12), height: Math.max(20, frame.height - headRoom - legendRoom) } };
}

export function cellAt({ area, rows, columns }: PositionLayout, at: { readonly x: number; readonly y: number }): { readonly row: number; readonly column: number } | null {
  const [across, down] = [(at.x - area.x) / area.width, (at.y - area.y) / area.height];
  if (across < 0 || across >= 1 || down < 0 || down >= 1) return null;
  return { row: Math.floor(down * rows), column: Math.floor(across * columns) };
}

export function positionMap(data: PositionData, layout: PositionLayout, theme: Theme, frame: Frame): Drawing {
  const { area, rows, columns } = layout;
  const { cell, focus, bitmap } = data;
  const own = data.answer.kind !== 'relative' && focus !== null && focus < rows ? focus : null;
  const rowHeight = area.height / rows;
  return {
    width: frame.width,
    height: frame.height,
    background: theme.background,
    fontFamily: theme.fontFamily,
    codeFamily: theme.codeFamily,
    label: positionSentence(data),
    marks: [
      { mark: 'bitmap', ...area, bitmap },
      { mark: 'rect', x: area.x - 0.5, y: area.y - 0.5, width: area.width + 1, height: area.height + 1, stroke: theme.muted },
      ...headings(data, layout, theme, frame),
      ...rowNames(data, layout, own, theme, frame),
      ...(own === null ? [] : [{ mark: 'rect', x: 2.5, y: area.y + own * rowHeight - 0.5, width: area.x + area.width - 2, height: Math.max(2, rowHeight + 1), stroke: theme.focus } as const]),
      ...legend(data, layout, theme, frame),
      ...(cell ? readout(cellText(data, cell), { x: area.x + ((cell.column + 0.5) / columns) * area.width, y: area.y + (cell.row + 0.5) * rowHeight }, theme, frame) : []),
    ],
  };
}

/** What the columns are. */
function headings({ answer, sight }: PositionData, { area, columns }: PositionLayout, theme: Theme, frame: Frame): Mark[] {
  const size = Math.max(9, theme.fontSize - 2);
  const words = { mark: 'text', y: 11, size, color: theme.muted } as const;
  if (answer.kind === 'relative') {
    const zero = area.x + ((-answer.first + 0.5) / columns) * area.width;
    return [
      { ...words, x: area.x, anchor: 'start', text: l10n.t('key {0} before the query', -answer.first) },
      { ...words, x: Math.min(zero, frame.width - 14), anchor: zero > area.x + area.width - 20 ? 'end' : 'middle', text: '0' },
    ];
  }
  if (sight === 'similarity') return [{ ...words, x: area.x, anchor: 'start', text: l10n.t('positions 0 to {0}', columns - 1) }];
  if (answer.kind !== 'rotary') return [{ ...words, x: area.x, anchor: 'start', text: l10n.t('components 0 to {0}', columns - 1) }];
  const middle = area.x + area.width / 2;
  return [
    { ...words, x: area.x, anchor: 'start', text: l10n.t('cosines of {0} pairs', columns / 2) },
    { ...words, x: middle + 4, anchor: 'start', text: l10n.t('sines of {0} pairs', columns / 2) },
    { mark: 'line', x0: middle, y0: area.y, x1: middle, y1: area.y + area.height, color: theme.foreground, width: 1 },
  ];
}

/** Names of as many rows as can be read; the one in focus always has its own. */
function rowNames({ answer, labels }: PositionData, { area, rows }: PositionLayout, focus: number | null, theme: Theme, frame: Frame): Mark[] {
  const size = Math.min(theme.codeSize, 11);
  const height = area.height / rows;
  const stride = Math.max(1, Math.ceil((size * 1.25) / height));
  const name = (row: number): string => {
    if (answer.kind === 'relative') return l10n.t('head {0}', row);
    const label = labels[row]?.text;
    return label === undefined ? String(row) : `${label} ${row}`;
  };
  return Array.from({ length: rows }, (_, row) => row).flatMap((row): Mark[] => {
    const shown = row === focus || (row % stride === 0 && (focus === null || Math.abs(row - focus) * height >= size * 1.25));
    if (!shown) return [];
    const text = fitText(name(row), size, area.x - 12, frame.measure);
    return [{ mark: 'text', x: area.x - 6, y: area.y + (row + 0.5) * height, text, color: row === focus || labels[row] ? theme.foreground : theme.muted, size, anchor: 'end', code: true, ...(row === focus ? { bold: true } : {}) }];
  });
}

function legend({ answer, sight }: PositionData, { area }: PositionLayout, theme: Theme, frame: Frame): Mark[] {
  const size = Math.max(9, theme.fontSize - 2);
  const words = { mark: 'text', size, color: theme.muted } as const;
  const reach = answer.kind !== 'relative' && sight === 'similarity' ? 1 : answer.largest;
  const width = Math.min(160, area.width);
  const y = area.y + area.height + 8;
  return [
    { mark: 'bitmap', x: area.x, y, width, height: scaleHeight, bitmap: legendBitmap(divergingPalette(theme.diverging)) },
    { mark: 'rect', x: area.x + 0.5, y: y + 0.5, width: width - 1, height: scaleHeight - 1, stroke: theme.muted },
    { ...words, x: area.x, y: y + 18, anchor: 'start', text: signedText(-reach, 2) },
    { ...words, x: area.x + width / 2, y: y + 18, anchor: 'middle', text: '0' },
    { ...words, x: area.x + width, y: y + 18, anchor: 'end', text: signedText(reach, 2) },
    ...(area.x + width + 180 < frame.width ? [{ ...words, x: area.x + width + 10, y: y + 4, anchor: 'start', text: scaleText(answer, sight) } as const] : []),
  ];
}

function scaleText(answer: PositionsAnswer, sight: PositionSight): string {
  if (answer.kind === 'relative') return l10n.t('added to the score');
  return sight === 'similarity' ? l10n.t('cosine between two positions') : l10n.t('value of a component');
}

function cellText({ answer, sight, labels }: PositionData, { row, column }: { readonly row: number; readonly column: number }): string {
  if (answer.kind === 'relative') return l10n.t('head {0}, distance {1}: {2}', row, signedText(answer.first + column, 0), signedText(answer.bias[row * answer.distances + column] ?? 0, 3));
  const named = (position: number): string => {
    const label = position < labels.length ? labels[position] : undefined;
    return label ? l10n.t('{0} (“{1}”)', position, label.text) : String(position);
  };
  if (sight === 'similarity') return l10n.t('positions {0} and {1}: cosine {2}', named(row), named(column), signedText((answer.similarity[row * answer.count + column] ?? 0) / 1000, 2));
  const value = signedText(((answer.values[row * answer.width + column] ?? 0) / 1000) * answer.largest, 3);
  if (!answer.frequencies) return l10n.t('position {0}, component {1}: {2}', named(row), column, value);
  const pairs = answer.frequencies.length;
  const angle = decimalText(row * (answer.frequencies[column % pairs] ?? 0), 3);
  return column < pairs ? l10n.t('position {0}, pair {1}: cos {2} = {3}', named(row), column, angle, value) : l10n.t('position {0}, pair {1}: sin {2} = {3}', named(row), column - pairs, angle, value);
}

/** The picture in one sentence. */
export function positionSentence({ answer, sight }: Pick<PositionData, 'answer' | 'sight'>): string {
  if (answer.kind === 'relative') return l10n.t('Biases of {0} heads by distance, {1} distances.', answer.heads, answer.distances);
  const near = signedText(meanSimilarity(answer, 1), 2);
  const far = Math.min(answer.count - 1, 32);
  if (sight === 'similarity') return l10n.t('How alike {0} positions are: one apart the cosine is {1} on average, {2} apart {3}.', answer.count, near, far, signedText(meanSimilarity(answer, far), 2));
  return answer.kind === 'rotary' ? l10n.t('Angles of {0} positions, {1} pairs each.', answer.count, answer.width / 2) : l10n.t('Vectors of {0} positions, {1} numbers each.', answer.count, answer.width);
}

/** Mean cosine of positions so far apart; 1 for a single position. */
export function meanSimilarity({ count, similarity }: { readonly count: number; readonly similarity: Int16Array }, distance: number): number {
  const pairs = Math.max(0, count - distance);
  let sum = 0;
  for (let position = 0; position < pairs; position++) sum += (similarity[position * count + position + distance] ?? 0) / 1000;
  return pairs > 0 ? sum / pairs : 1;
}
