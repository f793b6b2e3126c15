/** The rank of one or two tokens as lines over the layers, each point beside the row of its layer. */
import * as l10n from '@vscode/l10n';
import type { Theme } from '../theme.ts';
import type { Frame, Mark } from './drawing.ts';
import { fitText, shortLabel } from './labels.ts';
import { rowTopOf, type LensLayout } from './lensLayout.ts';
import type { FollowedToken, LensData } from './lensData.ts';
import { percentText } from './percent.ts';

/** Rank 1 is at the right end; each step to the left is ten times as far down the list. */
export function rankPlace(rank: number, worst: number, { x, width }: LensLayout['chart']): number {
  const decades = Math.max(1, Math.ceil(Math.log10(Math.max(10, worst))));
  return x + 6 + (width - 12) * (1 - Math.log10(Math.max(1, rank)) / decades);
}

/** The target's colour, and the rival's. */
export const followedColor = (theme: Theme, index: number): string => theme.diverging(index === 0 ? 1 : -1);

export function lensChart(data: LensData, layout: LensLayout, scroll: number, theme: Theme, frame: Frame): Mark[] {
  const { area, chart } = layout;
  const { followed } = data;
  if (followed.length === 0) return [];
  const worst = Math.max(...followed.map(({ rank }) => rank.reduce((most, one) => Math.max(most, one), 1)));
  const size = Math.max(10, theme.fontSize - 2);
  const room = chart.width + chart.numbers;
  const left = chart.x - chart.numbers;
  const titles = followed.map(({ text }, index): Mark => ({
    mark: 'text', x: left, y: 12 + index * 15, size, anchor: 'start', color: followedColor(theme, index),
    text: fitText(l10n.t('rank of “{0}”', shortLabel(text)), size, room, frame.measure),
  }));
  return [
    ...titles,
    ...grid(worst, layout, theme),
    { mark: 'clip', x: left, y: area.y, width: room + 4, height: area.height, marks: followed.toReversed().flatMap((one, index) => line(one, followed.length - 1 - index, worst, layout, scroll, theme)) },
    ...(chart.numbers > 0 ? numbers(followed[0], layout, scroll, theme) : []),
  ];
}

function grid(worst: number, { area, chart }: LensLayout, theme: Theme): Mark[] {
  const size = Math.max(9, theme.fontSize - 3);
  const decades = Math.max(1, Math.ceil(Math.log10(Math.max(10, worst))));
  const stride = chart.width / decades < 26 ? 2 : 1;
  return Array.from({ length: decades + 1 }, (_, decade): Mark[] => {
    const x = rankPlace(10 ** decade, worst, chart);
    const line: Mark = { mark: 'line', x0: x, y0: area.y, x1: x, y1: area.y + area.height, color: theme.border, width: 1 };
    const label: Mark = { mark: 'text', x, y: area.y + area.height + 10, size, anchor: 'middle', color: theme.muted, text: decade < 3 ? String(10 ** decade) : `${String(10 ** (decade - 3))}k` };
    return decade % stride === 0 ? [line, label] : [line];
  }).flat();
}

function line({ rank }: FollowedToken, index: number, worst: number, layout: LensLayout, scroll: number, theme: Theme): Mark[] {
  const color = followedColor(theme, index);
  const points = Array.from(rank, (one, row) => ({ x: rankPlace(one, worst, layout.chart), y: rowTopOf(layout, row, scroll) + layout.row / 2 }));
  return points.flatMap(({ x, y }, row): Mark[] => {
    const before = points[row - 1];
    const dot: Mark = { mark: 'dot', x, y, radius: 3.5, color, opacity: 1 };
    return before ? [{ mark: 'line', x0: before.x, y0: before.y, x1: x, y1: y, color, width: 2 }, dot] : [dot];
  });
}

/** The target's probability beside each row. */
function numbers(target: FollowedToken | undefined, layout: LensLayout, scroll: number, theme: Theme): Mark[] {
  if (!target) return [];
  const { area, chart } = layout;
  const marks = Array.from(target.logProbability, (log, row): Mark => ({
    mark: 'text', x: chart.x - 4, y: rowTopOf(layout, row, scroll) + layout.row / 2 + 0.5, size: Math.max(10, theme.fontSize - 2), anchor: 'end', color: theme.muted, text: percentText(Math.exp(log)),
  }));
  return [{ mark: 'clip', x: chart.x - chart.numbers, y: area.y, width: chart.numbers, height: area.height, marks }];
}
