/** The attention graph in the page: hover previews, click pins, the wheel scrolls and zooms. */
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { attentionGraph, type GraphData } from '../graphs/attentionGraph.ts';
import { graphUnitAt, layoutGraph, scrollToShow, type GraphLayout } from '../graphs/graphLayout.ts';
import type { Frame } from '../graphs/drawing.ts';
import type { UnitLabel } from '../graphs/labels.ts';
import { latest } from '../graphs/latest.ts';
import { zoomedSpacing } from '../graphs/zoom.ts';
import { hover, pin, setView, theme, unitOf, units, view } from '../store.ts';
import type { Theme } from '../theme.ts';
import { CanvasBox, type BoxPicture, type Plan, type Point } from './canvasBox.tsx';
import { drawnFocus, drawnLinks, labels } from './drawnAttention.ts';
import { FocusFollower } from './focusFollower.ts';

export function AttentionGraph(): JSX.Element {
  const picture = useMemo(() => new GraphPicture(), []);
  return <CanvasBox picture={picture} />;
}

class GraphPicture implements BoxPicture {
  private readonly follower = new FocusFollower();
  private readonly layoutFor = latest((unitLabels: readonly UnitLabel[], layout: GraphLayout['layout'], spacing: number, of: Theme, frame: Frame) =>
    layoutGraph(unitLabels, { layout, spacing }, of, frame),
  );
  private layout: GraphLayout | null = null;
  private frame: Frame | null = null;
  /** After zooming, the place along the units that stays under the pointer. */
  private anchor: { readonly place: number; readonly along: number } | null = null;

  readonly sideways = (): boolean => view.peek().layout === 'horizontal';

  plan(frame: Frame, scroll: Point): Plan {
    const layout = this.layoutFor(labels.value, view.value.layout, view.value.spacing, theme.value, frame);
    this.layout = layout;
    this.frame = frame;
    const vertical = layout.layout === 'vertical';
    const scrollTo = this.wantedScroll(layout, vertical ? scroll.y : scroll.x);
    return {
      width: vertical ? frame.width : layout.length,
      height: vertical ? layout.length : frame.height,
      scrollTo: scrollTo === null ? undefined : vertical ? { x: 0, y: scrollTo } : { x: scrollTo, y: 0 },
      draw: (now) => attentionGraph(graphData(), layout, vertical ? now.y : now.x, theme.value, frame),
    };
  }

  point(at: Point | null, scroll: Point): void {
    const token = at && this.tokenAt(at, scroll);
    this.follower.pointed(token);
    hover(token);
  }

  click(at: Point, scroll: Point): void {
    const token = this.tokenAt(at, scroll);
    this.follower.pointed(token);
    if (token !== null) pin(token);
  }

  zoom(factor: number, at: Point, scroll: Point): void {
    const { layout, frame } = this;
    if (!layout || !frame) return;
    const vertical = layout.layout === 'vertical';
    const along = vertical ? at.y : at.x;
    const fitting = layoutGraph(labels.peek(), { layout: layout.layout, spacing: 0 }, theme.peek(), frame).pitch;
    this.anchor = { place: ((along + (vertical ? scroll.y : scroll.x)) / layout.length) || 0, along };
    setView({ spacing: zoomedSpacing(layout.pitch, factor, fitting) });
  }

  private tokenAt(at: Point, scroll: Point): number | null {
    if (!this.layout) return null;
    const unit = graphUnitAt(this.layout, at, this.layout.layout === 'vertical' ? scroll.y : scroll.x);
    return unit === null ? null : (units.peek()[unit]?.firstToken ?? null);
  }

  private wantedScroll(layout: GraphLayout, scroll: number): number | null {
    const token = this.follower.take();
    if (this.anchor) {
      const { place, along } = this.anchor;
      this.anchor = null;
      return place * layout.length - along;
    }
    return token === null ? null : scrollToShow(layout, unitOf(token), scroll);
  }
}

function graphData(): GraphData {
  const focused = drawnFocus.value;
  const all = drawnLinks.value;
  const of = focused?.of ?? all?.ask;
  return {
    labels: labels.value,
    layer: of?.layer ?? view.value.layer,
    heads: of?.heads ?? [],
    average: of?.average ?? false,
    sink: view.value.sink,
    links: all?.value ?? null,
    focus: focused?.focus ?? null,
  };
}
