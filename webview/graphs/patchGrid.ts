/** Patching as coloured grids: how much of the clean answer each site brings back in the corrupted run. */
import * as l10n from '@vscode/l10n';
import type { Theme } from '../theme.ts';
import type { Drawing, Frame } from './drawing.ts';
import { mostRestored, rankedSites, type PatchData, type PatchItem } from './patchData.ts';
import { changeText } from './percent.ts';
import { sameCell } from './sweepData.ts';
import type { SweepLayout } from './sweepLayout.ts';
import { valueGrid } from './valueGrid.ts';

/** One site in words. */
export const siteSentence = ({ name, restored }: PatchItem): string => l10n.t('{0} brings back {1}', name, changeText(restored));

export function patchSentence({ items, cell }: Pick<PatchData, 'items' | 'cell'>): string {
  const pointed = items.find((item) => sameCell(item.cell, cell));
  if (pointed) return l10n.t('Two texts: {0}.', siteSentence(pointed));
  if (items.length === 0) return l10n.t('Two texts: nothing has been put into the other yet.');
  return l10n.t('Two texts, what is brought back: {0}.', rankedSites(items).slice(0, 3).map(siteSentence).join(l10n.t('; ')));
}

export function patchGrid(data: PatchData, layout: SweepLayout, scroll: { readonly x: number; readonly y: number }, theme: Theme, frame: Frame): Drawing {
  const most = mostRestored(data.items);
  const grid = {
    panels: data.panels,
    items: data.items.filter(({ restored }) => Number.isFinite(restored)).map((item) => ({ ...item, value: item.restored, struck: false })),
    most,
    cell: data.cell,
    label: patchSentence(data),
    legend: l10n.t('how much of the shown text’s answer comes back in the other'),
    ends: [changeText(-most), changeText(most)] as const,
    text: ({ restored }: PatchItem) => changeText(Math.abs(restored) < 0.0005 ? 0 : restored),
    sentence: siteSentence,
    marked: data.changed,
  };
  return valueGrid(grid, layout, scroll, theme, frame);
}
