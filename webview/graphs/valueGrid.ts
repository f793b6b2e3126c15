/** Coloured grids of signed numbers, one below the other, with their legend and what the pointer is on in words. */
import type { Theme } from '../theme.ts';
import { divergingPalette, legendBitmap } from './bitmaps.ts';
import type { Drawing, Frame, Mark } from './drawing.ts';
import { inkOn } from './ink.ts';
import { fitText } from './labels.ts';
import { sameCell, type SweepCell, type SweepPanel } from './sweepData.ts';
import { legendRoom, type PanelLayout, type SweepLayout } from './sweepLayout.ts';
import { readout } from './tokenRows.ts';

export interface GridItem {
  readonly cell: SweepCell;
  readonly value: number;
  /** Struck through. */
  readonly struck: boolean;
}

export interface ValueGrid<Item extends GridItem> {
  readonly panels: readonly SweepPanel[];
  /** Cells of which nothing is known yet are hatched. */
  readonly items: readonly Item[];
  /** The end of the scale. */
  readonly most: number;
  /** Under the pointer or the keyboard's focus. */
  readonly cell: SweepCell | null;
  /** The picture in a sentence. */
  readonly label: string;
  /** What the colours mean, and the ends of the scale. */
  readonly legend: string;
  readonly ends: readonly [string, string];
  /** As it is written in a cell, and as it is said of one. */
  readonly text: (item: Item) => string;
  readonly sentence: (item: Item) => string;
  /** Rows that stand out. */
  readonly marked?: (panel: number, row: number) => boolean;
}

interface Scroll {
  readonly x: number;
  readonly y: number;
}

export function valueGrid<Item extends GridItem>(data: ValueGrid<Item>, layout: SweepLayout, scroll: Scroll, theme: Theme, frame: Frame): Drawing {
  const pointed = data.items.find(({ cell }) => sameCell(cell, data.cell));
  const at = data.cell && cornerOf(layout, data.cell, scroll);
  return {
    width: frame.width,
    height: frame.height,
    background: theme.background,
    fontFamily: theme.fontFamily,
    codeFamily: theme.codeFamily,
    label: data.label,
    marks: [
      ...layout.panels.flatMap((panel, index) => panelMarks(data, index, panel, layout, scroll, theme)),
      ...data.items.flatMap((item) => cellMarks(item, data, layout, scroll, theme, frame)),
      ...outline(data, layout, scroll, theme),
      ...legend(data, layout, scroll, theme, frame),
      ...(pointed && at ? readout(data.sentence(pointed), { x: at.x + at.width / 2, y: at.y + at.height / 2 }, theme, frame) : []),
    ],
  };
}

interface Box extends Scroll {
  readonly width: number;
  readonly height: number;
}

function cornerOf({ panels }: SweepLayout, { panel, row, column }: SweepCell, scroll: Scroll): Box | null {
  const of = panels[panel];
  return of ? { x: of.x + column * of.cell - scroll.x, y: of.y + row * of.row - scroll.y, width: of.cell, height: of.row } : null;
}

function panelMarks<Item extends GridItem>({ panels, cell, marked }: ValueGrid<Item>, index: number, of: PanelLayout, { labelSize: size }: SweepLayout, scroll: Scroll, theme: Theme): Mark[] {
  const panel = panels[index];
  if (!panel) return [];
  const [left, top] = [of.x - scroll.x, of.y - scroll.y];
  const stride = Math.max(1, Math.ceil(24 / of.cell));
  const here = cell?.panel === index ? cell : null;
  const rowColor = (row: number): string => (marked?.(index, row) ? theme.accent : here?.row === row ? theme.foreground : theme.muted);
  return [
    ...(panel.title === null || of.titleY === null ? [] : [{ mark: 'text', x: left, y: of.titleY - scroll.y, text: panel.title, size, color: theme.foreground, anchor: 'start', bold: true } as const]),
    { mark: 'hatch', x: left, y: top, width: of.cell * of.columns, height: of.row * of.rows, color: theme.border, gap: 7 },
    { mark: 'rect', x: left - 0.5, y: top - 0.5, width: of.cell * of.columns + 1, height: of.row * of.rows + 1, stroke: theme.border },
    ...of.labels.map((text, row): Mark => ({ mark: 'text', x: left - 8, y: top + (row + 0.5) * of.row + 0.5, text, size, anchor: 'end', code: true, color: rowColor(row), bold: here?.row === row || marked?.(index, row) === true })),
    ...panel.columns.flatMap((text, column): Mark[] => (column % stride === 0 ? [{ mark: 'text', x: left + (column + 0.5) * of.cell, y: top - 9, text, size, anchor: 'middle', color: here?.column === column ? theme.foreground : theme.muted, bold: here?.column === column }] : [])),
  ];
}

function cellMarks<Item extends GridItem>(item: Item, { most, text: textOf }: ValueGrid<Item>, layout: SweepLayout, scroll: Scroll, theme: Theme, frame: Frame): Mark[] {
  const { value, cell, struck } = item;
  const box = cornerOf(layout, cell, scroll);
  if (!box || box.y > frame.height || box.y + box.height < 0) return [];
  const t = value / most;
  const fill = theme.diverging(t);
  const marks: Mark[] = [
    { mark: 'rect', x: box.x, y: box.y, width: box.width, height: box.height, fill: theme.background },
    { mark: 'rect', x: box.x + 0.5, y: box.y + 0.5, width: box.width - 1, height: box.height - 1, fill },
  ];
  const ink = Math.abs(t) < 0.08 ? theme.foreground : inkOn(fill);
  if (struck) marks.push({ mark: 'line', x0: box.x + 3, y0: box.y + box.height - 3, x1: box.x + box.width - 3, y1: box.y + 3, color: ink, width: 2 });
  const text = textOf(item);
  const size = Math.max(9, theme.fontSize - 3);
  // Numbers stand in all cells or in none.
  if (frame.measure(textOf({ ...item, value: -most }), size) <= box.width - 4) marks.push({ mark: 'text', x: box.x + box.width / 2, y: box.y + box.height / 2 + 0.5, text, size, color: ink, anchor: 'middle' });
  return marks;
}

function outline<Item extends GridItem>({ cell }: ValueGrid<Item>, layout: SweepLayout, scroll: Scroll, theme: Theme): Mark[] {
  const box = cell && cornerOf(layout, cell, scroll);
  return box ? [{ mark: 'rect', ...box, stroke: theme.focus, strokeWidth: 2 }] : [];
}

function legend<Item extends GridItem>({ items, legend: text, ends }: ValueGrid<Item>, layout: SweepLayout, scroll: Scroll, theme: Theme, frame: Frame): Mark[] {
  if (items.length === 0) return [];
  const size = Math.max(9, theme.fontSize - 2);
  const words = { mark: 'text', size, color: theme.muted } as const;
  const top = layout.contentHeight - legendRoom - scroll.y;
  const left = 12;
  const width = Math.min(160, frame.width * 0.4);
  const beside = left + width + 12;
  const fits = frame.measure(text, size) <= frame.width - beside - 4;
  return [
    { mark: 'bitmap', x: left, y: top + 8, width, height: 8, bitmap: legendBitmap(divergingPalette(theme.diverging)) },
    { mark: 'rect', x: left + 0.5, y: top + 8.5, width: width - 1, height: 7, stroke: theme.muted },
    { ...words, x: left, y: top + 26, anchor: 'start', text: ends[0] },
    { ...words, x: left + width / 2, y: top + 26, anchor: 'middle', text: '0' },
    { ...words, x: left + width, y: top + 26, anchor: 'end', text: ends[1] },
    fits
      ? { ...words, x: beside, y: top + 12, anchor: 'start', text }
      : { ...words, x: left, y: top + 40, anchor: 'start', text: fitText(text, size, frame.width - 2 * left, frame.measure) },
  ];
}
