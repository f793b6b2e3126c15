/** Text on coloured cells. */
import { parseHex } from '../palette.ts';

/** Above this relative luminance black stands out more than white (WCAG 2.2). */
const middle = 0.179;

/** Black or white, whichever can be read on `color`: contrast 4.5 at least. */
export function inkOn(color: string): string {
  const [red, green, blue] = (parseHex(color) ?? [0, 0, 0]).map((channel) => (channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4));
  return 0.2126 * (red ?? 0) + 0.7152 * (green ?? 0) + 0.0722 * (blue ?? 0) > middle ? '#000000' : '#ffffff';
}
