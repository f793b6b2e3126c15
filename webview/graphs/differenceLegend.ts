/** What the colours of a difference mean. */
import * as l10n from '@vscode/l10n';
import type { Theme } from '../theme.ts';
import { divergingPalette, legendBitmap } from './bitmaps.ts';
import type { Frame, Mark } from './drawing.ts';
import { signColor } from './graphLinks.ts';
import { changeText } from './percent.ts';

/** Of links: two hues, in the corner where no label stands. */
export function signLegend(theme: Theme, frame: Frame): Mark[] {
  const size = Math.max(9, theme.fontSize - 2);
  const words = [
    { text: l10n.t('more than before'), change: 1 },
    { text: l10n.t('less than before'), change: -1 },
  ];
  const width = 30 + Math.max(...words.map(({ text }) => frame.measure(text, size)));
  const x = Math.max(0, frame.width - width - 6);
  return words.flatMap(({ text, change }, line): Mark[] => {
    const y = 12 + line * (size + 5);
    return [
      { mark: 'line', x0: x, y0: y, x1: x + 18, y1: y, color: signColor(theme, change), width: 3 },
      { mark: 'text', x: x + 24, y, text, color: theme.muted, size, anchor: 'start' },
    ];
  });
}

const height = 8;

/** Of cells: from what was lost to what was gained; `y` is the top of the room for the legend. */
export function changeLegend(left: number, y: number, apart: string | null, theme: Theme, frame: Frame): Mark[] {
  const size = Math.max(9, theme.fontSize - 2);
  const text = { mark: 'text', color: theme.muted, size } as const;
  const scale = l10n.t('after less before, square-root scale');
  const beside = 18 + Math.max(frame.measure(scale, size), apart === null ? 0 : frame.measure(apart, size) + 18);
  const width = Math.max(110, Math.min(220, frame.width - left - beside - 12));
  const marks: Mark[] = [
    { mark: 'bitmap', x: left, y: y + 8, width, height, bitmap: legendBitmap(divergingPalette(theme.diverging)) },
    { mark: 'rect', x: left + 0.5, y: y + 8.5, width: width - 1, height: height - 1, stroke: theme.muted },
    { ...text, x: left, y: y + 26, text: changeText(-1), anchor: 'start' },
    { ...text, x: left + width / 2, y: y + 26, text: changeText(0), anchor: 'middle' },
    { ...text, x: left + width, y: y + 26, text: changeText(1), anchor: 'end' },
    { ...text, x: left + width + 12, y: y + 12, text: scale, anchor: 'start' },
  ];
  if (apart === null) return marks;
  const swatch = { x: left + width + 12, y: y + 21, width: 12, height: 10 };
  return [
    ...marks,
    { mark: 'clip', ...swatch, marks: [{ mark: 'hatch', ...swatch, color: theme.muted, gap: 4 }] },
    { mark: 'rect', x: swatch.x + 0.5, y: swatch.y + 0.5, width: 11, height: 9, stroke: theme.muted },
    { ...text, x: swatch.x + 18, y: y + 26, text: apart, anchor: 'start' },
  ];
}
