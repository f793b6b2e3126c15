/** What the shades of the lens mean. */
import * as l10n from '@vscode/l10n';
import { decimalText } from '../numbers.ts';
import type { Theme } from '../theme.ts';
import { legendBitmap, rampPalette } from './bitmaps.ts';
import type { Frame, Mark } from './drawing.ts';
import type { LensLayout } from './lensLayout.ts';
import { mostDivergence, type LensData } from './lensData.ts';
import { percentText } from './percent.ts';

const height = 8;

export function lensLegend(data: LensData, { area, chart }: LensLayout, theme: Theme, frame: Frame): Mark[] {
  const size = Math.max(9, theme.fontSize - 2);
  const words = { mark: 'text', size, color: theme.muted } as const;
  const top = area.y + area.height;
  const ofProbability = data.shade === 'probability';
  const names = ofProbability
    ? [l10n.t('probability of the word (square-root scale)'), l10n.t('probability')]
    : [l10n.t('bits from the last layer (square-root scale)'), l10n.t('bits')];
  const most = ofProbability ? percentText(1) : decimalText(mostDivergence(data.columns), 1);
  const right = data.followed.length > 0 ? chart.x - chart.numbers : frame.width;
  const room = Math.max(60, right - area.x - 12);
  const width = Math.min(140, room);
  const beside = area.x + width + 10;
  const name = names.find((text) => frame.measure(text, size) <= right - beside - 8);
  return [
    { mark: 'bitmap', x: area.x, y: top + 8, width, height, bitmap: legendBitmap(rampPalette(theme.ramp)) },
    { mark: 'rect', x: area.x + 0.5, y: top + 8.5, width: width - 1, height: height - 1, stroke: theme.muted },
    { ...words, x: area.x, y: top + 26, anchor: 'start', text: ofProbability ? percentText(0) : '0' },
    { ...words, x: area.x + width, y: top + 26, anchor: 'end', text: most },
    ...(name === undefined ? [] : [{ ...words, x: beside, y: top + 12, anchor: 'start', text: name } as const]),
  ];
}
