/** The picture of a recurrent network's states: how much each token changes them, layer by layer, and which units move. */
import * as l10n from '@vscode/l10n';
import type { StatesAnswer } from '../../src/protocol.ts';
import { decimalText } from '../numbers.ts';
import type { Theme } from '../theme.ts';
import { divergingPalette } from './bitmaps.ts';
import type { Bitmap, Drawing, Frame, Mark } from './drawing.ts';
import { fitText, type UnitLabel } from './labels.ts';
import { legendRoom, type StateLayout, type StatePlace } from './stateLayout.ts';
import { stateLegend } from './stateLegend.ts';
import { readout, rowLabels, rowOutline, rowTop, visibleRows } from './tokenRows.ts';

export interface StateData {
  readonly labels: readonly UnitLabel[];
  /** How much each token changed the state, `change[token]`, of the layers that have arrived. */
  readonly changes: ReadonlyMap<number, Float32Array>;
  /** Whose units are shown. */
  readonly layer: number;
  readonly units: UnitValues | null;
  readonly focus: { readonly token: number; readonly pinned: boolean } | null;
  /** Under the pointer. */
  readonly place: StatePlace | null;
}

/** The units that change most, and their values as colours, `[token, unit]`. */
export interface UnitValues {
  readonly answer: StatesAnswer;
  readonly bitmap: Bitmap;
}

/** `values` are thousandths of the largest; zero is the middle of the palette. */
export function stateBitmap({ units, values }: StatesAnswer, theme: Theme): Bitmap {
  const cells = Uint8Array.from(values, (value) => Math.round((value / 1000) * 127) + 127);
  return { rows: values.length / Math.max(1, units.length), columns: units.length, cells, palette: divergingPalette(theme.diverging) };
}

export function statePicture(data: StateData, layout: StateLayout, scroll: number, theme: Theme, frame: Frame): Drawing {
  const { area } = layout;
  const { focus, place } = data;
  const body = [...barMarks(data, layout, scroll, theme), ...cellMarks(data, layout, scroll, theme)];
  const at = place && { x: place.unit === null ? area.x : layout.units.x + ((place.unit + 1) / layout.units.count) * layout.units.width, y: rowTop(layout, place.token, scroll) + layout.row / 2 };
  return {
    width: frame.width,
    height: frame.height,
    background: theme.background,
    fontFamily: theme.fontFamily,
    codeFamily: theme.codeFamily,
    label: stateSentence(data),
    marks: [
      ...headings(data, layout, theme, frame),
      { mark: 'clip', ...area, width: area.width + 8, marks: body },
      ...rowLabels(layout, scroll, data.labels, focus ? [focus.token] : [], theme),
      ...(focus ? [{ mark: 'clip', x: 0, y: area.y - 1, width: frame.width, height: area.height + 2, marks: [rowOutline(layout, scroll, focus.token, focus.pinned, theme)] } as const] : []),
      ...stateLegend({ top: Math.min(area.y + area.height, frame.height - legendRoom), layout, widest: largestChange(data), values: data.units?.answer.largest ?? null }, theme, frame),
      ...(place && at && (place.unit !== null || place.layer !== null) ? readout(placeSentence(data, place), at, theme, frame) : []),
    ],
  };
}

/** All bars are to one scale: the largest change of all layers. */
export function largestChange({ changes }: Pick<StateData, 'changes'>): number {
  let largest = 0;
  for (const change of changes.values()) for (const value of change) largest = Math.max(largest, value);
  return largest;
}

function headings(data: StateData, layout: StateLayout, theme: Theme, frame: Frame): Mark[] {
  const size = Math.max(10, theme.fontSize - 2);
  const { area, units } = layout;
  const title = { mark: 'text', y: 11, size, color: theme.muted, anchor: 'start' } as const;
  const answer = data.units?.answer;
  const room = frame.width - units.x - 4;
  const inFull = answer ? l10n.t('the {0} of {1} units of layer {2} that change most', units.count, answer.width, data.layer) : '';
  const inShort = answer ? l10n.t('{0} of {1} units', units.count, answer.width) : '';
  const ofUnits = frame.measure(inFull, size) <= room ? inFull : fitText(inShort, size, room, frame.measure);
  const change = l10n.t('change of the state');
  // In a narrow frame the two titles stand one above the other.
  const stacked = area.x + frame.measure(change, size) + 12 > units.x;
  return [
    { ...title, x: area.x, text: change },
    { ...title, x: units.x, y: stacked ? 27 : 11, text: ofUnits },
    ...layout.bars.map(({ layer, x }): Mark => ({
      mark: 'text', x, y: 27, size, anchor: 'start', color: layer === data.layer ? theme.foreground : theme.muted, bold: layer === data.layer,
      text: layout.bars.length === 1 || layout.bars[0]?.width === undefined || layout.bars[0].width < 44 ? String(layer) : l10n.t('layer {0}', layer),
    })),
  ];
}

function barMarks(data: StateData, layout: StateLayout, scroll: number, theme: Theme): Mark[] {
  const largest = largestChange(data);
  const [begin, end] = visibleRows(layout, scroll);
  const slim = layout.row >= 6 ? 2 : 0;
  return layout.bars.flatMap(({ layer, x, width }): Mark[] => {
    const change = data.changes.get(layer);
    const whole = { x, y: layout.area.y, width, height: layout.area.height } as const;
    if (!change) return [{ mark: 'hatch', ...whole, color: theme.border, gap: 7 }];
    const bars: Mark[] = [{ mark: 'line', x0: x + 0.5, y0: whole.y, x1: x + 0.5, y1: whole.y + whole.height, color: theme.border, width: 1 }];
    for (let token = begin; token < end; token++) {
      const length = largest > 0 ? ((change[token] ?? 0) / largest) * width : 0;
      bars.push({ mark: 'rect', x, y: rowTop(layout, token, scroll) + slim / 2, width: Math.max(0.5, length), height: layout.row - slim, fill: theme.accent, opacity: layer === data.layer ? 1 : 0.55 });
    }
    return bars;
  });
}

function cellMarks(data: StateData, layout: StateLayout, scroll: number, theme: Theme): Mark[] {
  const { units, row, area } = layout;
  if (!data.units) return [{ mark: 'hatch', x: units.x, y: area.y, width: units.width, height: area.height, color: theme.border, gap: 7 }];
  const marks: Mark[] = [
    { mark: 'bitmap', x: units.x, y: area.y - scroll, width: units.width, height: row * layout.count, bitmap: data.units.bitmap },
    { mark: 'rect', x: units.x - 0.5, y: area.y - scroll - 0.5, width: units.width + 1, height: row * layout.count + 1, stroke: theme.border },
  ];
  if (data.place && data.place.unit !== null) {
    const cell = units.width / units.count;
    marks.push({ mark: 'rect', x: units.x + data.place.unit * cell - 1, y: rowTop(layout, data.place.token, scroll) - 1, width: cell + 2, height: row + 2, stroke: theme.foreground, strokeWidth: 2 });
  }
  return marks;
}

/** What is under the pointer, in words. */
export function placeSentence(data: StateData, { token, layer, unit }: StatePlace): string {
  const text = data.labels[token]?.text ?? '';
  if (unit !== null && data.units) {
    const { answer } = data.units;
    const now = signed(valueOf(answer, token, unit));
    const name = answer.units[unit] ?? 0;
    return token === 0 ? l10n.t('unit {0} after “{1}”: {2}', name, text, now) : l10n.t('unit {0} after “{1}”: {2}, before it {3}', name, text, now, signed(valueOf(answer, token - 1, unit)));
  }
  const change = layer === null ? undefined : data.changes.get(layer)?.[token];
  return change === undefined || layer === null ? text : l10n.t('“{0}” changes the state of layer {1} by {2}', text, layer, decimalText(change, 2));
}

/** A unit's value after a token, from thousandths of the largest. */
export function valueOf({ units, values, largest }: StatesAnswer, token: number, unit: number): number {
  return ((values[token * units.length + unit] ?? 0) / 1000) * largest;
}

/** With its sign: a minus as wide as a digit, or a plus. */
export const signed = (value: number): string => `${value < 0 ? '−' : '+'}${decimalText(Math.abs(value), 2)}`;

/** The picture in one sentence. */
export function stateSentence(data: StateData): string {
  if (data.place && (data.place.unit !== null || data.place.layer !== null)) return l10n.t('States: {0}.', placeSentence(data, data.place));
  const text = (token: number): string => data.labels[token]?.text ?? '';
  if (data.focus) {
    const { token } = data.focus;
    const list = [...data.changes].sort(([a], [b]) => a - b).map(([layer, change]) => l10n.t('layer {0} by {1}', layer, decimalText(change[token] ?? 0, 2)));
    return l10n.t('States: “{0}” changes {1}.', text(token), list.join(l10n.t(', ')));
  }
  const change = data.changes.get(data.layer);
  if (!change) return l10n.t('States of {0} tokens.', data.labels.length);
  const most = [...change.keys()].sort((a, b) => (change[b] ?? 0) - (change[a] ?? 0)).slice(0, 3);
  const list = most.map((token) => l10n.t('“{0}” ({1})', text(token), decimalText(change[token] ?? 0, 2))).join(l10n.t(', '));
  return l10n.t('States of {0} tokens; that of layer {1} is changed most by {2}.', data.labels.length, data.layer, list);
}
