/** The attention graph: tokens, and an arc from each query to each key it attends to. */
import type { LinksAnswer, Sink } from '../../src/protocol.ts';
import { headColour } from '../palette.ts';
import type { Theme } from '../theme.ts';
import type { Drawing, Frame, Mark } from './drawing.ts';
import type { Focus } from './focus.ts';
import { edgeMarks } from './graphEdges.ts';
import { bandMarks, labelMarks, placePercents } from './graphLabels.ts';
import type { GraphLayout } from './graphLayout.ts';
import { focusMarks, textureMarks, type ArcStyle } from './graphLinks.ts';
import { placeLabels } from './labelPlacement.ts';
import type { UnitLabel } from './labels.ts';
import { graphSentence } from './sentences.ts';

export interface GraphData {
  readonly labels: readonly UnitLabel[];
  readonly layer: number;
  /** Heads shown, ascending; `links.head` and focus heads count in this list. */
  readonly heads: readonly number[];
  readonly average: boolean;
  readonly sink: Sink;
  readonly links: LinksAnswer | null;
  readonly focus: Focus | null;
}

/** At rest all links as a quiet texture; with a focus only the focused unit's. */
export function attentionGraph(data: GraphData, layout: GraphLayout, scroll: number, theme: Theme, frame: Frame): Drawing {
  const style: ArcStyle = { layout, scroll, colors: linkColors(data, theme), theme, dimSink: data.sink === 'dim' };
  const places = placeLabels(layout, scroll, data.focus);
  const percents = placePercents(layout, places, data.focus, frame.measure);
  const input = { places, percents, layout, scroll, labels: data.labels, focus: data.focus, quietSink: data.sink !== 'show', theme };
  const arcs = data.focus ? focusMarks(data.focus, style) : data.links ? textureMarks(data.links, style) : [];
  return {
    width: frame.width,
    height: frame.height,
    background: theme.background,
    fontFamily: theme.fontFamily,
    codeFamily: theme.codeFamily,
    label: graphSentence(data),
    marks: [
      ...bandMarks(input),
      spineMark(layout, scroll, theme),
      ...arcs,
      ...labelMarks(input),
      ...(data.focus ? edgeMarks(data.focus, layout, scroll, theme, frame) : []),
    ],
  };
}

/** One hue for each head; the average of several has the accent. */
export function linkColors(data: Pick<GraphData, 'heads' | 'average'>, theme: Theme): string[] {
  return data.average && data.heads.length > 1 ? [theme.accent] : data.heads.map((head) => headColour(theme, head));
}

/** The thin line on which all arcs stand: it shows that there are units where labels have no room. */
function spineMark(layout: GraphLayout, scroll: number, theme: Theme): Mark {
  const start = Math.max(0, (layout.edges[0] ?? 0) - scroll);
  const end = Math.min(layout.viewport, (layout.edges[layout.labels.length] ?? 0) - scroll);
  const stroke = { color: theme.border, width: 1 };
  return layout.layout === 'vertical'
    ? { mark: 'line', x0: layout.spine, y0: start, x1: layout.spine, y1: end, ...stroke }
    : { mark: 'line', x0: start, y0: layout.spine, x1: end, y1: layout.spine, ...stroke };
}
