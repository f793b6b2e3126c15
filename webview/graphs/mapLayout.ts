/** Where the attention map's cells, axes and legend are, and which cell is at a point. */
import type { Theme } from '../theme.ts';
import type { Frame } from './drawing.ts';
import { fitText, type UnitLabel } from './labels.ts';

export interface MapLayout {
  /** Units on each axis. */
  readonly queries: number;
  readonly keys: number;
  /** Side of a cell in pixels. */
  readonly cell: number;
  /** The part of the frame in which cells are seen. */
  readonly area: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
  /** Size of the whole picture if nothing had to be scrolled. */
  readonly contentWidth: number;
  readonly contentHeight: number;
  readonly labelSize: number;
  /** Labels as they fit, `[unit]`. */
  readonly queryLabels: readonly string[];
  readonly keyLabels: readonly string[];
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
export function layoutMap(queryLabels: readonly UnitLabel[], keyLabels: readonly UnitLabel[], spacing: number, theme: Theme, frame: Frame): MapLayout {
  const queries = queryLabels.length;
  const keys = keyLabels.length;
  const labelSize = Math.min(theme.codeSize, 12);
  const widest = Math.max(24, Math.min(110, frame.width * 0.22, frame.height * 0.22));
  const fitted = (labels: readonly UnitLabel[]): string[] => labels.map((label) => fitText(label.text, labelSize, widest, frame.measure));
  const queryTexts = fitted(queryLabels);
  const keyTexts = keyLabels === queryLabels ? queryTexts : fitted(keyLabels);
  const widthOf = (texts: readonly string[]): number => Math.max(10, ...texts.map((text) => frame.measure(text, labelSize, true)));
  const keyWidth = widthOf(keyTexts);
  const x = Math.round(titleRoom + widthOf(queryTexts) + labelGap);
  const y = Math.round(titleRoom + keyWidth * slantSine + labelGap);
  // The last key labels lean out over the right edge.
  const right = margin + keyWidth * slantCosine;
  const room = { width: Math.max(40, frame.width - x - right), height: Math.max(40, frame.height - y - legendRoom) };
  const cell = spacing > 0 ? spacing : Math.min(40, room.width / Math.max(1, keys), room.height / Math.max(1, queries));
  return {
    queries,
    keys,
    cell,
    area: { x, y, width: Math.min(cell * keys, room.width), height: Math.min(cell * queries, room.height) },
    contentWidth: x + cell * keys + right,
    contentHeight: y + cell * queries + legendRoom,
    labelSize,
    queryLabels: queryTexts,
    keyLabels: keyTexts,
  };
}

/** The cell at a point of the frame, or null beside the cells. */
export function cellAt(layout: MapLayout, point: { readonly x: number; readonly y: number }, scroll: MapScroll): Cell | null {
  const { area, cell, queries, keys } = layout;
  if (point.x < area.x || point.x >= area.x + area.width || point.y < area.y || point.y >= area.y + area.height) return null;
  const key = Math.floor((point.x - area.x + scroll.x) / cell);
  const query = Math.floor((point.y - area.y + scroll.y) / cell);
  return key < keys && query < queries ? { query, key } : null;
}

/** First and one-past-last of `units` seen along an axis. */
export function visibleCells(layout: MapLayout, units: number, scroll: number, extent: number): readonly [number, number] {
  return [Math.max(0, Math.floor(scroll / layout.cell)), Math.min(units, Math.ceil((scroll + extent) / layout.cell))];
}

/** The scroll position nearest to `scroll` at which the unit, one of `units`, is seen along an axis of `extent` pixels. */
export function scrollToCell(layout: MapLayout, units: number, unit: number, scroll: number, extent: number): number {
  const around = Math.min(2 * layout.cell, extent / 4);
  const least = (unit + 1) * layout.cell + around - extent;
  const most = unit * layout.cell - around;
  const furthest = Math.max(0, units * layout.cell - extent);
  return Math.max(0, Math.min(furthest, Math.max(least, Math.min(scroll, most))));
}
