/** A part of the page as a picture file. */
import { canvasMeasure, paintDrawing } from '../graphs/canvas.ts';
import type { Drawing } from '../graphs/drawing.ts';
import { sheetOf } from '../graphs/sheet.ts';
import { tableDrawing } from '../graphs/tableDrawing.ts';
import { theme } from '../theme.ts';
import type { TableData } from '../ui/tableData.ts';
import { drawingsIn } from './drawn.ts';

/** Pixels of the file to a pixel of the page, and the most that a canvas has either way. */
const sharpness = 2;
const longestSide = 16_384;

/** @param bars as in `tableDrawing`, for what the page does not draw itself */
export function pictureOf(part: Element, tables: readonly TableData[], caption: string, bars: number | null): Drawing {
  const { background, foreground, fontFamily, codeFamily, muted, border, accent } = theme.value;
  const style = { background, foreground, fontFamily, codeFamily, muted, border, accent };
  const drawn = drawingsIn(part);
  const measure = canvasMeasure(codeFamily);
  const drawings = drawn.length > 0 ? drawn : tables.map((table) => tableDrawing(table, bars, style, measure));
  return sheetOf(drawings, caption, style, canvasMeasure(fontFamily));
}

/** The bytes of a PNG; null where there is no room for it. */
export async function pngOf(drawing: Drawing): Promise<Uint8Array | null> {
  const canvas = document.createElement('canvas');
  const ratio = Math.min(sharpness, longestSide / drawing.width, longestSide / drawing.height);
  // What shines through on the page is the page's own colour.
  const { width, height, background } = drawing;
  paintDrawing(canvas, { ...drawing, marks: [{ mark: 'rect', x: 0, y: 0, width, height, fill: background }, ...drawing.marks] }, ratio);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  return blob && new Uint8Array(await blob.arrayBuffer());
}
