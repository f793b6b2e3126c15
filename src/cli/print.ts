/** Tables and bars for a terminal. */
import type { Token } from '../protocol.ts';

export const print = (line = ''): void => void process.stdout.write(`${line}\n`);

export const printJson = (value: unknown): void => print(JSON.stringify(value, jsonValue, 2));

/** Typed arrays as plain lists. */
function jsonValue(_key: string, value: unknown): unknown {
  const isArray = value instanceof Float32Array || value instanceof Uint32Array || value instanceof Uint16Array || value instanceof Uint8Array;
  return isArray ? Array.from(value) : value;
}

/** A token or word in one cell: blanks, line ends and control characters made visible, quotes around nothing. */
export function visible(text: string): string {
  return text
    .replace(/ /g, '␣')
    .replace(/\r\n|\n|\r/g, '↵')
    .replace(/\t/g, '→')
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`);
}

export const tokenText = (token: Token | undefined): string => visible(token?.text ?? '');

/** A probability with as many digits as it has meaning: 41.2 %, 0.03 %. */
export function share(value: number): string {
  const percent = value * 100;
  return `${percent >= 10 ? percent.toFixed(1) : percent >= 0.01 || percent === 0 ? percent.toFixed(2) : percent.toExponential(1)} %`;
}

const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** A bar of up to `width` cells for a value of 0…1. */
export function bar(value: number, width: number): string {
  const eighths = Math.round(value * width * 8);
  return '█'.repeat(eighths >> 3) + (EIGHTHS[eighths & 7] ?? '');
}

/** Columns padded to their widest cell; `right` names the columns of numbers. */
export function table(rows: readonly (readonly string[])[], right: readonly number[] = []): void {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => cells(row[column] ?? ''))));
  for (const row of rows) {
    const line = row.map((cell, column) => {
      const padding = ' '.repeat(Math.max(0, (widths[column] ?? 0) - cells(cell)));
      return right.includes(column) ? padding + cell : cell + padding;
    });
    print(line.join('  ').trimEnd());
  }
}

/** Terminal cells of a text: Chinese, Japanese, Korean and emoji take two, marks none (Unicode Standard Annex 11, in outline). */
function cells(text: string): number {
  let count = 0;
  for (const character of text) {
    if (/\p{M}/u.test(character)) continue;
    count += /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\p{Emoji_Presentation}\u3000-\u303f\uff00-\uff60]/u.test(character) ? 2 : 1;
  }
  return count;
}
