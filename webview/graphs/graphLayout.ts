/**
 * Where the units of the attention graph are. Both layouts are computed along one axis, the
 * direction of reading, and across it, the direction in which arcs bulge: down and rightward for
 * the column, rightward and up for the line.
 */
import { bisectRight } from 'd3-array';
import type { ViewState } from '../../src/protocol.ts';
import type { Theme } from '../theme.ts';
import type { Frame } from './drawing.ts';
import { fitText, type UnitLabel } from './labels.ts';

export interface GraphLayout {
  readonly layout: ViewState['layout'];
  /** `[unit + 1]` where each unit begins and the last ends, along the axis, unscrolled. */
  readonly edges: Float64Array;
  /** Mean distance from unit to unit. */
  readonly pitch: number;
  /** Length of the whole picture, and of the part that is seen, along the axis. */
  readonly length: number;
  readonly viewport: number;
  /** Where arcs begin: x of the column's right edge, or y of the line's top edge. */
  readonly spine: number;
  /** How far an arc may bulge. */
  readonly depth: number;
  readonly labelSize: number;
  /** Labels as they fit, `[unit]`. */
  readonly labels: readonly string[];
  /** Room a label takes along the axis, `[unit]`. */
  readonly labelRoom: Float64Array;
  /** Width of each label in bold, `[unit]`. */
  readonly labelWidth: Float64Array;
  /** Labels of a tight line hang at a slant. */
  readonly slanted: boolean;
  /** How far labels and weights reach beyond the spine. */
  readonly labelDepth: number;
  /** Labels are on the far side of the spine: right of a column, above a line. */
  readonly mirrored: boolean;
  /** The frame's edge on the labels' side, across the axis. */
  readonly outer: number;
  /** No label's middle is nearer to the beginning of the frame: a slanted one reaches back. */
  readonly labelsFrom: number;
}

/** The slant of labels, degrees. */
export const slant = -60;
const slantSine = Math.sin((60 * Math.PI) / 180);
const slantCosine = Math.cos((60 * Math.PI) / 180);

/** Room left of the column for "100 %". */
export const percentGutter = 50;

const margin = 10;
/** Between a label and the spine. */
export const labelGap = 12;

/** `spacing` in pixels from unit to unit; 0 fits everything into the frame. */
export function layoutGraph(labels: readonly UnitLabel[], choice: Pick<ViewState, 'layout' | 'spacing'>, theme: Theme, frame: Frame): GraphLayout {
  return choice.layout === 'vertical' ? column(labels, choice.spacing, theme, frame) : line(labels, choice.spacing, theme, frame);
}

function column(labels: readonly UnitLabel[], spacing: number, theme: Theme, frame: Frame): GraphLayout {
  const count = Math.max(1, labels.length);
  const pitch = spacing > 0 ? spacing : Math.min(theme.codeSize * 3, (frame.height - 2 * margin) / count);
  const labelSize = Math.max(Math.min(10, theme.codeSize), Math.min(theme.codeSize, Math.floor(pitch / 1.3)));
  const widest = Math.min(180, Math.max(40, frame.width * 0.34));
  const texts = labels.map((label) => fitText(label.text, labelSize, widest, frame.measure));
  const widths = texts.map((text) => frame.measure(text, labelSize, true));
  const spine = Math.round(percentGutter + Math.max(0, ...widths) + labelGap);
  const edges = Float64Array.from({ length: labels.length + 1 }, (_, unit) => margin + unit * pitch);
  return {
    layout: 'vertical',
    edges,
    pitch,
    length: 2 * margin + labels.length * pitch,
    viewport: frame.height,
    spine,
    depth: Math.max(24, frame.width - spine - margin),
    labelSize,
    labels: texts,
    labelRoom: new Float64Array(labels.length).fill(Math.ceil(labelSize * 1.25)),
    labelWidth: Float64Array.from(widths),
    slanted: false,
    labelDepth: spine,
    mirrored: false,
    outer: 0,
    labelsFrom: 0,
  };
}

function line(labels: readonly UnitLabel[], spacing: number, theme: Theme, frame: Frame): GraphLayout {
  const labelSize = theme.codeSize;
  const texts = labels.map((label) => fitText(label.text, labelSize, 120, frame.measure));
  const widths = texts.map((text) => frame.measure(text, labelSize, true));
  const widest = Math.max(0, ...widths);
  const natural = widths.map((width) => Math.max(18, width + 10));
  const naturalPitch = natural.reduce((sum, width) => sum + width, 0) / Math.max(1, labels.length);
  const fitting = Math.min(naturalPitch * 1.6, (frame.width - 2 * margin) / Math.max(1, labels.length));
  // Labels stand upright as long as each has a little more than its own width.
  const tightest = natural.reduce((most, room, unit) => Math.max(most, ((widths[unit] ?? 0) + 2) / room), 0);
  const slanted = (spacing > 0 ? spacing : fitting) < naturalPitch * tightest;
  // A slanted label with its weight reaches back by its cosine: the first ones need that room.
  const before = slanted ? margin + Math.min(widest + percentGutter, 150) * slantCosine : margin;
  const pitch = spacing > 0 ? spacing : slanted ? (frame.width - before - margin) / Math.max(1, labels.length) : fitting;
  const edges = new Float64Array(labels.length + 1);
  edges[0] = before;
  natural.forEach((width, unit) => {
    edges[unit + 1] = (edges[unit] ?? 0) + (slanted ? pitch : (width * pitch) / naturalPitch);
  });
  const below = slanted ? (widest + percentGutter) * slantSine + labelSize : 3.2 * labelSize;
  const length = (edges[labels.length] ?? 0) + margin;
  // A short line in a tall frame keeps its arcs round instead of hanging at the bottom.
  const depth = Math.max(24, Math.min(frame.height - below - 2 * margin, 0.6 * Math.min(length, frame.width)));
  return {
    layout: 'horizontal',
    edges,
    pitch,
    length,
    viewport: frame.width,
    spine: Math.round(depth + margin),
    depth,
    labelSize,
    labels: texts,
    labelRoom: Float64Array.from(widths, (width) => (slanted ? (labelSize * 1.15) / slantSine : width + 2)),
    labelWidth: Float64Array.from(widths),
    slanted,
    labelDepth: below,
    mirrored: false,
    outer: frame.height,
    labelsFrom: slanted ? before : 0,
  };
}

/** Middle of a unit along the axis, unscrolled. */
export function unitCentre(layout: GraphLayout, unit: number): number {
  return ((layout.edges[unit] ?? 0) + (layout.edges[unit + 1] ?? 0)) / 2;
}

/** The unit at a point of the frame, wherever across the axis; null beyond the first and the last. */
export function graphUnitAt(layout: GraphLayout, point: { readonly x: number; readonly y: number }, scroll: number): number | null {
  const along = (layout.layout === 'vertical' ? point.y : point.x) + scroll;
  const unit = bisectRight(layout.edges, along) - 1;
  return unit >= 0 && unit < layout.labels.length ? unit : null;
}

/** First and one-past-last unit of which anything is seen. */
export function visibleUnits(layout: GraphLayout, scroll: number): readonly [number, number] {
  const first = Math.max(0, bisectRight(layout.edges, scroll) - 1);
  const end = Math.min(layout.labels.length, bisectRight(layout.edges, scroll + layout.viewport));
  return [first, end];
}

/** The scroll position nearest to `scroll` at which the unit and a little around it is seen. */
export function scrollToShow(layout: GraphLayout, unit: number, scroll: number): number {
  const around = Math.min(2 * layout.pitch, layout.viewport / 4);
  const least = (layout.edges[unit + 1] ?? 0) + around - layout.viewport;
  const most = (layout.edges[unit] ?? 0) - around;
  const furthest = Math.max(0, layout.length - layout.viewport);
  return Math.max(0, Math.min(furthest, Math.max(least, Math.min(scroll, most))));
}
