/** Where the columns of the picture of states are: a column of bars for each layer, then the units of one of them. */
import type { Theme } from '../theme.ts';
import type { Frame } from './drawing.ts';
import type { UnitLabel } from './labels.ts';
import { layoutRows, rowAt, type RowsLayout } from './tokenRows.ts';

export interface StateLayout extends RowsLayout {
  /** Layers whose bars are drawn, ascending. */
  readonly bars: readonly { readonly layer: number; readonly x: number; readonly width: number }[];
  /** The units' cells. */
  readonly units: { readonly x: number; readonly width: number; readonly count: number };
}

/** More columns than this cannot be told apart; those nearest to the layer that is looked at are drawn. */
const mostLayers = 6;
const gap = 10;
export const headerRoom = 40;
export const legendRoom = 46;

export interface StateShape {
  readonly layers: number;
  /** Whose units are shown. */
  readonly layer: number;
  readonly units: number;
  readonly spacing: number;
}

export function layoutStates(labels: readonly UnitLabel[], { layers, layer, units, spacing }: StateShape, theme: Theme, frame: Frame): StateLayout {
  const rows = layoutRows(labels, { spacing, above: headerRoom, below: legendRoom }, theme, frame);
  const { area } = rows;
  const count = Math.min(layers, mostLayers);
  const first = Math.max(0, Math.min(layers - count, layer - Math.floor(count / 2)));
  // The units have the larger part of a wide frame, as far as their cells are wide enough.
  const widest = Math.max(24, (area.width * 0.45) / Math.max(1, count) - gap);
  const width = Math.floor(Math.min(120, widest));
  const bars = Array.from({ length: count }, (_, at) => ({ layer: first + at, x: area.x + at * (width + gap), width }));
  const x = area.x + count * (width + gap) + gap;
  const room = Math.max(10, area.x + area.width - x);
  return { ...rows, bars, units: { x, width: Math.min(room, units * 18), count: units } };
}

/** What is at a point: a token, and of it a layer's change or a unit's value, counted in the drawn units. */
export interface StatePlace {
  readonly token: number;
  readonly layer: number | null;
  readonly unit: number | null;
}

export function placeAt(layout: StateLayout, point: { readonly x: number; readonly y: number }, scroll: number): StatePlace | null {
  const token = rowAt(layout, point.y, scroll);
  if (token === null) return null;
  const { units } = layout;
  const bar = layout.bars.find(({ x, width }) => point.x >= x && point.x < x + width + gap / 2);
  const inside = units.count > 0 && point.x >= units.x && point.x < units.x + units.width;
  return { token, layer: bar?.layer ?? null, unit: inside ? Math.floor(((point.x - units.x) / units.width) * units.count) : null };
}
