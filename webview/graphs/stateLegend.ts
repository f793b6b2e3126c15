/** What bars and colours of the picture of states mean, with their scales. */
import * as l10n from '@vscode/l10n';
import { decimalText } from '../numbers.ts';
import type { Theme } from '../theme.ts';
import { divergingPalette, legendBitmap } from './bitmaps.ts';
import type { Frame, Mark } from './drawing.ts';
import type { StateLayout } from './stateLayout.ts';

const height = 8;

export interface StateScales {
  /** Top of the room for it. */
  readonly top: number;
  readonly layout: StateLayout;
  /** The change that fills a column of bars. */
  readonly widest: number;
  /** The value of the deepest colour; null while none are known. */
  readonly values: number | null;
}

export function stateLegend({ top, layout, widest, values }: StateScales, theme: Theme, frame: Frame): Mark[] {
  const size = Math.max(9, theme.fontSize - 2);
  const words = { mark: 'text', size, color: theme.muted } as const;
  const [bar] = layout.bars;
  const marks: Mark[] = [];
  if (bar) {
    const y = top + 8 + height / 2;
    marks.push(
      { mark: 'line', x0: bar.x, y0: y, x1: bar.x + bar.width, y1: y, color: theme.muted, width: 1 },
      { mark: 'line', x0: bar.x + 0.5, y0: y - 4, x1: bar.x + 0.5, y1: y + 4, color: theme.muted, width: 1 },
      { mark: 'line', x0: bar.x + bar.width - 0.5, y0: y - 4, x1: bar.x + bar.width - 0.5, y1: y + 4, color: theme.muted, width: 1 },
      { ...words, x: bar.x, y: top + 26, anchor: 'start', text: '0' },
      { ...words, x: bar.x + bar.width, y: top + 26, anchor: 'end', text: decimalText(widest, 2) },
    );
  }
  if (values === null) return marks;
  const { x } = layout.units;
  const ends = frame.measure(`+${decimalText(values, 2)}`, size);
  const width = Math.max(2 * ends + 24, Math.min(160, layout.units.width));
  const left = Math.min(x, frame.width - width - 6);
  const note = l10n.t('value of a unit');
  marks.push(
    { mark: 'bitmap', x: left, y: top + 8, width, height, bitmap: legendBitmap(divergingPalette(theme.diverging)) },
    { mark: 'rect', x: left + 0.5, y: top + 8.5, width: width - 1, height: height - 1, stroke: theme.muted },
    { ...words, x: left, y: top + 26, anchor: 'start', text: `−${decimalText(values, 2)}` },
    { ...words, x: left + width / 2, y: top + 26, anchor: 'middle', text: '0' },
    { ...words, x: left + width, y: top + 26, anchor: 'end', text: `+${decimalText(values, 2)}` },
  );
  if (left + width + 10 + frame.measure(note, size) < frame.width) marks.push({ ...words, x: left + width + 10, y: top + 12, anchor: 'start', text: note });
  return marks;
}
