/** The attention map's axes: titles that say which is which, and labels where they fit. */
import * as l10n from '@vscode/l10n';
import type { Theme } from '../theme.ts';
import type { Mark } from './drawing.ts';
import type { UnitLabel } from './labels.ts';
import { keySlant, titleRoom, visibleCells, type MapLayout, type MapScroll } from './mapLayout.ts';

export interface AxesInput {
  readonly layout: MapLayout;
  readonly scroll: MapScroll;
  readonly queryLabels: readonly UnitLabel[];
  readonly keyLabels: readonly UnitLabel[];
  /** Units whose labels come first and in bold. */
  readonly queries: readonly number[];
  readonly keys: readonly number[];
  readonly theme: Theme;
}

export function axisMarks(input: AxesInput): Mark[] {
  return [...titles(input), ...queryLabels(input), ...keyLabels(input)];
}

function titles({ layout, queryLabels: own, keyLabels: others, theme }: AxesInput): Mark[] {
  const { area } = layout;
  const style = { color: theme.muted, size: theme.fontSize } as const;
  const x = titleRoom / 2;
  const y = area.y + area.height;
  return [
    { mark: 'text', x: area.x, y: titleRoom / 2, text: own === others ? l10n.t('key: what it looks at →') : l10n.t('key: token of the text →'), anchor: 'start', ...style },
    // Turned to read upward, so that the arrow to the left points down.
    { mark: 'text', x, y, text: own === others ? l10n.t('← query: the token that looks') : l10n.t('← query: token of the output'), anchor: 'start', turn: { degrees: -90, x, y }, ...style },
  ];
}

function queryLabels(input: AxesInput): Mark[] {
  const { layout, scroll } = input;
  const { area } = layout;
  const marks = chosen(input.layout, layout.queries, input.queries, scroll.y, area.height, layout.labelSize * 1.15).map((unit): Mark => ({
    mark: 'text',
    x: area.x - 6,
    y: area.y + (unit + 0.5) * layout.cell - scroll.y,
    anchor: 'end',
    ...face(input, input.queryLabels[unit], layout.queryLabels[unit], input.queries.includes(unit)),
  }));
  return [{ mark: 'clip', x: titleRoom, y: area.y - layout.labelSize / 2, width: area.x - titleRoom, height: area.height + layout.labelSize, marks }];
}

function keyLabels(input: AxesInput): Mark[] {
  const { layout, scroll } = input;
  const { area } = layout;
  const y = area.y - 6;
  return chosen(input.layout, layout.keys, input.keys, scroll.x, area.width, layout.labelSize * 1.4).map((unit): Mark => {
    const x = area.x + (unit + 0.5) * layout.cell - scroll.x;
    return { mark: 'text', x, y, anchor: 'start', turn: { degrees: keySlant, x, y }, ...face(input, input.keyLabels[unit], layout.keyLabels[unit], input.keys.includes(unit)) };
  });
}

function face({ layout, theme }: AxesInput, label: UnitLabel | undefined, text: string | undefined, bold: boolean): { text: string; color: string; size: number; code: true; bold?: true; italic?: true } {
  const tone = label?.tone ?? 'text';
  return {
    text: text ?? '',
    color: tone === 'text' || bold ? theme.foreground : theme.muted,
    size: layout.labelSize,
    code: true,
    ...(bold ? { bold } : {}),
    ...(tone === 'added' ? { italic: true } : {}),
  };
}

/** Which of `units` have their labels seen: `first` in their order, then every so many that keep clear of them. */
function chosen(layout: MapLayout, units: number, first: readonly number[], scroll: number, extent: number, room: number): number[] {
  const [begin, end] = visibleCells(layout, units, scroll, extent);
  const inside = (unit: number): boolean => {
    const middle = (unit + 0.5) * layout.cell - scroll;
    return unit >= begin && unit < end && middle >= 0 && middle <= extent;
  };
  const clear = (unit: number, others: readonly number[]): boolean => others.every((other) => Math.abs(other - unit) * layout.cell >= room);
  const ahead: number[] = [];
  for (const unit of first) if (inside(unit) && clear(unit, ahead)) ahead.push(unit);
  const stride = Math.max(1, Math.ceil(room / layout.cell - 0.01));
  const rest: number[] = [];
  for (let unit = Math.ceil(begin / stride) * stride; unit < end; unit += stride) {
    if (inside(unit) && clear(unit, ahead)) rest.push(unit);
  }
  return [...ahead, ...rest];
}
