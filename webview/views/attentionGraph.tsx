/** The attention graph in the page: hover previews, click pins, the wheel scrolls and zooms. */
import { signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import * as l10n from '@vscode/l10n';
import type { Place } from '../../src/protocol.ts';
import { linkItems, linkLabel, tokenItems, type LinkOf } from '../experimentMenu.ts';
import { showing } from '../experimentRun.ts';
import { canIntervene } from '../experiments.ts';
import { attentionGraph, crossGraph, type GraphData } from '../graphs/attentionGraph.ts';
import type { CutLink } from '../graphs/cutLinks.ts';
import { bridges, crossUnitAt, layoutCross, type CrossLayout } from '../graphs/crossLayout.ts';
import { graphUnitAt, layoutGraph, scrollToShow, type GraphLayout } from '../graphs/graphLayout.ts';
import { arcs } from '../graphs/graphLinks.ts';
import { linkAt } from '../graphs/linkAt.ts';
import type { Drawing, Frame } from '../graphs/drawing.ts';
import type { UnitLabel } from '../graphs/labels.ts';
import { latest } from '../graphs/latest.ts';
import { zoomedSpacing } from '../graphs/zoom.ts';
import { keys, hover, pin, queries, setView, shown, theme, unitOf, unitsOf, view } from '../store.ts';
import type { Theme } from '../theme.ts';
import { openMenu } from '../ui/menu.tsx';
import { CanvasBox, type BoxPicture, type Plan, type Point } from './canvasBox.tsx';
import { drawnCuts, drawnFocus, drawnLinks, keyLabels, queryLabels, rowsOf } from './drawnAttention.ts';
import { FocusFollower } from './focusFollower.ts';
import { litLink, withLitLink } from './litLink.ts';
import { partShown } from './partShown.ts';

export function AttentionGraph(): JSX.Element {
  const picture = useMemo(() => new GraphPicture(), []);
  return <CanvasBox picture={picture} />;
}

/** Units of one sequence, or of two. */
type Layout = { readonly kind: 'one'; readonly of: GraphLayout } | { readonly kind: 'two'; readonly of: CrossLayout };

function layoutOf(above: readonly UnitLabel[], below: readonly UnitLabel[], layout: GraphLayout['layout'], spacing: number, of: Theme, frame: Frame): Layout {
  return above === below
    ? { kind: 'one', of: layoutGraph(below, { layout, spacing }, of, frame) }
    : { kind: 'two', of: layoutCross(above, below, { layout, spacing }, of, frame) };
}

/** So near to the tokens links lie too close together to be told apart, pixels. */
const crowded = 14;

class GraphPicture implements BoxPicture {
  private readonly follower = new FocusFollower();
  private readonly layoutFor = latest(layoutOf);
  private layout: Layout | null = null;
  private frame: Frame | null = null;
  /** After zooming, the place along the units that stays under the pointer. */
  private anchor: { readonly place: number; readonly along: number } | null = null;

  /** The link under the pointer. */
  private readonly pointed = signal<CutLink | null>(null);

  readonly sideways = (): boolean => view.peek().layout === 'horizontal';

  plan(frame: Frame, scroll: Point): Plan {
    const layout = this.layoutFor(queryLabels.value, keyLabels.value, view.value.layout, view.value.spacing, theme.value, frame);
    this.layout = layout;
    this.frame = frame;
    const { length } = layout.of;
    const vertical = layout.of.layout === 'vertical';
    const scrollTo = this.wantedScroll(layout, vertical ? scroll.y : scroll.x);
    return {
      width: vertical ? frame.width : length,
      height: vertical ? length : frame.height,
      scrollTo: scrollTo === null ? undefined : vertical ? { x: 0, y: scrollTo } : { x: scrollTo, y: 0 },
      draw: (now) => drawn(layout, vertical ? now.y : now.x, frame, this.pointed.value),
    };
  }

  point(at: Point | null, scroll: Point): void {
    const link = at && this.linkUnder(at, scroll);
    this.pointed.value = link;
    // The focus stays with the token whose link is pointed at, or no link could be followed away from it.
    if (link) return;
    const place = at && this.placeAt(at, scroll);
    this.follower.pointed(place);
    hover(place);
  }

  click(at: Point, scroll: Point, page: Point): void {
    if (this.menuOfLink(at, scroll, page)) return;
    const place = this.placeAt(at, scroll);
    this.follower.pointed(place);
    if (place !== null) pin(place);
  }

  menu(at: Point, scroll: Point, page: Point): boolean {
    if (this.menuOfLink(at, scroll, page)) return true;
    const place = this.placeAt(at, scroll);
    const items = place ? tokenItems(place) : [];
    openMenu(l10n.t('Switch off'), items, page);
    return items.length > 0;
  }

  private menuOfLink(at: Point, scroll: Point, page: Point): boolean {
    const link = this.linkUnder(at, scroll);
    const of = drawnFocus.peek()?.of;
    if (!link || !of) return false;
    const head = of.heads[link.head];
    const meant: LinkOf = { query: link.query, key: link.key, heads: of.average || head === undefined ? of.heads : [head] };
    const items = linkItems(meant);
    openMenu(linkLabel(meant), items, page);
    return items.length > 0;
  }

  /** The link of the focused token that is at a point; close to the tokens all lie together, and none is meant. */
  private linkUnder(at: Point, scroll: Point): CutLink | null {
    const { layout } = this;
    const focus = drawnFocus.peek();
    if (!layout || !focus || !canIntervene.peek()) return null;
    const vertical = layout.of.layout === 'vertical';
    const along = vertical ? scroll.y : scroll.x;
    const spines = layout.kind === 'one' ? [layout.of.spine] : [layout.of.queries.spine, layout.of.keys.spine];
    if (spines.some((spine) => Math.abs((vertical ? at.x : at.y) - spine) < crowded)) return null;
    const links = focus.focus.links.map(({ unit, head }): CutLink => (focus.focus.direction === 'from' ? { query: focus.focus.unit, key: unit, head } : { query: unit, key: focus.focus.unit, head }));
    const heads = rowsOf(focus.of);
    return linkAt(links, (layout.kind === 'one' ? arcs(layout.of, along, heads) : bridges(layout.of, along, heads)).path, at);
  }

  zoom(factor: number, at: Point, scroll: Point): void {
    const { layout, frame } = this;
    if (!layout || !frame) return;
    const { of } = layout;
    const vertical = of.layout === 'vertical';
    const along = vertical ? at.y : at.x;
    const fitting = layoutOf(queryLabels.peek(), keyLabels.peek(), of.layout, 0, theme.peek(), frame).of.pitch;
    const { first, span } = extentOf(layout);
    this.anchor = { place: (along + (vertical ? scroll.y : scroll.x) - first) / span, along };
    setView({ spacing: zoomedSpacing(of.pitch, factor, fitting) });
  }

  private placeAt(at: Point, scroll: Point): Place | null {
    const { layout } = this;
    if (!layout) return null;
    const along = layout.of.layout === 'vertical' ? scroll.y : scroll.x;
    const found = layout.kind === 'one' ? oneSided(graphUnitAt(layout.of, at, along)) : crossUnitAt(layout.of, at, along);
    if (!found) return null;
    const sequence = found.side === 'queries' ? queries.peek() : keys.peek();
    const unit = unitsOf(sequence)[found.unit];
    return unit ? { sequence, token: unit.firstToken } : null;
  }

  private wantedScroll(layout: Layout, scroll: number): number | null {
    const place = this.follower.take();
    if (this.anchor) {
      const { place: share, along } = this.anchor;
      this.anchor = null;
      const { first, span } = extentOf(layout);
      return first + share * span - along;
    }
    if (place === null || (place.sequence !== queries.value && place.sequence !== keys.value)) return null;
    const side = layout.kind === 'one' ? layout.of : { ...layout.of[place.sequence === queries.value ? 'queries' : 'keys'], length: layout.of.length };
    return scrollToShow(side, unitOf(place), scroll);
  }
}

/** Where units begin along the axis, and how far they go: the margins around them do not grow with zoom. */
function extentOf(layout: Layout): { readonly first: number; readonly span: number } {
  const { edges } = layout.kind === 'one' ? layout.of : layout.of.keys;
  const first = edges[0] ?? 0;
  return { first, span: Math.max(1, (edges.at(-1) ?? 0) - first) };
}

function oneSided(unit: number | null): { readonly side: 'keys'; readonly unit: number } | null {
  return unit === null ? null : { side: 'keys', unit };
}

function drawn(layout: Layout, scroll: number, frame: Frame, pointed: CutLink | null): Drawing {
  const data = { ...graphData(), pointed };
  return layout.kind === 'one' ? attentionGraph(data, layout.of, scroll, theme.value, frame) : crossGraph(data, layout.of, scroll, theme.value, frame);
}

function graphData(): GraphData {
  const focused = drawnFocus.value;
  const all = drawnLinks.value;
  const of = focused?.of ?? all?.ask;
  return {
    queryLabels: queryLabels.value,
    keyLabels: keyLabels.value,
    part: partShown(shown.value?.info.model),
    layer: of?.layer ?? view.value.layer,
    heads: of?.heads ?? [],
    average: of?.average ?? false,
    sink: view.value.sink,
    links: all?.value ?? null,
    focus: focused ? withLitLink(focused.focus, litLink.value) : null,
    signed: showing.value === 'difference',
    cut: drawnCuts.value,
  };
}
