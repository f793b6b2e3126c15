/** What the attention map's colours mean, with the scale stated. */
import * as l10n from '@vscode/l10n';
import type { Theme } from '../theme.ts';
import { legendBitmap, rampPalette } from './bitmaps.ts';
import type { Frame, Mark } from './drawing.ts';
import { percentText } from './percent.ts';
import { strength } from './weights.ts';

/** The most telling first: they have their labels even where there is little room. */
const ticks = [0, 1, 0.25, 0.1, 0.5, 0.01];
const height = 8;

/** `y`: top of the room for the legend. */
export function legendMarks(left: number, y: number, causal: boolean, theme: Theme, frame: Frame): Mark[] {
  const size = Math.max(9, theme.fontSize - 2);
  const text = { color: theme.muted, size } as const;
  const scale = l10n.t('square-root scale');
  const unseen = l10n.t('not visible to it');
  const words = 18 + Math.max(frame.measure(scale, size), causal ? frame.measure(unseen, size) : 0);
  const width = Math.max(80, Math.min(220, frame.width - left - words - 24));
  const marks: Mark[] = [
    { mark: 'bitmap', x: left, y: y + 8, width, height, bitmap: legendBitmap(rampPalette(theme.ramp)) },
    { mark: 'rect', x: left + 0.5, y: y + 8.5, width: width - 1, height: height - 1, stroke: theme.muted },
  ];
  const taken: { readonly from: number; readonly to: number }[] = [];
  for (const tick of ticks) {
    const label = percentText(tick);
    const room = frame.measure(label, size);
    const middle = Math.max(left + room / 2, Math.min(left + width - room / 2, left + width * strength(tick)));
    const from = middle - room / 2 - 3;
    const to = middle + room / 2 + 3;
    if (taken.some((other) => from < other.to && to > other.from)) continue;
    taken.push({ from, to });
    marks.push({ mark: 'text', x: middle, y: y + 26, text: label, anchor: 'middle', ...text });
  }
  const beside = left + width + 12;
  marks.push({ mark: 'text', x: beside, y: y + 12, text: scale, anchor: 'start', ...text });
  if (!causal) return marks;
  const swatch = { x: beside, y: y + 21, width: 12, height: 10 };
  marks.push(
    { mark: 'clip', ...swatch, marks: [{ mark: 'hatch', ...swatch, color: theme.muted, gap: 4 }] },
    { mark: 'rect', x: swatch.x + 0.5, y: swatch.y + 0.5, width: 11, height: 9, stroke: theme.muted },
    { mark: 'text', x: beside + 18, y: y + 26, text: unseen, anchor: 'start', ...text },
  );
  return marks;
}
