/** The attention map in the page: the crosshair follows the focus, and the focus the pointer. */
import { computed, signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { AttentionOf } from '../../src/protocol.ts';
import { attentionMap, meanOverHeads, type MapData, type MapFocus } from '../graphs/attentionMap.ts';
import { patternBitmap, rampPalette } from '../graphs/bitmaps.ts';
import type { Frame } from '../graphs/drawing.ts';
import type { UnitLabel } from '../graphs/labels.ts';
import { latest } from '../graphs/latest.ts';
import { cellAt, layoutMap, scrollToCell, type Cell, type MapLayout } from '../graphs/mapLayout.ts';
import { zoomedSpacing } from '../graphs/zoom.ts';
import { focusedUnit, hover, hovered, pattern, pin, pinned, setView, shown, theme, unitOf, units, view } from '../store.ts';
import type { Theme } from '../theme.ts';
import { CanvasBox, type BoxPicture, type Plan, type Point } from './canvasBox.tsx';
import { drawnRow, labels, rowsOf } from './drawnAttention.ts';
import { FocusFollower } from './focusFollower.ts';

export function AttentionMap(): JSX.Element {
  const picture = useMemo(() => new MapPicture(), []);
  return <CanvasBox picture={picture} />;
}

const causal = computed(() => shown.value?.info.model.kind === 'decoder');

/** The pattern of the shown run in its units. */
const drawnPattern = computed(() => {
  const { last } = pattern.value;
  return last && last.run === shown.value?.info.run && last.value.queries === units.value.length && last.ask.unit === view.value.unit ? last : null;
});

const bitmap = computed(() => (drawnPattern.value ? patternBitmap(drawnPattern.value.value, causal.value, rampPalette(theme.value.ramp)) : null));

const focus = computed((): MapFocus | null => {
  const unit = focusedUnit.value;
  if (unit === null) return null;
  const row = drawnRow.value;
  return {
    unit,
    direction: view.value.direction,
    pinned: hovered.value === null ? pinned.value !== null : hovered.value === pinned.value,
    weights: row && sameAsPattern(row.ask) ? meanOverHeads(row.value.weights, rowsOf(row.ask)) : null,
  };
});

/** Rows that were renormalised head by head do not average to the renormalised average that the map shows. */
function sameAsPattern(row: AttentionOf): boolean {
  return row.sink !== 'remove' || row.average || row.heads.length === 1;
}

class MapPicture implements BoxPicture {
  private readonly follower = new FocusFollower();
  private readonly cell = signal<Cell | null>(null);
  private readonly layoutFor = latest((unitLabels: readonly UnitLabel[], spacing: number, of: Theme, frame: Frame) => layoutMap(unitLabels, spacing, of, frame));
  private layout: MapLayout | null = null;
  private frame: Frame | null = null;
  private anchor: { readonly key: number; readonly query: number; readonly at: Point } | null = null;

  readonly sideways = (): boolean => false;

  plan(frame: Frame, scroll: Point): Plan {
    const layout = this.layoutFor(labels.value, view.value.spacing, theme.value, frame);
    this.layout = layout;
    this.frame = frame;
    return {
      width: layout.contentWidth,
      height: layout.contentHeight,
      scrollTo: this.wantedScroll(layout, scroll),
      draw: (now) => attentionMap(this.data(), layout, now, theme.value, frame),
    };
  }

  point(at: Point | null, scroll: Point): void {
    const cell = at && this.layout ? cellAt(this.layout, at, scroll) : null;
    this.cell.value = cell;
    const token = tokenOf(cell);
    this.follower.pointed(token);
    hover(token);
  }

  click(at: Point, scroll: Point): void {
    const token = tokenOf(this.layout && cellAt(this.layout, at, scroll));
    this.follower.pointed(token);
    if (token !== null) pin(token);
  }

  zoom(factor: number, at: Point, scroll: Point): void {
    const { layout, frame } = this;
    if (!layout || !frame) return;
    const fitting = layoutMap(labels.peek(), 0, theme.peek(), frame).cell;
    this.anchor = { key: (at.x - layout.area.x + scroll.x) / layout.cell, query: (at.y - layout.area.y + scroll.y) / layout.cell, at };
    setView({ spacing: zoomedSpacing(layout.cell, factor, fitting) });
  }

  private wantedScroll(layout: MapLayout, scroll: Point): Point | undefined {
    const token = this.follower.take();
    if (this.anchor) {
      const { key, query, at } = this.anchor;
      this.anchor = null;
      return { x: key * layout.cell - at.x + layout.area.x, y: query * layout.cell - at.y + layout.area.y };
    }
    if (token === null) return undefined;
    const unit = unitOf(token);
    return view.value.direction === 'from'
      ? { x: scroll.x, y: scrollToCell(layout, unit, scroll.y, layout.area.height) }
      : { x: scrollToCell(layout, unit, scroll.x, layout.area.width), y: scroll.y };
  }

  private data(): MapData {
    const { value: cell } = this.cell;
    const own = cell && (view.value.direction === 'from' ? cell.query : cell.key);
    return {
      labels: labels.value,
      layer: drawnPattern.value?.ask.layer ?? view.value.layer,
      heads: drawnPattern.value?.ask.heads ?? [],
      causal: causal.value,
      bitmap: bitmap.value,
      focus: focus.value,
      // The keyboard may have moved the focus since: the pointer's cell is then no longer meant.
      cell: own === focusedUnit.value ? cell : null,
    };
  }
}

/** The token that pointing at a cell focuses: the one whose row or column is looked at. */
function tokenOf(cell: Cell | null): number | null {
  if (!cell) return null;
  const unit = view.peek().direction === 'from' ? cell.query : cell.key;
  return units.peek()[unit]?.firstToken ?? null;
}
