/** A table as a drawing, for exports of what the page sets as text; shares stand in front of bars. */
import type { TableData } from '../ui/tableData.ts';
import type { Drawing, Frame, Mark } from './drawing.ts';
import type { SheetStyle } from './sheet.ts';

export interface TableStyle extends SheetStyle {
  readonly muted: string;
  readonly border: string;
  readonly accent: string;
}

const size = 12;
const row = 20;
const gap = 18;
const longestBar = 160;
/** Wider cells are cut short. */
const widest = 60;

/** @param bars column of shares, 0 to 1, that are drawn as bars too; null: none */
export function tableDrawing({ caption, titles, numeric, texts: shown, rows }: TableData, bars: number | null, style: TableStyle, measure: Frame['measure']): Drawing {
  const texts = shown.map((cells) => cells.map(cut));
  const widths = titles.map((title, column) => Math.max(measure(title, size, true), ...texts.map((cells) => measure(cells[column] ?? '', size))));
  const lefts = widths.map((_, column) => widths.slice(0, column).reduce((sum, width) => sum + width + gap, 0));
  const end = (lefts.at(-1) ?? 0) + (widths.at(-1) ?? 0);
  const cell = (text: string, column: number, y: number, color: string, bold: boolean): Mark => {
    const right = numeric[column] === true;
    return { mark: 'text', x: (lefts[column] ?? 0) + (right ? (widths[column] ?? 0) : 0), y, text, color, size, anchor: right ? 'end' : 'start', bold, code: !bold };
  };
  const marks: Mark[] = titles.map((title, column) => cell(title, column, row / 2, style.muted, true));
  marks.push({ mark: 'line', x0: 0, y0: row, x1: end, y1: row, color: style.border, width: 1 });
  const shares = rows.map((cells) => (bars === null ? 0 : Number(cells[bars] ?? 0)));
  const largest = Math.max(...shares, Number.MIN_VALUE);
  for (const [index, cells] of texts.entries()) {
    const y = row * (index + 1.5);
    for (const [column, text] of cells.entries()) marks.push(cell(text, column, y, style.foreground, false));
    if (bars !== null) marks.push({ mark: 'rect', x: end + gap, y: y - row / 2 + 4, width: ((shares[index] ?? 0) / largest) * longestBar, height: row - 8, fill: style.accent });
  }
  return { width: end + (bars === null ? 0 : gap + longestBar), height: row * (rows.length + 1), background: style.background, fontFamily: style.fontFamily, codeFamily: style.codeFamily, marks, label: caption };
}

const cut = (text: string): string => (text.length > widest ? `${text.slice(0, widest)}…` : text);
