/** The links of the attention graph: all of them, or those of the one unit that is looked at; arcs within one sequence. */
import type { LinksAnswer } from '../../src/protocol.ts';
import type { Theme } from '../theme.ts';
import type { CurveMark, DotMark, Mark } from './drawing.ts';
import type { Focus } from './focus.ts';
import { unitCentre, visibleUnits, type GraphLayout } from './graphLayout.ts';
import { linkOpacity, linkWidth, textureOpacity, textureWidth } from './weights.ts';

/** What is the same for all links of one picture. */
export interface LinkStyle {
  /** A hue for each asked-for head. */
  readonly colors: readonly string[];
  /** Weights are changes: their sign has the hue. */
  readonly signed: boolean;
  readonly theme: Theme;
  readonly dimSink: boolean;
  /** Queries and keys are the same units. */
  readonly oneSequence: boolean;
  /** Whether an end of the link is in sight. */
  readonly seen: (query: number, key: number) => boolean;
  /** From the query's end to the key's. */
  readonly path: (query: number, key: number, head: number) => LinkPath;
}

export type LinkPath = Pick<CurveMark, 'x0' | 'y0' | 'cx0' | 'cy0' | 'cx1' | 'cy1' | 'x1' | 'y1'>;

/** How faint the links to a dimmed first token are. */
const dimmed = 0.22;

/** Every link of which one end is seen. They come strongest first and are drawn the other way round, so that strong ones lie on top. */
export function textureMarks(links: LinksAnswer, style: LinkStyle): Mark[] {
  const drawn: number[] = [];
  for (let link = links.query.length - 1; link >= 0; link--) {
    if (style.seen(links.query[link] ?? 0, links.key[link] ?? 0)) drawn.push(link);
  }
  const widest = Math.min(3, widestLink(style));
  return drawn.map((link) => {
    const signed = links.weight[link] ?? 0;
    const weight = Math.abs(signed);
    const key = links.key[link] ?? 0;
    const faint = style.dimSink && key === 0 ? dimmed : 1;
    return curve(style, links.query[link] ?? 0, key, links.head[link] ?? 0, signed, {
      width: textureWidth(weight, widest),
      opacity: faint * textureOpacity(weight, drawn.length, style.theme.kind),
    });
  });
}

/** The links of the focused unit, with a dot where the key is. */
export function focusMarks(focus: Focus, style: LinkStyle): Mark[] {
  const widest = widestLink(style);
  // The links of the first token itself are what one looks at.
  const ownSink = focus.unit === 0 && (style.oneSequence || focus.direction === 'to');
  const curves: CurveMark[] = [];
  const dots: DotMark[] = [];
  for (const link of focus.links) {
    const query = focus.direction === 'from' ? focus.unit : link.unit;
    const key = focus.direction === 'from' ? link.unit : focus.unit;
    const faint = style.dimSink && key === 0 && !ownSink ? dimmed : 1;
    const weight = Math.abs(link.weight);
    const width = linkWidth(weight, widest);
    const mark = curve(style, query, key, link.head, link.weight, { width, opacity: faint * linkOpacity(weight, style.theme.kind) });
    curves.push(mark);
    dots.push({ mark: 'dot', x: mark.x1, y: mark.y1, radius: 1.25 + width / 2, color: mark.color, opacity: mark.opacity });
  }
  return [...curves, ...dots];
}

/** The hue of what has become less, and of what has become more. */
export const signColor = (theme: Theme, change: number): string => theme.diverging(change < 0 ? -1 : 1);

/** Several heads are drawn side by side, so each gets less. */
function widestLink(style: LinkStyle): number {
  const heads = style.colors.length;
  return heads === 1 ? 6 : Math.max(2.5, 5 - heads / 4);
}

function curve(style: LinkStyle, query: number, key: number, head: number, weight: number, stroke: { width: number; opacity: number }): CurveMark {
  const color = style.signed ? signColor(style.theme, weight) : (style.colors[head] ?? style.theme.accent);
  return { mark: 'curve', ...style.path(query, key, head), color, ...stroke };
}

/** Links within one sequence: arcs over its units. */
export function arcs(layout: GraphLayout, scroll: number, heads: number): Pick<LinkStyle, 'oneSequence' | 'seen' | 'path'> {
  const [first, end] = visibleUnits(layout, scroll);
  const inSight = (unit: number): boolean => unit >= first && unit < end;
  return {
    oneSequence: true,
    seen: (query, key) => inSight(query) || inSight(key),
    path: (query, key, head) => {
      const path = arcPath(layout, query, key, head, heads);
      const start = path.start - scroll;
      const stop = path.end - scroll;
      const out = (path.depth * 4) / 3;
      return layout.layout === 'vertical'
        ? { x0: layout.spine, y0: start, cx0: layout.spine + out, cy0: start, cx1: layout.spine + out, cy1: stop, x1: layout.spine, y1: stop }
        : { x0: start, y0: layout.spine, cx0: start, cy0: layout.spine - out, cx1: stop, cy1: layout.spine - out, x1: stop, y1: layout.spine };
    },
  };
}

export interface ArcPath {
  /** Along the axis, unscrolled: at the query, at the key. */
  readonly start: number;
  readonly end: number;
  /** How far the arc bulges. */
  readonly depth: number;
}

/**
 * Arcs between the same two units lie within one another, one for each head, a little apart, so
 * that none covers another. A unit's link to itself is a small loop.
 */
export function arcPath(layout: GraphLayout, query: number, key: number, head: number, heads: number): ArcPath {
  const from = unitCentre(layout, query);
  const to = unitCentre(layout, key);
  const room = Math.min(layout.pitch, 26);
  const nest = head - (heads - 1) / 2;
  const apart = nest * Math.min(2.5, (room * 0.7) / heads);
  const outward = Math.min(2.5, (0.06 * layout.depth) / heads);
  if (query === key) {
    const half = (room * 0.42 * (head + 1)) / heads;
    return { start: from + half, end: from - half, depth: Math.min(layout.depth, 4 + half + head * outward) };
  }
  const side = from < to ? -1 : 1;
  return {
    start: from + side * apart,
    end: to - side * apart,
    depth: Math.max(3, Math.min(layout.depth, arcDepth(layout, Math.abs(from - to)) + nest * outward)),
  };
}

/**
 * Round for near units, flatter for further ones, so that the longest possible arc just
 * uses the room there is and a longer arc always bulges more.
 */
function arcDepth(layout: GraphLayout, distance: number): number {
  const room = layout.depth * 0.94;
  const flattened = (span: number): number => (room * span) / (span + 2 * room);
  const longest = Math.max(layout.pitch, layout.length);
  return flattened(distance) * Math.min(2.2, room / flattened(longest));
}
