/** What the attention map's colours mean, with the scale stated. */
import * as l10n from '@vscode/l10n';
import type { Theme } from '../theme.ts';
import { legendBitmap, rampPalette } from './bitmaps.ts';
import type { Frame, Mark } from './drawing.ts';
import { percentText } from './percent.ts';
import { strength } from './weights.ts';

const ticks = [0, 0.01, 0.1, 0.25, 0.5, 1];
const height = 8;

/** `y`: top of the room for the legend. */
export function legendMarks(left: number, y: number, causal: boolean, theme: Theme, frame: Frame): Mark[] {
  const size = Math.max(9, theme.fontSize - 2);
  const width = Math.max(90, Math.min(220, frame.width - left - 16));
  const text = { color: theme.muted, size } as const;
  const marks: Mark[] = [
    { mark: 'bitmap', x: left, y: y + 8, width, height, bitmap: legendBitmap(rampPalette(theme.ramp)) },
    { mark: 'rect', x: left + 0.5, y: y + 8.5, width: width - 1, height: height - 1, stroke: theme.muted },
  ];
  let free = left - size;
  for (const tick of ticks) {
    const label = percentText(tick);
    const room = frame.measure(label, size);
    const middle = left + width * strength(tick);
    if (middle - room / 2 < free) continue;
    free = middle + room / 2;
    marks.push({ mark: 'text', x: middle, y: y + 26, text: label, anchor: 'middle', ...text });
  }
  const scale = l10n.t('square-root scale');
  const beside = left + width + 14;
  // Side by side where there is room, else the scale goes without its name: the ticks show it.
  if (beside + frame.measure(scale, size) > frame.width) return marks;
  marks.push({ mark: 'text', x: beside, y: y + 12, text: scale, anchor: 'start', ...text });
  if (!causal) return marks;
  const swatch = { x: beside, y: y + 21, width: 12, height: 10 };
  marks.push(
    { mark: 'clip', ...swatch, marks: [{ mark: 'hatch', ...swatch, color: theme.muted, gap: 4 }] },
    { mark: 'rect', x: swatch.x + 0.5, y: swatch.y + 0.5, width: 11, height: 9, stroke: theme.muted },
    { mark: 'text', x: beside + 18, y: y + 26, text: l10n.t('not visible to it'), anchor: 'start', ...text },
  );
  return marks;
}
