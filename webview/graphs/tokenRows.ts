/** Tokens as rows in reading order, with columns of numbers beside them: what the pictures of states and of influence share. */
import type { Theme } from '../theme.ts';
import type { Frame, Mark } from './drawing.ts';
import { fitText, type UnitLabel } from './labels.ts';

export interface RowsLayout {
  readonly count: number;
  /** Height of a row in pixels. */
  readonly row: number;
  /** The part of the frame in which columns are seen; labels stand left of it. */
  readonly area: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
  /** Height of the whole picture if nothing had to be scrolled. */
  readonly contentHeight: number;
  readonly labelSize: number;
  /** Labels as they fit, `[row]`. */
  readonly labels: readonly string[];
}

/** A row fits the room, but stays between these heights. */
const lowest = 14;
const highest = 24;
const margin = 10;
const labelGap = 8;

/** The height of each of so many rows that fit, as far as they can be read. */
export const fittingRow = (height: number, rows: number): number => Math.max(lowest, Math.min(highest, height / Math.max(1, rows)));

/** `spacing` is the height of a row; 0 fits the rows into the frame as far as they can be read. */
export function layoutRows(labels: readonly UnitLabel[], room: { readonly spacing: number; readonly above: number; readonly below: number }, theme: Theme, frame: Frame): RowsLayout {
  const labelSize = Math.min(theme.codeSize, 12);
  const widest = Math.max(40, Math.min(150, frame.width * 0.3));
  const texts = labels.map(({ text }) => fitText(text, labelSize, widest, frame.measure));
  const labelWidth = Math.max(24, ...texts.map((text) => frame.measure(text, labelSize, true)));
  const count = labels.length;
  const height = Math.max(lowest, frame.height - room.above - room.below);
  const row = room.spacing > 0 ? room.spacing : fittingRow(height, count);
  const x = Math.round(margin + labelWidth + labelGap);
  return {
    count,
    row,
    area: { x, y: room.above, width: Math.max(20, frame.width - x - margin), height: Math.min(height, row * count) },
    contentHeight: room.above + row * count + room.below,
    labelSize,
    labels: texts,
  };
}

/** The row at a height of the frame, or null above and below the rows. */
export function rowAt({ area, row, count }: RowsLayout, y: number, scroll: number): number | null {
  if (y < area.y || y >= area.y + area.height) return null;
  const found = Math.floor((y - area.y + scroll) / row);
  return found < count ? found : null;
}

/** First and one-past-last row that is seen. */
export function visibleRows({ area, row, count }: RowsLayout, scroll: number): readonly [number, number] {
  return [Math.max(0, Math.floor(scroll / row)), Math.min(count, Math.ceil((scroll + area.height) / row))];
}

/** The scroll position nearest to `scroll` at which the row is seen. */
export function scrollToRow({ area, row, count }: RowsLayout, wanted: number, scroll: number): number {
  const around = Math.min(2 * row, area.height / 4);
  const least = (wanted + 1) * row + around - area.height;
  const most = wanted * row - around;
  return Math.max(0, Math.min(Math.max(0, row * count - area.height), Math.max(least, Math.min(scroll, most))));
}

/** Top of a row in the frame. */
export const rowTop = ({ area, row }: RowsLayout, index: number, scroll: number): number => area.y + index * row - scroll;

/** Labels of the rows that are seen: those of `bold` first, the others where they keep clear. */
export function rowLabels(layout: RowsLayout, scroll: number, labels: readonly UnitLabel[], bold: readonly number[], theme: Theme): Mark[] {
  const { area, row, labelSize } = layout;
  const [begin, end] = visibleRows(layout, scroll);
  const room = labelSize * 1.15;
  const stride = Math.max(1, Math.ceil(room / row - 0.01));
  const rows: number[] = [];
  for (let index = begin; index < end; index++) {
    const aside = bold.every((other) => other === index || Math.abs(other - index) * row >= room);
    if (bold.includes(index) || (index % stride === 0 && aside)) rows.push(index);
  }
  const marks = rows.map((index): Mark => {
    const tone = labels[index]?.tone ?? 'text';
    const strong = bold.includes(index);
    return {
      mark: 'text',
      x: area.x - labelGap,
      y: rowTop(layout, index, scroll) + row / 2 + 0.5,
      text: layout.labels[index] ?? '',
      color: tone === 'text' || strong ? theme.foreground : theme.muted,
      size: labelSize,
      anchor: 'end',
      code: true,
      ...(strong ? { bold: true } : {}),
      ...(tone === 'added' ? { italic: true } : {}),
    };
  });
  return [{ mark: 'clip', x: 0, y: area.y, width: area.x, height: area.height, marks }];
}

/** The row in focus, outlined from its label to the right edge. */
export function rowOutline(layout: RowsLayout, scroll: number, index: number, pinned: boolean, theme: Theme): Mark {
  const { area, row } = layout;
  return { mark: 'rect', x: 2.5, y: rowTop(layout, index, scroll) - 0.5, width: area.x + area.width - 1, height: row + 1, stroke: theme.focus, strokeWidth: pinned ? 2 : 1 };
}

/** Words beside a point, inside the frame. */
export function readout(text: string, at: { readonly x: number; readonly y: number }, theme: Theme, frame: Frame): Mark[] {
  const shown = fitText(text, theme.fontSize, frame.width - 24, frame.measure);
  const width = frame.measure(shown, theme.fontSize) + 14;
  const height = theme.fontSize + 10;
  const x = Math.round(Math.max(0, Math.min(at.x + 12, frame.width - width - 1)));
  const below = at.y + 16 + height <= frame.height;
  const y = Math.round(below ? at.y + 16 : at.y - 16 - height);
  return [
    { mark: 'rect', x: x + 0.5, y: y + 0.5, width, height, fill: theme.background, stroke: theme.muted },
    { mark: 'text', x: x + 7, y: y + height / 2 + 0.5, text: shown, color: theme.foreground, size: theme.fontSize, anchor: 'start', code: true },
  ];
}
