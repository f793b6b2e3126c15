/** The attention graph: tokens, and a link from each query to each key it attends to. */
import type { AttentionPart, LinksAnswer, Sink } from '../../src/protocol.ts';
import { headColour } from '../palette.ts';
import type { Theme } from '../theme.ts';
import { bridges, type CrossLayout } from './crossLayout.ts';
import type { Drawing, Frame, Mark } from './drawing.ts';
import type { Emphasis, Focus } from './focus.ts';
import { edgeMarks } from './graphEdges.ts';
import { bandMarks, labelMarks, placePercents, type LabelInput } from './graphLabels.ts';
import type { GraphLayout } from './graphLayout.ts';
import { cutMarks, type CutLink } from './cutLinks.ts';
import { signLegend } from './differenceLegend.ts';
import { arcs, focusMarks, textureMarks, type LinkStyle } from './graphLinks.ts';
import { placeLabels } from './labelPlacement.ts';
import type { UnitLabel } from './labels.ts';
import { graphSentence } from './sentences.ts';

export interface GraphData {
  /** Units that look, and units that are looked at: the very same within one sequence. */
  readonly queryLabels: readonly UnitLabel[];
  readonly keyLabels: readonly UnitLabel[];
  /** Whose attention it is, where the model has several. */
  readonly part: AttentionPart | null;
  readonly layer: number;
  /** Heads shown, ascending; `links.head` and focus heads count in this list. */
  readonly heads: readonly number[];
  readonly average: boolean;
  readonly sink: Sink;
  readonly links: LinksAnswer | null;
  readonly focus: Focus | null;
  /** Weights are changes, after − before. */
  readonly signed?: boolean;
  /** Links that an experiment cuts: `head` counts in `heads`. */
  readonly cut?: readonly CutLink[];
  /** The link under the pointer. */
  readonly pointed?: CutLink | null;
}

/** At rest all links as a quiet texture; with a focus only the focused unit's. */
export function attentionGraph(data: GraphData, layout: GraphLayout, scroll: number, theme: Theme, frame: Frame): Drawing {
  const input = labelInput(layout, scroll, data.keyLabels, data.focus, data.sink !== 'show', theme, frame);
  return drawn(data, theme, frame, [
    ...bandMarks(input),
    spineMark(layout, scroll, theme),
    ...linkMarks(data, theme, (heads) => arcs(layout, scroll, heads)),
    ...labelMarks(input),
    ...(data.focus ? edgeMarks(data.focus.partners, data.focus.exact, layout, scroll, theme, frame) : []),
  ]);
}

/** The same between two sequences. */
export function crossGraph(data: GraphData, layout: CrossLayout, scroll: number, theme: Theme, frame: Frame): Drawing {
  const { queries, keys } = layout;
  const { focus } = data;
  const own: Emphasis | null = focus && { ...focus, partners: [], exact: null };
  const other: Emphasis | null = focus && { ...focus, unit: null };
  const fromQuery = focus?.direction === 'from';
  const inputs = [
    labelInput(queries, scroll, data.queryLabels, fromQuery ? own : other, false, theme, frame),
    labelInput(keys, scroll, data.keyLabels, fromQuery ? other : own, data.sink !== 'show', theme, frame),
  ];
  return drawn(data, theme, frame, [
    ...inputs.flatMap(bandMarks),
    spineMark(queries, scroll, theme),
    spineMark(keys, scroll, theme),
    ...linkMarks(data, theme, (heads) => bridges(layout, scroll, heads)),
    ...inputs.flatMap(labelMarks),
    ...(focus ? edgeMarks(focus.partners, focus.exact, fromQuery ? keys : queries, scroll, theme, frame, layout) : []),
  ]);
}

function labelInput(layout: GraphLayout, scroll: number, labels: readonly UnitLabel[], focus: Emphasis | null, quietSink: boolean, theme: Theme, frame: Frame): LabelInput {
  const places = placeLabels(layout, scroll, focus);
  return { places, percents: placePercents(layout, places, focus, frame.measure), layout, scroll, labels, focus, quietSink, theme };
}

function linkMarks(data: GraphData, theme: Theme, paths: (heads: number) => Pick<LinkStyle, 'oneSequence' | 'seen' | 'path'>): Mark[] {
  const colors = linkColors(data, theme);
  const style: LinkStyle = { colors, signed: data.signed === true, theme, dimSink: data.sink === 'dim' && data.signed !== true, ...paths(colors.length) };
  const links = data.focus ? focusMarks(data.focus, style) : data.links ? textureMarks(data.links, style) : [];
  const { pointed } = data;
  const path = pointed && style.path(pointed.query, pointed.key, pointed.head);
  return [...links, ...(path ? [{ mark: 'curve' as const, ...path, color: theme.foreground, width: 2.5, opacity: 1 }] : []), ...cutMarks(data.cut ?? [], style)];
}

function drawn(data: GraphData, theme: Theme, frame: Frame, marks: readonly Mark[]): Drawing {
  return { width: frame.width, height: frame.height, background: theme.background, fontFamily: theme.fontFamily, codeFamily: theme.codeFamily, label: graphSentence(data), marks: data.signed === true ? [...marks, ...signLegend(theme, frame)] : marks };
}

/** One hue for each head; the average of several has the accent. */
export function linkColors(data: Pick<GraphData, 'heads' | 'average'>, theme: Theme): string[] {
  return data.average && data.heads.length > 1 ? [theme.accent] : data.heads.map((head) => headColour(theme, head));
}

/** The thin line on which links stand: it shows that there are units where labels have no room. */
function spineMark(layout: GraphLayout, scroll: number, theme: Theme): Mark {
  const start = Math.max(0, (layout.edges[0] ?? 0) - scroll);
  const end = Math.min(layout.viewport, (layout.edges[layout.labels.length] ?? 0) - scroll);
  const stroke = { color: theme.border, width: 1 };
  return layout.layout === 'vertical'
    ? { mark: 'line', x0: layout.spine, y0: start, x1: layout.spine, y1: end, ...stroke }
    : { mark: 'line', x0: start, y0: layout.spine, x1: end, y1: layout.spine, ...stroke };
}
