/** A sweep as coloured grids: how much each thing, switched off alone, changes the prediction in question. */
import * as l10n from '@vscode/l10n';
import { decimalText, signedText } from '../numbers.ts';
import type { SweepMeasure } from '../../src/protocol.ts';
import type { Theme } from '../theme.ts';
import type { Drawing, Frame } from './drawing.ts';
import { mostChange, ranked, sameCell, type SweepData, type SweepItem } from './sweepData.ts';
import type { SweepLayout } from './sweepLayout.ts';
import { valueGrid } from './valueGrid.ts';

/** Small changes are told more exactly. */
const digitsOf = (most: number): number => (most >= 0.1 ? 2 : 4);

/** A value in its unit; `most` is the largest of all. */
export function changeText(value: number, measure: SweepMeasure, most: number): string {
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
  const end = decimalText(most, digitsOf(most));
  const grid = {
    panels: data.panels,
    // What is switched off already is struck through, as in the list of experiments.
    items: data.items.map((item) => ({ ...item, struck: item.on })),
    most,
    cell: data.cell,
    label: sweepSentence(data),
    legend: measureText(data),
    ends: [`−${end}`, `+${end}`] as const,
    text: ({ value }: SweepItem) => (data.measure === 'divergence' ? decimalText(value, digitsOf(most)) : signedText(value, digitsOf(most))),
    sentence: (item: SweepItem) => itemSentence(item, data),
  };
  return valueGrid(grid, layout, scroll, theme, frame);
}
