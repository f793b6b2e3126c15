/** The logit lens as a table: the likeliest word in each cell, its probability as shade, and the way of one token beside it. */
import { decimalText } from '../numbers.ts';
import type { Theme } from '../theme.ts';
import type { Drawing, Frame, Mark } from './drawing.ts';
import { inkOn } from './ink.ts';
import { fitText, shortLabel } from './labels.ts';
import { lensChart } from './lensChart.ts';
import { mostDivergence, type LensData } from './lensData.ts';
import { columnsInSight, rowTopOf, type LensLayout } from './lensLayout.ts';
import { lensLegend } from './lensLegend.ts';
import { layerName, lensCellSentence, lensSentence } from './lensSentences.ts';
import { readout } from './tokenRows.ts';
import { strength } from './weights.ts';

export function lensTable(data: LensData, layout: LensLayout, scroll: { readonly x: number; readonly y: number }, theme: Theme, frame: Frame): Drawing {
  const { area } = layout;
  const { cell } = data;
  const at = cell && { x: area.x + (cell.position + 0.5) * layout.cell - scroll.x, y: rowTopOf(layout, cell.row, scroll.y) + layout.row / 2 };
  return {
    width: frame.width,
    height: frame.height,
    background: theme.background,
    fontFamily: theme.fontFamily,
    codeFamily: theme.codeFamily,
    label: lensSentence(data),
    marks: [
      { mark: 'clip', ...area, marks: cellMarks(data, layout, scroll, theme, frame) },
      ...outlines(data, layout, scroll, theme),
      ...columnLabels(data, layout, scroll.x, theme, frame),
      ...rowLabels(data, layout, scroll.y, theme),
      ...lensChart(data, layout, scroll.y, theme, frame),
      ...lensLegend(data, layout, theme, frame),
      ...(cell && at ? readout(lensCellSentence(data, cell), at, theme, frame) : []),
    ],
  };
}

function cellMarks(data: LensData, layout: LensLayout, scroll: { readonly x: number; readonly y: number }, theme: Theme, frame: Frame): Mark[] {
  const { cell, row, area } = layout;
  const [first, end] = columnsInSight(layout, scroll.x);
  const size = Math.min(theme.codeSize, 12);
  const most = mostDivergence(data.columns);
  const marks: Mark[] = [];
  for (let position = first; position < end; position++) {
    const x = area.x + position * cell - scroll.x;
    const column = data.columns.get(position);
    if (!column) {
      marks.push({ mark: 'hatch', x, y: area.y, width: cell, height: area.height, color: theme.border, gap: 7 });
      continue;
    }
    for (const [index, top] of column.top.entries()) {
      const y = rowTopOf(layout, index, scroll.y);
      const [likeliest] = top;
      if (!likeliest || y > area.y + area.height || y + row < area.y) continue;
      const t = strength(data.shade === 'probability' ? Math.exp(likeliest.logProbability) : (column.divergence[index] ?? 0) / most);
      const fill = theme.ramp(t);
      marks.push({ mark: 'rect', x: x + 0.5, y: y + 0.5, width: cell - 1, height: row - 1, fill });
      const [was] = data.before?.get(position)?.top[index] ?? [];
      if (was && was.id !== likeliest.id) marks.push({ mark: 'rect', x: x + 2, y: y + 2, width: cell - 4, height: row - 4, stroke: inkOn(fill), strokeWidth: 2 });
      if (cell >= 24) marks.push({ mark: 'text', x: x + cell / 2, y: y + row / 2 + 0.5, text: fitText(shortLabel(likeliest.text), size, cell - 8, frame.measure), color: t < 0.04 ? theme.muted : inkOn(fill), size, anchor: 'middle', code: true });
    }
  }
  return marks;
}

/** The column in question, the one in focus, and the cell that is looked at. */
function outlines(data: LensData, layout: LensLayout, scroll: { readonly x: number; readonly y: number }, theme: Theme): Mark[] {
  const { area, cell, row } = layout;
  const column = (position: number, strokeWidth: number): Mark => ({ mark: 'rect', x: area.x + position * cell - scroll.x, y: area.y - 20, width: cell, height: area.height + 21, stroke: theme.focus, strokeWidth });
  const marks: Mark[] = [column(data.position, 2)];
  if (data.focus !== null && data.focus !== data.position) marks.push(column(data.focus, 1));
  if (data.cell) marks.push({ mark: 'rect', x: area.x + data.cell.position * cell - scroll.x, y: rowTopOf(layout, data.cell.row, scroll.y), width: cell, height: row, stroke: theme.foreground, strokeWidth: 2 });
  return [{ mark: 'clip', x: area.x - 1, y: area.y - 22, width: area.width + 2, height: area.height + 24, marks }];
}

/** Labels of the columns that are seen; in narrow columns only of those that keep clear. */
function columnLabels(data: LensData, layout: LensLayout, scroll: number, theme: Theme, frame: Frame): Mark[] {
  const { area, cell } = layout;
  const [first, end] = columnsInSight(layout, scroll);
  const size = Math.min(theme.codeSize, 12);
  const stride = Math.max(1, Math.ceil(34 / cell));
  const marks: Mark[] = [];
  for (let position = first; position < end; position++) {
    const strong = position === data.position || position === data.focus;
    if (!strong && position % stride !== 0) continue;
    const label = data.labels[position];
    const room = strong ? Math.max(cell, 60) : cell * stride;
    marks.push({
      mark: 'text', x: area.x + (position + 0.5) * cell - scroll, y: area.y - 10, size, anchor: 'middle', code: true,
      text: fitText(label?.text ?? '', size, room - 6, frame.measure), color: label?.tone === 'text' || strong ? theme.foreground : theme.muted,
      ...(position === data.position ? { bold: true } : {}),
    });
  }
  return [{ mark: 'clip', x: area.x, y: 0, width: area.width, height: area.y, marks }];
}

function rowLabels({ layers, cell }: LensData, layout: LensLayout, scroll: number, theme: Theme): Mark[] {
  const { area, row, named } = layout;
  const marks = layers.map((layer, index): Mark => ({
    mark: 'text', x: area.x - 8, y: rowTopOf(layout, index, scroll) + row / 2 + 0.5, size: Math.max(10, theme.fontSize - 2), anchor: 'end',
    text: named ? layerName(layer) : layer < 0 ? '–' : decimalText(layer, 0), color: cell?.row === index ? theme.foreground : theme.muted, bold: cell?.row === index,
  }));
  return [{ mark: 'clip', x: 0, y: area.y, width: area.x, height: area.height, marks }];
}
