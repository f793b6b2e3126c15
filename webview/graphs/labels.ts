/** Units as short labels in which every character can be seen. */
import type { Token } from '../../src/protocol.ts';
import type { Unit } from '../units.ts';
import { visibleLabel } from '../visibleText.ts';
import type { Measure } from './drawing.ts';

export interface UnitLabel {
  readonly text: string;
  /** `blank`: only white space or invisible characters. `added`: not from the text, or a special token. */
  readonly tone: 'text' | 'blank' | 'added';
}

/** Labels of all units, `[unit]`. */
export function labelUnits(units: readonly Unit[], tokens: readonly Token[]): UnitLabel[] {
  return units.map((unit) => {
    const token = tokens[unit.firstToken];
    if (!token) return { text: unit.text, tone: 'text' };
    if (token.origin !== 'text') return { text: shortLabel(unit.text), tone: 'added' };
    const label = shortLabel(unit.text);
    const piece = unit.firstToken === unit.lastToken && token.partial;
    return { text: piece ? `${label} ${hexBytes(token.bytes)}` : label, tone: /^[\s\p{C}]*$/u.test(unit.text) ? 'blank' : 'text' };
  });
}

/**
 * The text on one line, with white space and unprintable characters made visible. The single space
 * before a word is left out, since nearly every token of running text has it; long runs are counted.
 */
export function shortLabel(text: string): string {
  const shown = text.replace(/^ (?=\S)/u, '');
  // A mark without its letter needs something to stand on.
  const seen = visibleLabel(/^\p{M}/u.test(shown) ? `◌${shown}` : shown);
  return seen.replace(/([␣→↵])\1{3,}/gu, (run, glyph: string) => `${glyph}×${run.length}`);
}

function hexBytes(bytes: readonly number[]): string {
  return bytes.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
}

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** The text, or its beginning and an ellipsis where it is wider than `room` pixels. */
export function fitText(text: string, size: number, room: number, measure: Measure): string {
  if (measure(text, size) <= room) return text;
  let kept = '';
  for (const { segment } of graphemes.segment(text)) {
    if (measure(`${kept + segment}…`, size) > room) break;
    kept += segment;
  }
  return `${kept}…`;
}
