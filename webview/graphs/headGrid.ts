/** The head grid: the pattern of every head of every layer as a thumbnail. */
import * as l10n from '@vscode/l10n';
import type { HeadChange, LayerSummary, ViewState } from '../../src/protocol.ts';
import type { Theme } from '../theme.ts';
import { changeThumbnail, divergingPalette, rampPalette, thumbnailBitmap } from './bitmaps.ts';
import type { Bitmap, Drawing, Frame, Mark } from './drawing.ts';
import type { KeyGroup } from './keyGroups.ts';
import { orderHeads, type HeadPlace } from './headOrder.ts';
import { tagLetter, tagOf } from './headTags.ts';
import { percentText } from './percent.ts';

export interface HeadGridData {
  readonly layers: number;
  readonly heads: number;
  /** Heads that share keys. */
  readonly groups: readonly KeyGroup[];
  /** Width of a pattern for its height: keys to queries. */
  readonly aspect: number;
  readonly summaries: readonly LayerSummary[];
  readonly sort: ViewState['gridSort'];
  readonly selected: { readonly layer: number; readonly heads: readonly number[] };
  /** Whether a head is switched off. */
  readonly off?: (layer: number, head: number) => boolean;
  /** Whether a filter leaves a head; the others are faded. */
  readonly left?: (layer: number, head: number) => boolean;
  /** Thumbnails are of what changes, after − before: undefined for heads that are still to come. */
  readonly changes?: ((layer: number, head: number) => HeadChange | undefined) | null;
}

export interface HeadGridLayout {
  readonly places: readonly HeadPlace[];
  readonly columns: number;
  /** Size of a thumbnail. */
  readonly wide: number;
  readonly high: number;
  /** Distance from thumbnail to thumbnail. */
  readonly stepX: number;
  readonly stepY: number;
  /** Room for the names of rows and columns. */
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly textSize: number;
}

const gap = 3;

/** Thumbnails are no larger than this either way, with the room between them, pixels. */
export const largestThumbnail = 48;

/** Smaller thumbnails have no room for a letter, pixels. */
const leastTagged = 16;

/** Room for the brackets over heads that share keys. */
const bracketRoom = 6;

/** Layers are rows and heads columns, as large as the frame allows; sorted by a score they flow in lines. */
export function layoutHeadGrid(data: Pick<HeadGridData, 'layers' | 'heads' | 'groups' | 'aspect' | 'summaries' | 'sort'>, theme: Theme, frame: Frame): HeadGridLayout {
  const places = orderHeads(data.layers, data.heads, data.summaries, data.sort);
  const textSize = Math.max(9, theme.fontSize - 2);
  // Neither a thread nor a bar: beyond this, cells are no longer square.
  const aspect = Math.max(0.4, Math.min(2.5, data.aspect));
  if (data.sort !== 'layer') {
    const stepX = Math.ceil(frame.measure(`${data.layers - 1}.${data.heads - 1} · 100 %`, textSize * 0.9)) + gap;
    const columns = Math.max(1, Math.min(places.length, Math.floor(frame.width / stepX)));
    const { wide, high } = fitted(aspect, Math.min(largestThumbnail, stepX - 2 * gap), Math.min(largestThumbnail, stepX - 2 * gap));
    const stepY = high + textSize + 3 * gap;
    return { places, columns, wide, high, stepX, stepY, left: gap, top: gap, width: columns * stepX, height: Math.ceil(places.length / columns) * stepY + gap, textSize };
  }
  const left = Math.ceil(frame.measure(`L${data.layers - 1}`, textSize)) + 4 * gap;
  const top = textSize + 2 * gap + (data.groups.length > 0 ? bracketRoom : 0);
  const byWidth = Math.max(9, Math.min(largestThumbnail, Math.floor((frame.width - left - gap) / data.heads)));
  const byHeight = Math.max(18, Math.min(largestThumbnail, Math.floor((frame.height - top - gap) / data.layers)));
  const { wide, high } = fitted(aspect, byWidth - gap, byHeight - gap);
  return { places, columns: data.heads, wide, high, stepX: wide + gap, stepY: high + gap, left, top, width: left + data.heads * (wide + gap), height: top + data.layers * (high + gap) + gap, textSize };
}

/** The largest size of that aspect within a room. */
function fitted(aspect: number, width: number, height: number): { wide: number; high: number } {
  const wide = Math.min(width, height * aspect);
  return { wide: Math.max(4, Math.floor(wide)), high: Math.max(4, Math.floor(wide / aspect)) };
}

/** Top left corner of the thumbnail in a place. */
export function thumbnailCorner(layout: HeadGridLayout, at: number): { x: number; y: number } {
  const inset = Math.floor((layout.stepX - layout.wide) / 2);
  return { x: layout.left + (at % layout.columns) * layout.stepX + (layout.left > gap ? 0 : inset), y: layout.top + Math.floor(at / layout.columns) * layout.stepY };
}

export function headGrid(data: HeadGridData, layout: HeadGridLayout, theme: Theme, frame: Frame): Drawing {
  const marks: Mark[] = data.sort === 'layer' ? nameMarks(data, layout, theme, frame) : [];
  layout.places.forEach((place, at) => {
    const { x, y } = thumbnailCorner(layout, at);
    const { wide, high } = layout;
    const bitmap = bitmapOf(place, data, theme);
    if (bitmap) marks.push({ mark: 'bitmap', x, y, width: wide, height: high, bitmap });
    marks.push(...tagMarks(place, x, y, layout, theme));
    if (data.left?.(place.layer, place.head) === false) marks.push({ mark: 'rect', x, y, width: wide, height: high, fill: theme.background, opacity: 0.85 });
    if (data.off?.(place.layer, place.head) === true) marks.push(...offMarks(x, y, layout, theme));
    const chosen = isSelected(data, place);
    marks.push({ mark: 'rect', x: x - 0.5, y: y - 0.5, width: wide + 1, height: high + 1, stroke: theme.border });
    if (data.sort === 'layer') return;
    const name = `${place.layer}.${place.head}`;
    const text = place.summary ? l10n.t('{0} · {1}', name, scoreNumber(data.sort, place.summary.scores[data.sort])) : name;
    marks.push({ mark: 'text', x: x + wide / 2, y: y + high + gap + layout.textSize / 2, text, color: chosen ? theme.foreground : theme.muted, size: layout.textSize, anchor: 'middle', ...(chosen ? { bold: true } : {}) });
  });
  marks.push(...selectionMarks(data, layout, theme));
  return {
    width: layout.width,
    height: layout.height,
    background: theme.background,
    fontFamily: theme.fontFamily,
    codeFamily: theme.codeFamily,
    label: headGridSentence(data),
    marks,
  };
}

function bitmapOf({ layer, head, summary }: HeadPlace, { changes }: HeadGridData, theme: Theme): Bitmap | null {
  if (!changes) return summary && thumbnailBitmap(summary, rampPalette(theme.ramp));
  const change = changes(layer, head);
  return change ? changeThumbnail(change, divergingPalette(theme.diverging)) : null;
}

/** A share in percent, a distance in tokens, a dash where there is no score. */
export const scoreNumber = (score: ViewState['gridSort'], value: number): string => (Number.isNaN(value) ? '–' : score === 'distance' ? value.toFixed(1) : percentText(value));

/** The letter of what a head does, in the corner that a causal pattern leaves empty. */
function tagMarks({ summary }: HeadPlace, x: number, y: number, { wide, high }: HeadGridLayout, theme: Theme): Mark[] {
  const tag = summary && tagOf(summary.scores);
  if (!tag || wide < leastTagged || high < leastTagged) return [];
  const size = Math.max(9, Math.min(11, high / 2));
  const room = { width: size * 0.85, height: size };
  const corner = { x: x + wide - room.width, y };
  return [
    { mark: 'rect', ...corner, ...room, fill: theme.background, opacity: 0.8 },
    { mark: 'text', x: corner.x + room.width / 2, y: corner.y + room.height / 2 + 0.5, text: tagLetter(tag), size, color: theme.foreground, anchor: 'middle', bold: true },
  ];
}

/** A head that is switched off: faded, and struck through. */
function offMarks(x: number, y: number, { wide, high }: HeadGridLayout, theme: Theme): Mark[] {
  const stroke = { mark: 'line', color: theme.error, width: 2 } as const;
  return [
    { mark: 'rect', x, y, width: wide, height: high, fill: theme.background, opacity: 0.7 },
    { ...stroke, x0: x + 1, y0: y + high - 1, x1: x + wide - 1, y1: y + 1 },
    { ...stroke, x0: x + 1, y0: y + 1, x1: x + wide - 1, y1: y + high - 1 },
  ];
}

function isSelected({ selected }: HeadGridData, place: HeadPlace): boolean {
  return place.layer === selected.layer && selected.heads.includes(place.head);
}

/** An outline around each selected head; in rows one around those that stand side by side. */
function selectionMarks(data: HeadGridData, layout: HeadGridLayout, theme: Theme): Mark[] {
  const marks: Mark[] = [];
  const { places, columns, wide, high } = layout;
  const selected = (at: number): boolean => {
    const place = places[at];
    return place !== undefined && isSelected(data, place);
  };
  for (let at = 0; at < places.length; at++) {
    if (!selected(at)) continue;
    const { x, y } = thumbnailCorner(layout, at);
    while (data.sort === 'layer' && (at + 1) % columns !== 0 && selected(at + 1)) at++;
    const end = thumbnailCorner(layout, at).x + wide;
    marks.push({ mark: 'rect', x: x - 1, y: y - 1, width: end - x + 2, height: high + 2, stroke: theme.focus, strokeWidth: 2 });
  }
  return marks;
}

/** "L0" beside each layer, "H0" above each head or every so many. */
function nameMarks(data: HeadGridData, layout: HeadGridLayout, theme: Theme, frame: Frame): Mark[] {
  const { stepX, stepY, wide, high, left, top, textSize } = layout;
  const marks: Mark[] = [];
  const chosen = (is: boolean): { color: string; bold?: true } => (is ? { color: theme.foreground, bold: true } : { color: theme.muted });
  const every = Math.max(1, Math.ceil((frame.measure(`H${data.heads - 1}`, textSize) + 2) / stepX));
  for (let head = 0; head < data.heads; head += every) {
    const face = chosen(data.selected.heads.length === 1 && data.selected.heads.includes(head));
    marks.push({ mark: 'text', x: left + head * stepX + wide / 2, y: gap + textSize / 2, text: `H${head}`, size: textSize, anchor: 'middle', ...face });
  }
  const everyLayer = Math.max(1, Math.ceil((textSize + 1) / stepY));
  for (let layer = 0; layer < data.layers; layer += everyLayer) {
    marks.push({ mark: 'text', x: left - 2 * gap, y: top + layer * stepY + high / 2, text: `L${layer}`, size: textSize, anchor: 'end', ...chosen(layer === data.selected.layer) });
  }
  // A bracket over the heads that share keys.
  for (const { first, last } of data.groups) {
    const [x0, x1, y] = [left + first * stepX + 0.5, left + last * stepX + wide - 0.5, top - 3.5];
    const line = { mark: 'line', color: theme.muted, width: 1 } as const;
    marks.push({ ...line, x0, y0: y, x1, y1: y }, { ...line, x0, y0: y, x1: x0, y1: y + 3 }, { ...line, x0: x1, y0: y, x1, y1: y + 3 });
  }
  return marks;
}

/** The head grid in one sentence. */
export function headGridSentence(data: HeadGridData): string {
  const { layers, heads, summaries, sort } = data;
  if (summaries.length < layers) return l10n.t('All heads: {0} of {1} layers have arrived.', summaries.length, layers);
  switch (sort) {
    case 'layer':
      return l10n.t('All heads: {0} layers in rows, {1} heads in columns.', layers, heads);
    case 'entropy':
      return l10n.t('All {0} heads, the most focused first.', layers * heads);
    case 'first':
      return l10n.t('All {0} heads, the largest share on the first token first.', layers * heads);
    case 'previous':
      return l10n.t('All {0} heads, the largest share on the previous token first.', layers * heads);
    case 'self':
      return l10n.t('All {0} heads, the largest share on the token itself first.', layers * heads);
    case 'same':
      return l10n.t('All {0} heads, the largest share on the same token elsewhere first.', layers * heads);
    case 'induction':
      return l10n.t('All {0} heads, the strongest induction first.', layers * heads);
    case 'punctuation':
      return l10n.t('All {0} heads, the largest share on punctuation first.', layers * heads);
    case 'distance':
      return l10n.t('All {0} heads, those that look farthest first.', layers * heads);
  }
}
