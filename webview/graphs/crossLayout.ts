/**
 * Where the units of two sequences are, and the links between them: the units that look above or
 * left, those that are looked at below or right, both along the same axis and scrolled together.
 */
import type { ViewState } from '../../src/protocol.ts';
import type { Theme } from '../theme.ts';
import type { Frame } from './drawing.ts';
import { layoutGraph, unitCentre, visibleUnits, type GraphLayout } from './graphLayout.ts';
import type { LinkPath, LinkStyle } from './graphLinks.ts';
import type { UnitLabel } from './labels.ts';

export interface CrossLayout {
  readonly layout: ViewState['layout'];
  readonly queries: GraphLayout;
  readonly keys: GraphLayout;
  /** Length of the whole picture, and of the part that is seen, along the axis. */
  readonly length: number;
  readonly viewport: number;
  readonly pitch: number;
}

export type CrossSide = 'queries' | 'keys';

/** So much further apart the units of the shorter sequence may be, so that it spans as far as the longer one. */
const mostStretch = 3;

const margin = 10;
const leastGap = 40;

/** `spacing` in pixels from unit to unit of the longer sequence; 0 fits everything into the frame. */
export function layoutCross(queryLabels: readonly UnitLabel[], keyLabels: readonly UnitLabel[], choice: Pick<ViewState, 'layout' | 'spacing'>, theme: Theme, frame: Frame): CrossLayout {
  // Two columns share the width: labels of each have less.
  const own = choice.layout === 'vertical' ? { ...frame, width: frame.width * 0.62 } : frame;
  const first = layoutGraph(queryLabels, choice, theme, own);
  const second = layoutGraph(keyLabels, choice, theme, own);
  const length = Math.max(first.length, second.length);
  const [a, b] = [stretched(first, length), stretched(second, length)];
  const [queries, keys] = choice.layout === 'vertical' ? columns(a, b, frame) : lines(a, b, length, frame);
  return { layout: choice.layout, queries, keys, length, viewport: first.viewport, pitch: Math.min(queries.pitch, keys.pitch) };
}

/** Column of queries left, of keys right with its labels on the other side. */
function columns(queries: GraphLayout, keys: GraphLayout, frame: Frame): [GraphLayout, GraphLayout] {
  const right = Math.max(queries.spine + leastGap, Math.min(frame.width - keys.labelDepth, queries.spine + Math.max(320, frame.width * 0.5)));
  return [queries, { ...keys, spine: right, mirrored: true, outer: right + keys.labelDepth }];
}

/** Line of queries above with its labels over it, of keys below. */
function lines(queries: GraphLayout, keys: GraphLayout, length: number, frame: Frame): [GraphLayout, GraphLayout] {
  const top = Math.round(queries.labelDepth + margin);
  const room = frame.height - top - keys.labelDepth - margin;
  const gap = Math.max(leastGap, Math.min(room, 0.5 * Math.min(length, frame.width)));
  // Slanted labels over a line reach forward: the room that others keep before them is kept behind.
  const shift = queries.labelsFrom > 0 ? queries.labelsFrom - margin : 0;
  return [
    { ...queries, edges: queries.edges.map((edge) => edge - shift), spine: top, mirrored: true, outer: 0, labelsFrom: 0 },
    { ...keys, spine: Math.round(top + gap) },
  ];
}

/** The units spread over `length`, as far as that does not tear them apart, else in the middle of it. */
function stretched(layout: GraphLayout, length: number): GraphLayout {
  const before = layout.edges[0] ?? 0;
  const span = (layout.edges.at(-1) ?? 0) - before;
  if (span <= 0 || layout.length >= length) return layout;
  const factor = Math.min(mostStretch, (length - before - margin) / span);
  const offset = (length - before - margin - span * factor) / 2;
  return { ...layout, edges: layout.edges.map((edge) => before + offset + (edge - before) * factor), pitch: layout.pitch * factor, labelRoom: layout.labelRoom, length };
}

/** The unit nearest to a point of the frame: of the sequence whose side it is on; null beyond the ends. */
export function crossUnitAt(layout: CrossLayout, point: { readonly x: number; readonly y: number }, scroll: number): { readonly side: CrossSide; readonly unit: number } | null {
  const vertical = layout.layout === 'vertical';
  const side: CrossSide = (vertical ? point.x : point.y) < (layout.queries.spine + layout.keys.spine) / 2 ? 'queries' : 'keys';
  const { edges, labels } = layout[side];
  const along = (vertical ? point.y : point.x) + scroll;
  const unit = edges.findLastIndex((edge) => edge <= along);
  return unit >= 0 && unit < labels.length ? { side, unit } : null;
}

/** Links between the two sequences, side by side where they are of several heads. */
export function bridges({ layout, queries, keys }: CrossLayout, scroll: number, heads: number): Pick<LinkStyle, 'oneSequence' | 'seen' | 'path'> {
  const shown = { queries: visibleUnits(queries, scroll), keys: visibleUnits(keys, scroll) };
  const inSight = (side: CrossSide, unit: number): boolean => unit >= shown[side][0] && unit < shown[side][1];
  const apart = (of: GraphLayout, head: number): number => (head - (heads - 1) / 2) * Math.min(2.5, (Math.min(of.pitch, 26) * 0.7) / heads);
  return {
    oneSequence: false,
    seen: (query, key) => inSight('queries', query) || inSight('keys', key),
    path: (query, key, head): LinkPath => {
      const start = unitCentre(queries, query) - scroll + apart(queries, head);
      const stop = unitCentre(keys, key) - scroll + apart(keys, head);
      const middle = (queries.spine + keys.spine) / 2;
      return layout === 'vertical'
        ? { x0: queries.spine, y0: start, cx0: middle, cy0: start, cx1: middle, cy1: stop, x1: keys.spine, y1: stop }
        : { x0: start, y0: queries.spine, cx0: start, cy0: middle, cx1: stop, cy1: middle, x1: stop, y1: keys.spine };
    },
  };
}
