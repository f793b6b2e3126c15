/** Where the attention map's cells, axes and legend are, and which cell is at a point. */
import type { Theme } from '../theme.ts';
import type { Frame } from './drawing.ts';
import { fitText, type UnitLabel } from './labels.ts';

export interface MapLayout {
  /** Units on each axis. */
  readonly size: number;
  /** Side of a cell in pixels. */
  readonly cell: number;
  /** The part of the frame in which cells are seen. */
  readonly area: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
  /** Size of the whole picture if nothing had to be scrolled. */
  readonly contentWidth: number;
  readonly contentHeight: number;
  readonly labelSize: number;
  /** Labels as they fit, `[unit]`. */
  readonly labels: readonly string[];
}

export interface MapScroll {
  readonly x: number;
  readonly y: number;
}

export interface Cell {
  readonly query: number;
  readonly key: number;
}

/** Key labels stand at this slant, degrees. */
export const keySlant = -60;
const slantSine = Math.sin((60 * Math.PI) / 180);
const slantCosine = Math.cos((60 * Math.PI) / 180);

/** Room for an axis title, and for the legend below. */
export const titleRoom = 20;
export const legendRoom = 44;
const labelGap = 6;
const margin = 6;

/** `spacing` is the side of a cell; 0 fits the map into the frame. */
export function layoutMap(labels: readonly UnitLabel[], spacing: number, theme: Theme, frame: Frame): MapLayout {
  const size = labels.length;
  const labelSize = Math.min(theme.codeSize, 12);
  const widest = Math.max(24, Math.min(110, frame.width * 0.22, frame.height * 0.22));
  const texts = labels.map((label) => fitText(label.text, labelSize, widest, frame.measure));
  const labelWidth = Math.max(10, ...texts.map((text) => frame.measure(text, labelSize, true)));
  const x = Math.round(titleRoom + labelWidth + labelGap);
  const y = Math.round(titleRoom + labelWidth * slantSine + labelGap);
  // The last key labels lean out over the right edge.
  const right = margin + labelWidth * slantCosine;
  const room = { width: Math.max(40, frame.width - x - right), height: Math.max(40, frame.height - y - legendRoom) };
  const cell = spacing > 0 ? spacing : Math.min(40, room.width / Math.max(1, size), room.height / Math.max(1, size));
  const side = cell * size;
  return {
    size,
    cell,
    area: { x, y, width: Math.min(side, room.width), height: Math.min(side, room.height) },
    contentWidth: x + side + right,
    contentHeight: y + side + legendRoom,
    labelSize,
    labels: texts,
  };
}

/** The cell at a point of the frame, or null beside the cells. */
export function cellAt(layout: MapLayout, point: { readonly x: number; readonly y: number }, scroll: MapScroll): Cell | null {
  const { area, cell, size } = layout;
  if (point.x < area.x || point.x >= area.x + area.width || point.y < area.y || point.y >= area.y + area.height) return null;
  const key = Math.floor((point.x - area.x + scroll.x) / cell);
  const query = Math.floor((point.y - area.y + scroll.y) / cell);
  return key < size && query < size ? { query, key } : null;
}

/** First and one-past-last unit seen along an axis. */
export function visibleCells(layout: MapLayout, scroll: number, extent: number): readonly [number, number] {
  return [Math.max(0, Math.floor(scroll / layout.cell)), Math.min(layout.size, Math.ceil((scroll + extent) / layout.cell))];
}

/** The scroll position nearest to `scroll` at which the unit is seen along an axis of `extent` pixels. */
export function scrollToCell(layout: MapLayout, unit: number, scroll: number, extent: number): number {
  const around = Math.min(2 * layout.cell, extent / 4);
  const least = (unit + 1) * layout.cell + around - extent;
  const most = unit * layout.cell - around;
  const furthest = Math.max(0, layout.size * layout.cell - extent);
  return Math.max(0, Math.min(furthest, Math.max(least, Math.min(scroll, most))));
}
