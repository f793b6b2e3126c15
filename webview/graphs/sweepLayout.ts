/** Where the grids of a sweep are, one below the other. */
import type { Frame } from './drawing.ts';
import { fitText } from './labels.ts';
import type { SweepCell, SweepPanel } from './sweepData.ts';
import type { Theme } from '../theme.ts';

export interface PanelLayout {
  /** Of the cells, in the whole picture. */
  readonly x: number;
  readonly y: number;
  readonly cell: number;
  readonly row: number;
  readonly rows: number;
  readonly columns: number;
  /** As they fit. */
  readonly labels: readonly string[];
  readonly titleY: number | null;
}

export interface SweepLayout {
  readonly panels: readonly PanelLayout[];
  readonly labelSize: number;
  readonly contentWidth: number;
  readonly contentHeight: number;
}

export const legendRoom = 52;
const margin = 12;
const titleRoom = 20;
const columnRoom = 20;

export function layoutSweep(panels: readonly SweepPanel[], theme: Theme, frame: Frame): SweepLayout {
  const labelSize = Math.max(10, theme.fontSize - 2);
  const rows = panels.reduce((sum, panel) => sum + panel.rows.length, 0);
  const above = panels.reduce((sum, { title }) => sum + columnRoom + (title === null ? 0 : titleRoom), 0);
  const row = Math.max(18, Math.min(30, (frame.height - above - legendRoom) / Math.max(1, rows)));
  let y = 4;
  let contentWidth = 0;
  const placed = panels.map(({ title, rows: names, columns }): PanelLayout => {
    const labels = names.map((name) => fitText(name, labelSize, Math.min(150, frame.width * 0.3), frame.measure));
    const x = Math.round(margin + Math.max(20, ...labels.map((label) => frame.measure(label, labelSize))) + 8);
    const cell = Math.max(16, Math.min(columns.length > 4 ? 56 : 110, (frame.width - x - margin) / Math.max(1, columns.length)));
    const titleY = title === null ? null : y + titleRoom / 2;
    const top = y + (title === null ? 0 : titleRoom) + columnRoom;
    y = top + row * names.length;
    contentWidth = Math.max(contentWidth, x + cell * columns.length + margin);
    return { x, y: top, cell, row, rows: names.length, columns: columns.length, labels, titleY };
  });
  return { panels: placed, labelSize, contentWidth, contentHeight: y + legendRoom };
}

/** The cell at a point of the whole picture. */
export function sweepCellAt({ panels }: SweepLayout, { x, y }: { readonly x: number; readonly y: number }): SweepCell | null {
  for (const [panel, layout] of panels.entries()) {
    const row = Math.floor((y - layout.y) / layout.row);
    const column = Math.floor((x - layout.x) / layout.cell);
    if (row >= 0 && row < layout.rows && column >= 0 && column < layout.columns) return { panel, row, column };
  }
  return null;
}
