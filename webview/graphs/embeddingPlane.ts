/** Embeddings on a plane: one point for each token of the text, and the neighbours of the chosen one. */
import * as l10n from '@vscode/l10n';
import type { ProjectedToken, ProjectionAnswer } from '../../src/protocol.ts';
import { decimalText } from '../numbers.ts';
import type { Theme } from '../theme.ts';
import type { Drawing, Frame, Mark } from './drawing.ts';
import { fitText, shortLabel } from './labels.ts';
import { percentText } from './percent.ts';
import { placeAround } from './pointLabels.ts';
import { readout } from './tokenRows.ts';

export interface PlaneData {
  readonly answer: ProjectionAnswer;
  /** How each token of the text is written, by its id, and how often it occurs there. */
  readonly inText: ReadonlyMap<number, { readonly label: string; readonly count: number }>;
  /** Ids: the one whose neighbours are shown, and the one in focus. */
  readonly chosen: number | null;
  readonly focus: number | null;
  /** Index of the point under the pointer. */
  readonly pointed: number | null;
}

export interface PlaneLayout {
  /** Size of the whole plane. */
  readonly width: number;
  readonly height: number;
  /** Points on it, `[point]`. */
  readonly points: readonly { readonly x: number; readonly y: number }[];
  /** Where the mean of all embeddings is. */
  readonly origin: { readonly x: number; readonly y: number };
}

const margin = 36;
const widestLabel = 140;
const nearest = 14;

/** Both directions have one scale; at zoom 1 all points are seen. */
export function layoutPlane({ points }: ProjectionAnswer, zoom: number, frame: Frame): PlaneLayout {
  const [width, height] = [frame.width * zoom, frame.height * zoom];
  const across = rangeOf(points.map(({ x }) => x));
  const up = rangeOf(points.map(({ y }) => y));
  const room = { width: Math.max(20, width - 2 * margin * zoom), height: Math.max(20, height - 2 * margin * zoom) };
  const scale = Math.min(room.width / across.size, room.height / up.size);
  const at = (x: number, y: number): { x: number; y: number } => ({ x: width / 2 + (x - across.middle) * scale, y: height / 2 - (y - up.middle) * scale });
  return { width, height, points: points.map(({ x, y }) => at(x, y)), origin: at(0, 0) };
}

function rangeOf(values: readonly number[]): { readonly middle: number; readonly size: number } {
  const [least, most] = [Math.min(...values, 0), Math.max(...values, 0)];
  return { middle: (least + most) / 2, size: Math.max(most - least, 1e-9) };
}

/** The point at a place of the frame, the nearest one; null where none is near. */
export function pointAt({ points }: PlaneLayout, at: { readonly x: number; readonly y: number }, scroll: { readonly x: number; readonly y: number }): number | null {
  let best: number | null = null;
  let least = nearest;
  for (const [index, { x, y }] of points.entries()) {
    const distance = Math.hypot(x - scroll.x - at.x, y - scroll.y - at.y);
    if (distance > least) continue;
    best = index;
    least = distance;
  }
  return best;
}

export function planeDrawing(data: PlaneData, layout: PlaneLayout, scroll: { readonly x: number; readonly y: number }, theme: Theme, frame: Frame): Drawing {
  const { answer } = data;
  const places = layout.points.map(({ x, y }) => ({ x: x - scroll.x, y: y - scroll.y }));
  const pointed = data.pointed === null ? undefined : answer.points[data.pointed];
  const at = data.pointed === null ? undefined : places[data.pointed];
  return {
    width: frame.width,
    height: frame.height,
    background: theme.background,
    fontFamily: theme.fontFamily,
    codeFamily: theme.codeFamily,
    label: planeSentence(data),
    marks: [
      ...axes(answer, { x: layout.origin.x - scroll.x, y: layout.origin.y - scroll.y }, theme, frame),
      ...links(data, places, theme),
      ...dots(data, places, theme, frame),
      ...labels(data, places, theme, frame),
      ...(pointed && at ? readout(pointText(pointed, data), at, theme, frame) : []),
    ],
  };
}

/** Lines through the mean of all embeddings, each with what its direction holds. */
function axes({ variance }: ProjectionAnswer, origin: { readonly x: number; readonly y: number }, theme: Theme, frame: Frame): Mark[] {
  const size = Math.max(9, theme.fontSize - 2);
  const words = { mark: 'text', size, color: theme.muted } as const;
  return [
    { mark: 'line', x0: 0, y0: origin.y, x1: frame.width, y1: origin.y, color: theme.border, width: 1 },
    { mark: 'line', x0: origin.x, y0: 0, x1: origin.x, y1: frame.height, color: theme.border, width: 1 },
    { ...words, x: frame.width - 6, y: frame.height - 10, anchor: 'end', text: l10n.t('→ direction 1: {0} of the variance', percentText(variance[0])) },
    { ...words, x: 6, y: 10, anchor: 'start', text: l10n.t('↑ direction 2: {0} of the variance', percentText(variance[1])) },
  ];
}

/** From the chosen token to its neighbours. */
function links({ answer: { points }, chosen }: PlaneData, places: readonly { readonly x: number; readonly y: number }[], theme: Theme): Mark[] {
  const own = places[points.findIndex(({ id }) => id === chosen)];
  if (!own) return [];
  return points.flatMap(({ inText }, index): Mark[] => {
    const place = places[index];
    return inText || !place ? [] : [{ mark: 'line', x0: own.x, y0: own.y, x1: place.x, y1: place.y, color: theme.border, width: 1 }];
  });
}

function dots({ answer: { points }, chosen, focus }: PlaneData, places: readonly { readonly x: number; readonly y: number }[], theme: Theme, frame: Frame): Mark[] {
  const [ofText = theme.accent, ofOthers = theme.muted] = theme.heads;
  return points.flatMap(({ id, inText }, index): Mark[] => {
    const place = places[index];
    if (!place || place.x < -10 || place.y < -10 || place.x > frame.width + 10 || place.y > frame.height + 10) return [];
    const strong = id === chosen || id === focus;
    return [
      ...(strong ? [{ mark: 'dot', ...place, radius: 8, color: theme.focus, opacity: 1 } as const, { mark: 'dot', ...place, radius: 6, color: theme.background, opacity: 1 } as const] : []),
      { mark: 'dot', ...place, radius: 4, color: inText ? ofText : ofOthers, opacity: 1 },
      ...(inText ? [] : [{ mark: 'dot', ...place, radius: 2.5, color: theme.background, opacity: 1 } as const]),
    ];
  });
}

function labels(data: PlaneData, places: readonly { readonly x: number; readonly y: number }[], theme: Theme, frame: Frame): Mark[] {
  const { points } = data.answer;
  const size = Math.min(theme.codeSize, 12);
  const inSight = (index: number): boolean => {
    const place = places[index];
    return place !== undefined && place.x >= 0 && place.y >= 0 && place.x <= frame.width && place.y <= frame.height;
  };
  const importance = ({ id, inText }: ProjectedToken): number => (id === data.focus ? 0 : id === data.chosen ? 1 : inText ? 3 : 2);
  const order = [...points.keys()].filter(inSight).sort((a, b) => importanceAt(a) - importanceAt(b) || a - b);
  const texts = order.map((index) => fitText(labelOf(points[index], data), size, widestLabel, frame.measure));
  const strong = (index: number): boolean => [data.focus, data.chosen].includes(points[index]?.id ?? -1);
  const placed = placeAround(order.map((index, i) => ({ x: places[index]?.x ?? 0, y: places[index]?.y ?? 0, width: frame.measure(texts[i] ?? '', size, strong(index)), height: size * 1.25 })), frame.width, frame.height - 18);
  return placed.flatMap((place, i): Mark[] => {
    const index = order[i] ?? 0;
    if (!place) return [];
    return [{ mark: 'text', x: place.x, y: place.y, text: texts[i] ?? '', color: points[index]?.inText ? theme.foreground : theme.muted, size, anchor: 'start', code: true, ...(strong(index) ? { bold: true } : {}) }];
  });

  function importanceAt(index: number): number {
    const point = points[index];
    return point ? importance(point) : 9;
  }
}

/** "the ×2" */
function labelOf(point: ProjectedToken | undefined, { inText }: PlaneData): string {
  if (!point) return '';
  const { label, count } = inText.get(point.id) ?? { label: shortLabel(point.text), count: 1 };
  return count > 1 ? `${label} ×${count}` : label;
}

function pointText(point: ProjectedToken, { chosen, answer, inText }: PlaneData): string {
  const own = answer.points.find(({ id }) => id === chosen);
  const text = inText.get(point.id)?.label ?? shortLabel(point.text);
  return own && point.cosine !== null && point.id !== chosen
    ? l10n.t('“{0}”, id {1}: cosine {2} with “{3}”', text, point.id, decimalText(point.cosine, 2), shortLabel(own.text))
    : l10n.t('“{0}”, id {1}: length {2}', text, point.id, decimalText(point.length, 2));
}

/** The picture in one sentence. */
export function planeSentence({ answer: { points, variance }, chosen }: PlaneData): string {
  const share = percentText(variance[0] + variance[1]);
  const count = points.filter(({ inText }) => inText).length;
  const own = points.find(({ id }) => id === chosen);
  if (!own) return l10n.t('Embeddings of {0} different tokens on a plane that holds {1} of their variance.', count, share);
  const near = closest(points, own.id).slice(0, 3).map(({ text, cosine }) => l10n.t('“{0}” ({1})', shortLabel(text), decimalText(cosine ?? 0, 2)));
  return l10n.t('Embeddings of {0} different tokens and of the neighbours of “{1}” on a plane that holds {2} of their variance; nearest to it are {3}.', count, shortLabel(own.text), share, near.join(l10n.t(', ')));
}

/** Neighbours of the chosen token in the whole vocabulary, closest first: those of the text that are as close are among them. */
export function closest(points: readonly ProjectedToken[], chosen: number): ProjectedToken[] {
  const others = points.filter(({ id }) => id !== chosen);
  const furthest = Math.min(...others.filter(({ inText }) => !inText).map(({ cosine }) => cosine ?? 1));
  return others.filter(({ inText, cosine }) => !inText || (cosine ?? -1) >= furthest).sort((a, b) => (b.cosine ?? 0) - (a.cosine ?? 0));
}
