/** Where the table of the lens is: layers as rows, the last on top, tokens as columns; the way of one token stands to the right of it. */
import type { Frame } from './drawing.ts';

export interface LensLayout {
  /** Layers that are read, the embedding among them. */
  readonly rows: number;
  readonly columns: number;
  readonly row: number;
  readonly cell: number;
  /** The part of the frame in which cells are seen. */
  readonly area: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
  /** Ranks are drawn here, row by row beside the cells; `numbers` is the room for probabilities left of them. */
  readonly chart: { readonly x: number; readonly width: number; readonly numbers: number };
  readonly contentWidth: number;
  readonly contentHeight: number;
  readonly named: boolean;
}

export interface LensCellPlace {
  /** Counted from the embedding. */
  readonly row: number;
  readonly position: number;
}

export const headerRoom = 44;
export const legendRoom = 40;
const margin = 12;

/** Words stay readable between these widths as long as nobody has chosen one. */
const narrowest = 62;
const widest = 110;

export const fittingCell = (width: number, columns: number): number => Math.max(narrowest, Math.min(widest, width / Math.max(1, columns)));

/** `spacing` is the width of a column; 0 fits the columns as far as words can be read. */
export function layoutLens(rows: number, columns: number, spacing: number, frame: Frame): LensLayout {
  const named = frame.width >= 520;
  const x = margin + (named ? 62 : 30);
  const chartWidth = frame.width >= 760 ? 210 : frame.width >= 520 ? 150 : 88;
  const numbers = frame.width >= 520 ? 46 : 0;
  const width = Math.max(40, frame.width - x - chartWidth - margin);
  const room = Math.max(60, frame.height - headerRoom - legendRoom);
  const row = Math.max(20, Math.min(30, room / Math.max(1, rows)));
  const cell = spacing > 0 ? Math.max(8, spacing) : fittingCell(width, columns);
  const across = Math.min(width, cell * columns);
  const area = { x, y: headerRoom, width: across, height: Math.min(room, row * rows) };
  const chartX = x + across + 14;
  return {
    rows, columns, row, cell, area, named,
    chart: { x: chartX + numbers, width: Math.min(220, frame.width - chartX - numbers - margin), numbers },
    contentWidth: frame.width - across + cell * columns,
    contentHeight: headerRoom + row * rows + legendRoom,
  };
}

/** Top of a layer's row in the frame; the last layer is the first row. */
export const rowTopOf = ({ area, row, rows }: LensLayout, index: number, scroll: number): number => area.y + (rows - 1 - index) * row - scroll;

export function lensCellAt({ area, row, rows, cell, columns }: LensLayout, point: { readonly x: number; readonly y: number }, scroll: { readonly x: number; readonly y: number }): LensCellPlace | null {
  const inside = point.x >= area.x && point.x < area.x + area.width && point.y >= area.y && point.y < area.y + area.height;
  const position = Math.floor((point.x - area.x + scroll.x) / cell);
  const down = Math.floor((point.y - area.y + scroll.y) / row);
  return inside && position < columns && down < rows ? { row: rows - 1 - down, position } : null;
}

/** First and one-past-last column in sight. */
export function columnsInSight({ area, cell, columns }: LensLayout, scroll: number): readonly [number, number] {
  return [Math.max(0, Math.floor(scroll / cell)), Math.min(columns, Math.ceil((scroll + area.width) / cell))];
}

/** The scroll position nearest to `scroll` at which the column is in sight. */
export function scrollToColumn({ area, cell, columns }: LensLayout, position: number, scroll: number): number {
  const around = Math.min(cell, area.width / 4);
  const least = (position + 1) * cell + around - area.width;
  const most = position * cell - around;
  return Math.max(0, Math.min(Math.max(0, columns * cell - area.width), Math.max(least, Math.min(scroll, most))));
}
