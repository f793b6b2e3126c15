/** Grids of numbers that are walked over cell by cell, by pointer and by keys. */
import { signal } from '@preact/signals';
import { announce } from '../announce.ts';
import type { Drawing, Frame } from '../graphs/drawing.ts';
import { latest } from '../graphs/latest.ts';
import type { SweepCell, SweepPanel } from '../graphs/sweepData.ts';
import { layoutSweep, sweepCellAt, type SweepLayout } from '../graphs/sweepLayout.ts';
import { theme } from '../store.ts';
import type { Theme } from '../theme.ts';
import type { BoxPicture, Plan, Point } from './canvasBox.tsx';

export interface GridOf<Data extends { readonly panels: readonly SweepPanel[] }> {
  readonly data: { readonly value: Data; peek(): Data };
  readonly draw: (data: Data, layout: SweepLayout, scroll: Point, colors: Theme, frame: Frame) => Drawing;
  /** What is said of a cell that the keys come to. */
  readonly said: (cell: SweepCell) => string;
  /** What a click or Enter does; whether there was anything to do. */
  readonly choose?: (cell: SweepCell | null) => boolean;
}

export class GridPicture<Data extends { readonly panels: readonly SweepPanel[] }> implements BoxPicture {
  private readonly cell = signal<SweepCell | null>(null);
  private readonly layoutFor = latest(layoutSweep);
  private readonly panelsFor = latest((key: string) => ({ key, panels: this.of.data.peek().panels }));
  private layout: SweepLayout | null = null;
  private scrollWanted: SweepCell | null = null;

  constructor(private readonly of: GridOf<Data>) {}

  readonly sideways = (): boolean => false;

  plan(frame: Frame, scroll: Point): Plan {
    const data = this.of.data.value;
    const { panels } = this.panelsFor(JSON.stringify(data.panels));
    const layout = this.layoutFor(panels, theme.value, frame);
    this.layout = layout;
    const { value: cell } = this.cell;
    return {
      width: layout.contentWidth,
      height: layout.contentHeight,
      scrollTo: this.wantedScroll(layout, frame, scroll),
      draw: (now) => this.of.draw({ ...data, cell }, layout, now, theme.value, frame),
    };
  }

  point(at: Point | null, scroll: Point): void {
    this.cell.value = at && this.layout ? sweepCellAt(this.layout, { x: at.x + scroll.x, y: at.y + scroll.y }) : null;
  }

  click(at: Point, scroll: Point): void {
    this.point(at, scroll);
    this.of.choose?.(this.cell.peek());
  }

  zoom(): void {
    // Cells are as large as the room allows.
  }

  /** Arrows go from cell to cell; Enter does what a click does. */
  key(key: string): boolean {
    if (key === 'Enter' || key === ' ') return this.of.choose?.(this.cell.peek()) ?? false;
    const by = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[key];
    if (!by) return false;
    const now = this.cell.peek();
    const next = now ? moved(now, by[0] ?? 0, by[1] ?? 0, this.of.data.peek().panels) : { panel: 0, row: 0, column: 0 };
    this.cell.value = next;
    this.scrollWanted = next;
    announce(this.of.said(next));
    return true;
  }

  private wantedScroll({ panels }: SweepLayout, frame: Frame, scroll: Point): Point | undefined {
    const cell = this.scrollWanted;
    this.scrollWanted = null;
    const of = cell && panels[cell.panel];
    if (!of) return undefined;
    const top = of.y + cell.row * of.row;
    return { x: scroll.x, y: Math.max(Math.min(scroll.y, top - of.row), top + 2 * of.row - frame.height) };
  }
}

/** The next cell, from the end of one grid to the start of the next. */
function moved({ panel, row, column }: SweepCell, down: number, right: number, panels: readonly SweepPanel[]): SweepCell {
  const to = row + down;
  const last = (panels[panel]?.rows.length ?? 1) - 1;
  const next = to < 0 && panel > 0 ? panel - 1 : to > last && panel < panels.length - 1 ? panel + 1 : panel;
  const { rows = [], columns = [] } = panels[next] ?? {};
  const there = next === panel ? Math.max(0, Math.min(last, to)) : next < panel ? rows.length - 1 : 0;
  return { panel: next, row: there, column: Math.max(0, Math.min(columns.length - 1, column + right)) };
}
