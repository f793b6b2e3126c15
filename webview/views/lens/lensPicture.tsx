/** The lens in the page: columns are asked for as they come into sight; a click or Enter asks about another token's prediction. */
import { computed, signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { Place } from '../../../src/protocol.ts';
import { showing } from '../../experimentRun.ts';
import { announce } from '../../announce.ts';
import type { Frame } from '../../graphs/drawing.ts';
import { latest } from '../../graphs/latest.ts';
import type { LensData } from '../../graphs/lensData.ts';
import { columnsInSight, fittingCell, layoutLens, lensCellAt, rowTopOf, scrollToColumn, type LensCellPlace, type LensLayout } from '../../graphs/lensLayout.ts';
import { lensCellSentence } from '../../graphs/lensSentences.ts';
import { lensTable } from '../../graphs/lensTable.ts';
import { zoomedSpacing } from '../../graphs/zoom.ts';
import { lensPosition } from '../../lensAim.ts';
import { drawnLens, followedRival, followedTarget, isAfter, lensBefore, lensShade, lensSight } from '../../lensAnswers.ts';
import { lensLabels, lensLayers, lensPart, lensSequence } from '../../lensPart.ts';
import { tokenIn } from '../../place.ts';
import { focused, hover, hovered, pin, setView, shown, theme, view } from '../../store.ts';
import { CanvasBox, type BoxPicture, type Plan, type Point } from '../canvasBox.tsx';
import { FocusFollower } from '../focusFollower.ts';

export function LensPicture(): JSX.Element {
  const picture = useMemo(() => new LensTablePicture(), []);
  return <CanvasBox picture={picture} />;
}

/** What is drawn, without what the pointer is on. */
export const lensData = computed((): LensData => {
  const drawn = drawnLens.value;
  return {
    labels: lensLabels.value,
    // Before anything is known: as many as the model has, and the embedding.
    layers: drawn?.layers.length ? drawn.layers : Array.from({ length: lensLayers.value + 1 }, (_, row) => row - 1),
    columns: drawn?.columns ?? new Map(),
    before: showing.value === 'difference' && isAfter.value ? (lensBefore.value?.columns ?? null) : null,
    shade: lensShade.value,
    position: lensPosition.value,
    focus: tokenIn(lensSequence.value, focused.value),
    cell: null,
    followed: [followedTarget.value, followedRival.value].flatMap((answer) => answer?.followed ?? []),
  };
});

class LensTablePicture implements BoxPicture {
  private readonly follower = new FocusFollower();
  private readonly cell = signal<LensCellPlace | null>(null);
  private readonly layoutFor = latest(layoutLens);
  private layout: LensLayout | null = null;
  private frame: Frame | null = null;
  private anchor: { readonly column: number; readonly at: Point } | null = null;
  private drawn = '';

  readonly sideways = (): boolean => true;

  plan(frame: Frame, scroll: Point): Plan {
    const data = lensData.value;
    const layout = this.layoutFor(data.layers.length, data.labels.length, view.value.spacing, frame);
    this.layout = layout;
    this.frame = frame;
    return {
      width: layout.contentWidth,
      height: layout.contentHeight,
      scrollTo: this.wantedScroll(data, layout, scroll),
      draw: (now) => {
        const [from, to] = columnsInSight(layout, now.x);
        const before = lensSight.peek();
        if (before.from !== from || before.to !== to) lensSight.value = { from, to };
        return lensTable({ ...data, cell: this.cellLookedAt() }, layout, now, theme.value, frame);
      },
    };
  }

  point(at: Point | null, scroll: Point): void {
    this.look(at && this.layout ? lensCellAt(this.layout, at, scroll) : null);
  }

  click(at: Point, scroll: Point): void {
    const cell = this.layout && lensCellAt(this.layout, at, scroll);
    this.look(cell);
    if (cell) pin(placeOf(cell));
  }

  zoom(factor: number, at: Point, scroll: Point): void {
    const { layout, frame } = this;
    if (!layout || !frame) return;
    this.anchor = { column: (at.x - layout.area.x + scroll.x) / layout.cell, at };
    setView({ spacing: zoomedSpacing(layout.cell, factor, fittingCell(layout.area.width, layout.columns)) });
  }

  /** Arrows go from cell to cell; Enter asks about the token of the cell. */
  key(key: string): boolean {
    const data = lensData.peek();
    const by = { ArrowUp: [1, 0], ArrowDown: [-1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[key];
    const now = this.cell.peek() ?? { row: data.layers.length - 1, position: data.focus ?? data.position };
    if ((key === 'Enter' || key === ' ') && this.cell.peek()) {
      pin(placeOf(now));
      return true;
    }
    if (!by) return false;
    const within = (value: number, count: number): number => Math.max(0, Math.min(count - 1, value));
    const next = this.cell.peek() ? { row: within(now.row + (by[0] ?? 0), data.layers.length), position: within(now.position + (by[1] ?? 0), data.labels.length) } : now;
    this.cell.value = next;
    hover(placeOf(next));
    announce(lensCellSentence(data, next));
    return true;
  }

  /** The focus may have moved in another view since: the cell is then no longer meant. */
  private cellLookedAt(): LensCellPlace | null {
    const { value: cell } = this.cell;
    return cell?.position === tokenIn(lensSequence.value, hovered.value) ? cell : null;
  }

  private look(cell: LensCellPlace | null): void {
    this.cell.value = cell;
    const place = cell && placeOf(cell);
    this.follower.pointed(place);
    hover(place);
  }

  private wantedScroll(data: LensData, layout: LensLayout, scroll: Point): Point | undefined {
    const token = tokenIn(lensSequence.value, this.follower.take());
    const drawn = `${shown.value?.info.run ?? 0} ${lensPart.value ?? ''} ${data.labels.length > 0 ? data.position : ''}`;
    const isNew = drawn !== this.drawn;
    this.drawn = drawn;
    if (this.anchor) {
      const { column, at } = this.anchor;
      this.anchor = null;
      return { x: column * layout.cell - at.x + layout.area.x, y: scroll.y };
    }
    const wanted = isNew ? data.position : token;
    const row = this.cellLookedAt()?.row;
    if (wanted === null) return undefined;
    return { x: scrollToColumn(layout, wanted, scroll.x), y: row === undefined ? scroll.y : scroll.y + outside(rowTopOf(layout, row, scroll.y), layout) };
  }
}

/** How far a row is out of sight. */
function outside(top: number, { area, row }: LensLayout): number {
  return Math.min(0, top - area.y) + Math.max(0, top + row - area.y - area.height);
}

const placeOf = ({ position }: LensCellPlace): Place => ({ sequence: lensSequence.peek(), token: position });
