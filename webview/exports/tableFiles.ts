/** Tables as CSV, JSON and Markdown, numbers as exactly as they are known. */
import type { TableData, TableValue } from '../ui/tableData.ts';

/** What an export is about, for programs. */
export interface About {
  readonly caption: string;
  readonly [fact: string]: unknown;
}

/** RFC 4180, the caption before it in lines that begin with `#`. A second table follows after an empty line. */
export function csvFile(tables: readonly TableData[], caption: string): string {
  const comment = caption.split('\n').map((line) => csvCell(`# ${line}`));
  const parts = tables.map(({ caption: own, titles, rows }) => [...(tables.length > 1 ? [csvCell(`# ${own}`)] : []), titles.map(csvCell).join(','), ...rows.map((row) => row.map(csvCell).join(','))].join('\r\n'));
  return `${[...comment, parts.join('\r\n\r\n')].join('\r\n')}\r\n`;
}

/** Spreadsheets take text that begins so for a formula. */
const formula = /^[=+\-@\t\r＝＋－＠]/;

/** A number as it is; a text that a spreadsheet would compute stands behind an apostrophe, which tells it not to. */
function csvCell(value: TableValue): string {
  if (value === null) return '';
  if (typeof value === 'number') return numberText(value);
  const text = formula.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The shortest text that is read back as the same number; nothing where it is none. */
const numberText = (value: number): string => (Number.isFinite(value) ? String(value) : '');

export function jsonFile(tables: readonly TableData[], about: About): string {
  return `${JSON.stringify({ ...about, tables: tables.map(({ caption, titles, rows }) => ({ caption, columns: titles, rows: rows.map((row) => row.map((value) => (typeof value === 'number' && !Number.isFinite(value) ? null : value))) })) }, null, 1)}\n`;
}

/** GitHub's tables, columns of numbers flush right. */
export function markdownTables(tables: readonly TableData[], caption: string): string {
  const parts = tables.map(({ caption: own, titles, numeric, rows }) =>
    [
      ...(tables.length > 1 ? [escaped(own), ''] : []),
      line(titles),
      `| ${numeric.map((right) => (right ? '---:' : '---')).join(' | ')} |`,
      ...rows.map((row) => line(row.map((value) => (typeof value === 'number' ? roundedText(value) : (value ?? ''))))),
    ].join('\n'),
  );
  return `${[...parts, escaped(caption)].join('\n\n')}\n`;
}

const line = (cells: readonly string[]): string => `| ${cells.map(escaped).join(' | ')} |`;

/** For reading: six significant digits. */
const roundedText = (value: number): string => (Number.isFinite(value) ? String(Number(value.toPrecision(6))) : '');

/** Text that Markdown takes as text; lines ends and pipes would end a cell. */
function escaped(text: string): string {
  return text.replace(/[\\`*_[\]<>|#~&]/g, '\\$&').replace(/\r\n|\r|\n/g, ' ');
}
