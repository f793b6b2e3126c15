/** The labels of the attention graph: which ones have room, and how they look. */
import type { Theme } from '../theme.ts';
import type { Mark, Measure, RectMark, TextMark, Turn } from './drawing.ts';
import type { Emphasis } from './focus.ts';
import { labelGap, percentGutter, slant, unitCentre, type GraphLayout } from './graphLayout.ts';
import type { UnitLabel } from './labels.ts';
import { signColor } from './graphLinks.ts';
import { changeText, percentText } from './percent.ts';
import { strength } from './weights.ts';

/** So many partners at most have their weight beside them. */
const mostPercents = 8;

export interface LabelInput {
  /** `unit → along`, of the labels that are drawn. */
  readonly places: ReadonlyMap<number, number>;
  /** `unit → weight`, of those that have it beside them. */
  readonly percents: ReadonlyMap<number, string>;
  readonly layout: GraphLayout;
  readonly scroll: number;
  readonly labels: readonly UnitLabel[];
  readonly focus: Emphasis | null;
  /** The first token's links are faint or gone. */
  readonly quietSink: boolean;
  readonly theme: Theme;
}

/** The weights of the strongest partners that are seen, once they are exact, as far as there is room for them. */
export function placePercents(layout: GraphLayout, places: ReadonlyMap<number, number>, focus: Emphasis | null, measure: Measure): Map<number, string> {
  const percents = new Map<number, string>();
  if (!focus?.exact && focus?.signed !== true) return percents;
  const sideBySide = layout.layout === 'horizontal' && !layout.slanted;
  const taken: { readonly from: number; readonly to: number }[] = [];
  for (const { unit, weight } of focus.partners) {
    if (percents.size === mostPercents) break;
    const along = places.get(unit);
    if (along === undefined) continue;
    const text = focus.signed === true ? changeText(weight) : percentText(weight);
    const half = measure(text, percentSize(layout)) / 2 + 1;
    if (sideBySide && taken.some(({ from, to }) => along - half < to && along + half > from)) continue;
    taken.push({ from: along - half, to: along + half });
    percents.set(unit, text);
  }
  return percents;
}

/** Below the labels of a line, where numbers stand side by side, in smaller type. */
function percentSize(layout: GraphLayout): number {
  return layout.layout === 'horizontal' ? layout.labelSize * 0.8 : layout.labelSize;
}

/** Bands behind the focused unit and its partners; drawn below the arcs. */
export function bandMarks(input: LabelInput): Mark[] {
  const { focus, places, theme } = input;
  if (!focus) return [];
  const marks: Mark[] = [];
  for (const { unit, weight } of focus.partners) {
    const along = places.get(unit);
    if (unit === focus.unit || along === undefined) continue;
    const faint = input.quietSink && unit === 0 ? 0.3 : 1;
    marks.push({ mark: 'rect', ...band(input, unit, along), fill: focus.signed === true ? signColor(theme, weight) : theme.accent, opacity: faint * 0.45 * strength(Math.abs(weight)) });
  }
  const along = focus.unit === null ? undefined : places.get(focus.unit);
  if (focus.unit !== null && along !== undefined) {
    const own = band(input, focus.unit, along);
    marks.push({ mark: 'rect', ...own, fill: theme.selection, opacity: highContrast(theme) ? 0.35 : 0.75 });
    marks.push({ mark: 'rect', ...own, stroke: theme.focus, strokeWidth: focus.pinned ? 2 : 1 });
  }
  return marks;
}

/** Labels, their weights, and a line to where a label belongs that had to move. */
export function labelMarks(input: LabelInput): Mark[] {
  const { focus, theme } = input;
  const partners = new Set(focus?.partners.map(({ unit }) => unit));
  const marks: Mark[] = [];
  for (const [unit, along] of input.places) {
    const label = input.labels[unit];
    if (!label) continue;
    const isFocus = focus?.unit === unit;
    const quiet = label.tone !== 'text' || (input.quietSink && unit === 0);
    const involved = isFocus || partners.has(unit);
    const color = (focus && !involved) || (quiet && !isFocus) ? theme.muted : theme.foreground;
    marks.push(...leader(input, unit, along));
    marks.push(...labelled(input, unit, along, {
      color,
      size: input.layout.labelSize,
      code: true,
      ...(involved ? { bold: true } : {}),
      ...(label.tone === 'added' ? { italic: true } : {}),
    }));
  }
  return marks;
}

/** From a label that was moved aside to its place on the spine. */
function leader(input: LabelInput, unit: number, along: number): Mark[] {
  const { layout } = input;
  const own = unitCentre(layout, unit) - input.scroll;
  if (Math.abs(own - along) < 2) return [];
  const stroke = { color: input.theme.muted, width: 1 };
  const outside = across(layout, labelGap - 1);
  return layout.layout === 'vertical'
    ? [{ mark: 'line', x0: outside, y0: along, x1: layout.spine, y1: own, ...stroke }]
    : [{ mark: 'line', x0: along, y0: outside, x1: own, y1: layout.spine, ...stroke }];
}

/** So far from the spine on the side of the labels: left of a column, below a line, unless mirrored. */
function across({ layout, spine, mirrored }: GraphLayout, distance: number): number {
  return spine + ((layout === 'vertical') === mirrored ? distance : -distance);
}

type LabelStyle = Pick<TextMark, 'color' | 'size' | 'code' | 'bold' | 'italic'>;

function labelled(input: LabelInput, unit: number, along: number, style: LabelStyle): TextMark[] {
  const { layout, percents, theme } = input;
  const text = layout.labels[unit] ?? '';
  const percent = percents.get(unit);
  const percentStyle = { color: theme.foreground, size: percentSize(layout) };
  if (layout.layout === 'vertical') {
    const anchor = layout.mirrored ? 'start' : 'end';
    const marks: TextMark[] = [{ mark: 'text', x: across(layout, labelGap), y: along, text, anchor, ...style }];
    const x = layout.mirrored ? layout.outer - 4 : percentGutter - labelGap;
    if (percent !== undefined) marks.push({ mark: 'text', x, y: along, text: percent, anchor: 'end', ...percentStyle });
    return marks;
  }
  if (layout.slanted) {
    const words = percent === undefined ? [text] : [percent, text];
    const whole = (layout.mirrored ? words.reverse() : words).join('  ');
    return [{ mark: 'text', x: along, y: across(layout, labelGap), text: whole, anchor: layout.mirrored ? 'start' : 'end', turn: turnOf(layout, along), ...style }];
  }
  const marks: TextMark[] = [{ mark: 'text', x: along, y: across(layout, 6 + style.size * 0.75), text, anchor: 'middle', ...style }];
  if (percent !== undefined) marks.push({ mark: 'text', x: along, y: across(layout, 6 + style.size * 2.2), text: percent, anchor: 'middle', ...percentStyle });
  return marks;
}

/** The strip behind a unit's label. */
function band({ layout, percents }: LabelInput, unit: number, along: number): Pick<RectMark, 'x' | 'y' | 'width' | 'height' | 'turn'> {
  const room = layout.labelRoom[unit] ?? 0;
  if (layout.layout === 'vertical') {
    const edge = across(layout, 4);
    return { x: Math.min(edge, layout.outer), y: along - room / 2, width: Math.abs(layout.outer - edge), height: room };
  }
  if (!layout.slanted) {
    const height = layout.labelSize * 1.5;
    return { x: along - room / 2, y: layout.mirrored ? across(layout, 6) - height : across(layout, 6), width: room, height };
  }
  const turn = turnOf(layout, along);
  // Long enough for a weight beside it.
  const reach = (layout.labelWidth[unit] ?? 0) + (percents.has(unit) ? percentGutter : 4);
  return { x: along - (layout.mirrored ? 3 : reach), y: turn.y - layout.labelSize * 0.58, width: reach + 3, height: layout.labelSize * 1.16, turn };
}

function turnOf(layout: GraphLayout, along: number): Turn {
  return { degrees: slant, x: along, y: across(layout, labelGap) };
}

function highContrast(theme: Theme): boolean {
  return theme.kind === 'hc-dark' || theme.kind === 'hc-light';
}
