/** The attention map in the page: the crosshair follows the focus, and the focus the pointer. */
import { computed, signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { AttentionOf, Place } from '../../src/protocol.ts';
import { pattern } from '../answers.ts';
import { linkItems, linkLabel, type LinkOf } from '../experimentMenu.ts';
import { showing } from '../experimentRun.ts';
import { tokensOff } from '../experiments.ts';
import { attentionMap, cellKey, meanOverHeads, type MapData, type MapFocus } from '../graphs/attentionMap.ts';
import { changeBitmap, divergingPalette, patternBitmap, rampPalette } from '../graphs/bitmaps.ts';
import type { Frame } from '../graphs/drawing.ts';
import { latest } from '../graphs/latest.ts';
import { cellAt, layoutMap, scrollToCell, type Cell, type MapLayout } from '../graphs/mapLayout.ts';
import { zoomedSpacing } from '../graphs/zoom.ts';
import { attention, hover, keys, lookedAt, pin, queries, setView, shown, theme, unitsOf, view } from '../store.ts';
import { openMenu } from '../ui/menu.tsx';
import { CanvasBox, type BoxPicture, type Plan, type Point } from './canvasBox.tsx';
import { drawnChanges, drawnCuts, drawnRow, focusIsPinned, isDrawn, keyLabels, queryLabels, rowsOf } from './drawnAttention.ts';
import { FocusFollower } from './focusFollower.ts';
import { litLink } from './litLink.ts';
import { partShown } from './partShown.ts';

export function AttentionMap(): JSX.Element {
  const picture = useMemo(() => new MapPicture(), []);
  return <CanvasBox picture={picture} />;
}

const causal = computed(() => attention.value?.causal ?? false);

/** The pattern of the shown run in its units; while a decoder writes it may be that of a token ago. */
const drawnPattern = computed(() => {
  const { last } = pattern.value;
  return last && isDrawn(last) && last.value.queries <= queryLabels.value.length && last.value.keys <= keyLabels.value.length ? last : null;
});

const bitmap = computed(() => {
  if (showing.value === 'difference') return drawnChanges.value && changeBitmap(drawnChanges.value.value, causal.value, divergingPalette(theme.value.diverging));
  return drawnPattern.value && patternBitmap(drawnPattern.value.value, causal.value, rampPalette(theme.value.ramp));
});

/** Changes of single cells, as exact as they are told. */
const changes = computed(() => {
  if (!drawnChanges.value) return null;
  const { query, key, change, keys: columns } = drawnChanges.value.value;
  return new Map(Array.from(change, (size, at): [number, number] => [cellKey({ query: query[at] ?? 0, key: key[at] ?? 0 }, columns), size]));
});

const focus = computed((): MapFocus | null => {
  const looked = lookedAt.value;
  if (looked === null) return null;
  const row = drawnRow.value;
  return {
    ...looked,
    pinned: focusIsPinned.value,
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
  private readonly layoutFor = latest(layoutMap);
  private layout: MapLayout | null = null;
  private frame: Frame | null = null;
  private anchor: { readonly key: number; readonly query: number; readonly at: Point } | null = null;

  readonly sideways = (): boolean => false;

  plan(frame: Frame, scroll: Point): Plan {
    const layout = this.layoutFor(queryLabels.value, keyLabels.value, view.value.spacing, theme.value, frame);
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
    const place = placeOf(cell);
    this.follower.pointed(place);
    hover(place);
  }

  click(at: Point, scroll: Point): void {
    const place = placeOf(this.layout && cellAt(this.layout, at, scroll));
    this.follower.pointed(place);
    if (place !== null) pin(place);
  }

  menu(at: Point, scroll: Point, page: Point): boolean {
    const cell = this.layout && cellAt(this.layout, at, scroll);
    const of = showing.peek() === 'difference' ? drawnChanges.peek()?.ask : drawnPattern.peek()?.ask;
    if (!cell || !of) return false;
    const link: LinkOf = { ...cell, heads: of.heads };
    const items = linkItems(link);
    openMenu(linkLabel(link), items, page);
    return items.length > 0;
  }

  zoom(factor: number, at: Point, scroll: Point): void {
    const { layout, frame } = this;
    if (!layout || !frame) return;
    const fitting = layoutMap(queryLabels.peek(), keyLabels.peek(), 0, theme.peek(), frame).cell;
    this.anchor = { key: (at.x - layout.area.x + scroll.x) / layout.cell, query: (at.y - layout.area.y + scroll.y) / layout.cell, at };
    setView({ spacing: zoomedSpacing(layout.cell, factor, fitting) });
  }

  private wantedScroll(layout: MapLayout, scroll: Point): Point | undefined {
    const place = this.follower.take();
    if (this.anchor) {
      const { key, query, at } = this.anchor;
      this.anchor = null;
      return { x: key * layout.cell - at.x + layout.area.x, y: query * layout.cell - at.y + layout.area.y };
    }
    const looked = lookedAt.value;
    if (place === null || looked === null) return undefined;
    return looked.direction === 'from'
      ? { x: scroll.x, y: scrollToCell(layout, layout.queries, looked.unit, scroll.y, layout.area.height) }
      : { x: scrollToCell(layout, layout.keys, looked.unit, scroll.x, layout.area.width), y: scroll.y };
  }

  private data(): MapData {
    const { value: cell } = this.cell;
    const looked = lookedAt.value;
    const drawn = showing.value === 'difference' ? drawnChanges.value : drawnPattern.value;
    return {
      queryLabels: queryLabels.value,
      keyLabels: keyLabels.value,
      part: partShown(shown.value?.info.model),
      layer: drawn?.ask.layer ?? view.value.layer,
      heads: drawn?.ask.heads ?? [],
      causal: causal.value,
      bitmap: bitmap.value,
      focus: focus.value,
      changes: showing.value === 'difference' ? (changes.value ?? new Map()) : null,
      apart: showing.value !== 'before' && tokensOff.value.size > 0,
      cut: drawnCuts.value,
      // The keyboard may have moved the focus since: the pointer's cell is then no longer meant.
      cell: litLink.value ?? (cell && looked && (looked.direction === 'from' ? cell.query : cell.key) === looked.unit ? cell : null),
    };
  }
}

/** The token that pointing at a cell focuses: the one whose row or column is looked at. */
function placeOf(cell: Cell | null): Place | null {
  if (!cell) return null;
  const asRow = queries.peek() !== keys.peek() || view.peek().direction === 'from';
  const [sequence, at] = asRow ? [queries.peek(), cell.query] : [keys.peek(), cell.key];
  const unit = unitsOf(sequence)[at];
  return unit ? { sequence, token: unit.firstToken } : null;
}
