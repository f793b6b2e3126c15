/** A sweep as coloured grids: how much each thing, switched off alone, changes the prediction in question. */
import * as l10n from '@vscode/l10n';
import { decimalText, signedText } from '../numbers.ts';
import type { Theme } from '../theme.ts';
import { divergingPalette, legendBitmap } from './bitmaps.ts';
import type { Drawing, Frame, Mark } from './drawing.ts';
import { inkOn } from './ink.ts';
import { fitText } from './labels.ts';
import { mostChange, ranked, sameCell, type Measure, type SweepData, type SweepItem } from './sweepData.ts';
import { legendRoom, type PanelLayout, type SweepLayout } from './sweepLayout.ts';
import { readout } from './tokenRows.ts';

/** Small changes are told more exactly. */
const digitsOf = (most: number): number => (most >= 0.1 ? 2 : 4);

/** A value in its unit; `most` is the largest of all. */
export function changeText(value: number, measure: Measure, most: number): string {
  switch (measure) {
    case 'logProbability':
      return l10n.t('{0} nats', signedText(value, digitsOf(most)));
    case 'logitDifference':
      return signedText(value, digitsOf(most));
    case 'divergence':
      return l10n.t('{0} bits', decimalText(value, digitsOf(most)));
    default:
      return measure satisfies never;
  }
}

/** What the colours mean. */
export function measureText({ measure, target, rival }: Pick<SweepData, 'measure' | 'target' | 'rival'>): string {
  switch (measure) {
    case 'logProbability':
      return l10n.t('change of the log-probability of “{0}” (nats)', target);
    case 'logitDifference':
      return l10n.t('change of the logit of “{0}” less that of “{1}”', target, rival ?? '');
    case 'divergence':
      return l10n.t('change of the whole prediction (Kullback–Leibler divergence, bits)');
    default:
      return measure satisfies never;
  }
}

/** One of the items in words. */
export const itemSentence = ({ name, value }: SweepItem, { measure, items }: Pick<SweepData, 'measure' | 'items'>): string => l10n.t('without {0}: {1}', name, changeText(value, measure, mostChange(items)));

export function sweepSentence(data: SweepData): string {
  const pointed = data.items.find(({ cell }) => sameCell(cell, data.cell));
  if (pointed) return l10n.t('What matters: {0}.', itemSentence(pointed, data));
  if (data.items.length === 0) return l10n.t('What matters: nothing has been switched off yet.');
  const most = ranked(data.items).slice(0, 3).map((item) => itemSentence(item, data)).join(l10n.t('; '));
  return l10n.t('What matters, {0}: {1}.', measureText(data), most);
}

export function sweepGrid(data: SweepData, layout: SweepLayout, scroll: { readonly x: number; readonly y: number }, theme: Theme, frame: Frame): Drawing {
  const most = mostChange(data.items);
  const pointed = data.items.find(({ cell }) => sameCell(cell, data.cell));
  const at = data.cell && cornerOf(layout, data.cell, scroll);
  return {
    width: frame.width,
    height: frame.height,
    background: theme.background,
    fontFamily: theme.fontFamily,
    codeFamily: theme.codeFamily,
    label: sweepSentence(data),
    marks: [
      ...layout.panels.flatMap((panel, index) => panelMarks(data, index, panel, layout, scroll, theme)),
      ...data.items.flatMap((item) => cellMarks(item, most, data.measure, layout, scroll, theme, frame)),
      ...outline(data, layout, scroll, theme),
      ...legend(data, most, layout, scroll, theme, frame),
      ...(pointed && at ? readout(itemSentence(pointed, data), { x: at.x + at.width / 2, y: at.y + at.height / 2 }, theme, frame) : []),
    ],
  };
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function cornerOf({ panels }: SweepLayout, { panel, row, column }: SweepItem['cell'], scroll: { readonly x: number; readonly y: number }): Box | null {
  const of = panels[panel];
  return of ? { x: of.x + column * of.cell - scroll.x, y: of.y + row * of.row - scroll.y, width: of.cell, height: of.row } : null;
}

function panelMarks({ panels, cell }: SweepData, index: number, of: PanelLayout, { labelSize: size }: SweepLayout, scroll: { readonly x: number; readonly y: number }, theme: Theme): Mark[] {
  const panel = panels[index];
  if (!panel) return [];
  const [left, top] = [of.x - scroll.x, of.y - scroll.y];
  const stride = Math.max(1, Math.ceil(24 / of.cell));
  const here = cell?.panel === index ? cell : null;
  return [
    ...(panel.title === null || of.titleY === null ? [] : [{ mark: 'text', x: left, y: of.titleY - scroll.y, text: panel.title, size, color: theme.foreground, anchor: 'start', bold: true } as const]),
    { mark: 'hatch', x: left, y: top, width: of.cell * of.columns, height: of.row * of.rows, color: theme.border, gap: 7 },
    { mark: 'rect', x: left - 0.5, y: top - 0.5, width: of.cell * of.columns + 1, height: of.row * of.rows + 1, stroke: theme.border },
    ...of.labels.map((text, row): Mark => ({ mark: 'text', x: left - 8, y: top + (row + 0.5) * of.row + 0.5, text, size, anchor: 'end', code: true, color: here?.row === row ? theme.foreground : theme.muted, bold: here?.row === row })),
    ...panel.columns.flatMap((text, column): Mark[] => (column % stride === 0 ? [{ mark: 'text', x: left + (column + 0.5) * of.cell, y: top - 9, text, size, anchor: 'middle', color: here?.column === column ? theme.foreground : theme.muted, bold: here?.column === column }] : [])),
  ];
}

function cellMarks({ value, cell, on }: SweepItem, most: number, measure: Measure, layout: SweepLayout, scroll: { readonly x: number; readonly y: number }, theme: Theme, frame: Frame): Mark[] {
  const box = cornerOf(layout, cell, scroll);
  if (!box || box.y > frame.height || box.y + box.height < 0) return [];
  const t = value / most;
  const fill = theme.diverging(t);
  const marks: Mark[] = [
    { mark: 'rect', x: box.x, y: box.y, width: box.width, height: box.height, fill: theme.background },
    { mark: 'rect', x: box.x + 0.5, y: box.y + 0.5, width: box.width - 1, height: box.height - 1, fill },
  ];
  const ink = Math.abs(t) < 0.08 ? theme.foreground : inkOn(fill);
  // It is switched off already: struck through, as in the list of experiments.
  if (on) marks.push({ mark: 'line', x0: box.x + 3, y0: box.y + box.height - 3, x1: box.x + box.width - 3, y1: box.y + 3, color: ink, width: 2 });
  const text = measure === 'divergence' ? decimalText(value, digitsOf(most)) : signedText(value, digitsOf(most));
  const size = Math.max(9, theme.fontSize - 3);
  if (frame.measure(text, size) <= box.width - 4) marks.push({ mark: 'text', x: box.x + box.width / 2, y: box.y + box.height / 2 + 0.5, text, size, color: ink, anchor: 'middle' });
  return marks;
}

function outline({ cell }: SweepData, layout: SweepLayout, scroll: { readonly x: number; readonly y: number }, theme: Theme): Mark[] {
  const box = cell && cornerOf(layout, cell, scroll);
  return box ? [{ mark: 'rect', ...box, stroke: theme.focus, strokeWidth: 2 }] : [];
}

function legend(data: SweepData, most: number, layout: SweepLayout, scroll: { readonly x: number; readonly y: number }, theme: Theme, frame: Frame): Mark[] {
  if (data.items.length === 0) return [];
  const size = Math.max(9, theme.fontSize - 2);
  const words = { mark: 'text', size, color: theme.muted } as const;
  const top = layout.contentHeight - legendRoom - scroll.y;
  const left = 12;
  const width = Math.min(160, frame.width * 0.4);
  const beside = left + width + 12;
  const text = measureText(data);
  const fits = frame.measure(text, size) <= frame.width - beside - 4;
  return [
    { mark: 'bitmap', x: left, y: top + 8, width, height: 8, bitmap: legendBitmap(divergingPalette(theme.diverging)) },
    { mark: 'rect', x: left + 0.5, y: top + 8.5, width: width - 1, height: 7, stroke: theme.muted },
    { ...words, x: left, y: top + 26, anchor: 'start', text: `−${decimalText(most, digitsOf(most))}` },
    { ...words, x: left + width / 2, y: top + 26, anchor: 'middle', text: '0' },
    { ...words, x: left + width, y: top + 26, anchor: 'end', text: `+${decimalText(most, digitsOf(most))}` },
    fits
      ? { ...words, x: beside, y: top + 12, anchor: 'start', text }
      : { ...words, x: left, y: top + 40, anchor: 'start', text: fitText(text, size, frame.width - 2 * left, frame.measure) },
  ];
}
