/** The attention map: how much each query (row) attends to each key (column), as colour. */
import * as l10n from '@vscode/l10n';
import type { AttentionPart, ViewState } from '../../src/protocol.ts';
import type { Theme } from '../theme.ts';
import { TRANSPARENT, type Bitmap, type Drawing, type Frame, type Mark } from './drawing.ts';
import type { UnitLabel } from './labels.ts';
import { axisMarks } from './mapAxes.ts';
import type { Cell, MapLayout, MapScroll } from './mapLayout.ts';
import { legendRoom } from './mapLayout.ts';
import { legendMarks } from './mapLegend.ts';
import { changeLegend } from './differenceLegend.ts';
import { changeText, percentText } from './percent.ts';
import { whoseText } from './sentences.ts';

export interface MapData {
  /** The very same within one sequence. */
  readonly queryLabels: readonly UnitLabel[];
  readonly keyLabels: readonly UnitLabel[];
  /** Whose attention it is, where the model has several. */
  readonly part: AttentionPart | null;
  readonly layer: number;
  /** Heads whose average is shown, ascending. */
  readonly heads: readonly number[];
  /** Queries see only keys up to themselves. */
  readonly causal: boolean;
  readonly bitmap: Bitmap | null;
  readonly focus: MapFocus | null;
  /** The cell under the pointer. */
  readonly cell: Cell | null;
  /** Cells are changes, after − before; those that are known exactly. */
  readonly changes?: ReadonlyMap<number, number> | null;
  /** Units that cannot be compared are hatched. */
  readonly apart?: boolean;
  /** Links that an experiment cuts. */
  readonly cut?: readonly Cell[];
}

/** A cell in `changes`. */
export const cellKey = ({ query, key }: Cell, keys: number): number => query * keys + key;

export interface MapFocus {
  readonly unit: number;
  readonly direction: ViewState['direction'];
  readonly pinned: boolean;
  /** The exact row (`from`) or column (`to`), `[unit]`, once it has arrived. */
  readonly weights: Float32Array | null;
}

export function attentionMap(data: MapData, layout: MapLayout, scroll: MapScroll, theme: Theme, frame: Frame): Drawing {
  const strongest = strongestUnits(data.focus, 3);
  const { focus, cell } = data;
  const queries = [...(cell ? [cell.query] : []), ...(focus ? (focus.direction === 'from' ? [focus.unit] : strongest) : [])];
  const keys = [...(cell ? [cell.key] : []), ...(focus ? (focus.direction === 'to' ? [focus.unit] : strongest) : [])];
  const { area } = layout;
  return {
    width: frame.width,
    height: frame.height,
    background: theme.background,
    fontFamily: theme.fontFamily,
    codeFamily: theme.codeFamily,
    label: mapSentence(data),
    marks: [
      { mark: 'clip', ...area, marks: cellMarks(data, layout, scroll, theme) },
      { mark: 'rect', x: area.x - 0.5, y: area.y - 0.5, width: area.width + 1, height: area.height + 1, stroke: theme.border },
      ...axisMarks({ layout, scroll, queryLabels: data.queryLabels, keyLabels: data.keyLabels, queries, keys, theme }),
      ...(data.changes
        ? changeLegend(area.x, Math.min(area.y + area.height, frame.height - legendRoom), data.apart === true ? (data.causal ? l10n.t('left out, or not visible to it') : l10n.t('left out')) : data.causal ? l10n.t('not visible to it') : null, theme, frame)
        : legendMarks(area.x, Math.min(area.y + area.height, frame.height - legendRoom), data.causal, theme, frame)),
      ...readoutMarks(data, layout, scroll, theme, frame),
    ],
  };
}

function cellMarks(data: MapData, layout: MapLayout, scroll: MapScroll, theme: Theme): Mark[] {
  const { area, cell } = layout;
  const x = area.x - scroll.x;
  const y = area.y - scroll.y;
  const wide = cell * layout.keys;
  const high = cell * layout.queries;
  const marks: Mark[] = [];
  if (data.causal || data.apart === true) marks.push({ mark: 'hatch', ...area, color: theme.border, gap: 7 });
  if (data.bitmap) marks.push({ mark: 'bitmap', x, y, width: cell * data.bitmap.columns, height: cell * data.bitmap.rows, bitmap: data.bitmap });
  for (const cut of data.cut ?? []) marks.push(...cross(x + cut.key * cell, y + cut.query * cell, cell, theme));
  const outline = { stroke: theme.focus, strokeWidth: data.focus?.pinned === true ? 2 : 1 };
  const row = (query: number): Mark => ({ mark: 'rect', x: x - 1, y: y + query * cell - 0.5, width: wide + 2, height: cell + 1, ...outline });
  const column = (key: number): Mark => ({ mark: 'rect', x: x + key * cell - 0.5, y: y - 1, width: cell + 1, height: high + 2, ...outline });
  if (data.focus) marks.push(data.focus.direction === 'from' ? row(data.focus.unit) : column(data.focus.unit));
  if (data.cell) {
    const { query, key } = data.cell;
    if (data.focus?.direction === 'to') marks.push(row(query));
    else marks.push(column(key));
    marks.push({ mark: 'rect', x: x + key * cell - 1, y: y + query * cell - 1, width: cell + 2, height: cell + 2, stroke: theme.foreground, strokeWidth: 2 });
  }
  return marks;
}

/** Over a cell whose link is cut. */
function cross(x: number, y: number, cell: number, theme: Theme): Mark[] {
  const stroke = { mark: 'line', color: theme.error, width: 1.5 } as const;
  const inset = Math.min(2, cell / 6);
  const [x0, x1, y0, y1] = [x + inset, x + cell - inset, y + inset, y + cell - inset];
  return [{ ...stroke, x0, y0, x1, y1 }, { ...stroke, x0, y0: y1, x1, y1: y0 }];
}

/** The pointed-at cell in words, beside it. */
function readoutMarks(data: MapData, layout: MapLayout, scroll: MapScroll, theme: Theme, frame: Frame): Mark[] {
  if (!data.cell) return [];
  const text = cellSentence(data, data.cell);
  const width = frame.measure(text, theme.fontSize) + 14;
  const height = theme.fontSize + 10;
  const right = layout.area.x + (data.cell.key + 1) * layout.cell - scroll.x + 10;
  const below = layout.area.y + (data.cell.query + 1) * layout.cell - scroll.y + 10;
  const x = Math.round(Math.max(0, right + width <= frame.width ? right : Math.min(frame.width, right - layout.cell - 20) - width));
  const y = Math.round(below + height <= frame.height ? below : below - layout.cell - 20 - height);
  return [
    { mark: 'rect', x: x + 0.5, y: y + 0.5, width, height, fill: theme.background, stroke: theme.muted },
    { mark: 'text', x: x + 7, y: y + height / 2 + 0.5, text, color: theme.foreground, size: theme.fontSize, anchor: 'start', code: true },
  ];
}

/** One cell in words: exact where the row is known, else as near as the colour is. */
export function cellSentence(data: MapData, cell: Cell): string {
  const query = data.queryLabels[cell.query]?.text ?? '';
  const key = data.keyLabels[cell.key]?.text ?? '';
  if (data.causal && cell.key > cell.query) return l10n.t('{0} cannot see {1}', query, key);
  if (data.changes) return changeOf(data, cell, query, key);
  const exact = exactWeight(data.focus, cell);
  if (exact !== null) return l10n.t('{0} → {1}: {2}', query, key, percentText(exact));
  if (!data.bitmap) return l10n.t('{0} → {1}', query, key);
  const shade = (data.bitmap.cells[cell.query * data.bitmap.columns + cell.key] ?? 0) / 254;
  return l10n.t('{0} → {1}: about {2}', query, key, percentText(shade * shade));
}

/** After − before of a cell: exact where it is among the largest, else as near as the colour is. */
function changeOf({ bitmap, changes }: MapData, cell: Cell, query: string, key: string): string {
  const exact = bitmap && changes?.get(cellKey(cell, bitmap.columns));
  if (exact !== undefined && exact !== null) return l10n.t('{0} → {1}: {2}', query, key, changeText(exact));
  const index = bitmap?.cells[cellKey(cell, bitmap.columns)] ?? TRANSPARENT;
  if (index === TRANSPARENT) return l10n.t('{0} → {1}: left out, nothing to compare', query, key);
  const root = index / 127 - 1;
  return l10n.t('{0} → {1}: about {2}', query, key, changeText(Math.sign(root) * root * root));
}

function exactWeight(focus: MapFocus | null, cell: Cell): number | null {
  if (!focus?.weights) return null;
  const [own, other] = focus.direction === 'from' ? [cell.query, cell.key] : [cell.key, cell.query];
  return own === focus.unit ? (focus.weights[other] ?? null) : null;
}

function strongestUnits(focus: MapFocus | null, count: number): number[] {
  if (!focus?.weights) return [];
  const { weights } = focus;
  return [...weights.keys()].filter((unit) => (weights[unit] ?? 0) > 0).sort((a, b) => (weights[b] ?? 0) - (weights[a] ?? 0)).slice(0, count);
}

/** The attention map in one sentence. */
export function mapSentence(data: MapData): string {
  const which = whoseText(data.part, data.layer, data.heads, data.heads.length > 1);
  if (data.changes) return data.cell ? l10n.t('Map of what the experiments change in attention of {0}: {1}.', which, cellSentence(data, data.cell)) : l10n.t('Map of what the experiments change in attention of {0}.', which);
  if (data.cell) return l10n.t('Attention map of {0}: {1}.', which, cellSentence(data, data.cell));
  const { focus } = data;
  const strongest = strongestUnits(focus, 3);
  if (!focus || strongest.length === 0) return l10n.t('Attention map of {0}: {1} queries by {2} keys.', which, data.queryLabels.length, data.keyLabels.length);
  const [own, others] = focus.direction === 'from' ? [data.queryLabels, data.keyLabels] : [data.keyLabels, data.queryLabels];
  const label = own[focus.unit]?.text ?? '';
  const list = strongest.map((unit) => l10n.t('“{0}” ({1})', others[unit]?.text ?? '', percentText(focus.weights?.[unit] ?? 0))).join(l10n.t(', '));
  return focus.direction === 'from'
    ? l10n.t('Attention map of {0}: “{1}” attends most to {2}.', which, label, list)
    : l10n.t('Attention map of {0}: “{1}” is attended to most by {2}.', which, label, list);
}

/** Mean over the heads of a row or column, `weights[head, unit]` → `[unit]`. */
export function meanOverHeads(weights: Float32Array, heads: number): Float32Array {
  if (heads === 1) return weights;
  const units = weights.length / heads;
  const mean = new Float32Array(units);
  weights.forEach((weight, at) => {
    mean[at % units] = (mean[at % units] ?? 0) + weight / heads;
  });
  return mean;
}
