/** An exported picture: drawings one below the other, and under them a caption. */
import type { Drawing, Frame, Mark, Turn } from './drawing.ts';

export interface SheetStyle {
  readonly background: string;
  readonly foreground: string;
  readonly fontFamily: string;
  readonly codeFamily: string;
}

const margin = 16;
const gap = 12;
const captionSize = 12;
const captionLine = 17;
/** A caption is never set narrower than this. */
const narrowest = 360;

/** @param measure of words about the picture, in the sheet's own font */
export function sheetOf(drawings: readonly Drawing[], caption: string, style: SheetStyle, measure: Frame['measure']): Drawing {
  const inner = Math.max(narrowest, ...drawings.map(({ width }) => width));
  const marks: Mark[] = [];
  let y = margin;
  for (const drawing of drawings) {
    marks.push(...drawing.marks.map((mark) => moved(mark, margin, y)));
    y += drawing.height + gap;
  }
  for (const line of wrapped(caption, inner, (text) => measure(text, captionSize))) {
    marks.push({ mark: 'text', x: margin, y: y + captionLine / 2, text: line, color: style.foreground, size: captionSize, anchor: 'start' });
    y += captionLine;
  }
  return { width: inner + 2 * margin, height: y + margin, background: style.background, fontFamily: style.fontFamily, codeFamily: style.codeFamily, marks, label: caption };
}

/** Lines that are no wider than this; text is broken at spaces, and where there are none between any two characters. */
export function wrapped(text: string, width: number, measure: (text: string) => number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const piece of text.split(/(?<=\s)|(?<=[\p{Script=Han}，。：；])/u).flatMap((word) => (measure(word) > width ? Array.from(word) : [word]))) {
    if (line !== '' && measure((line + piece).trimEnd()) > width) {
      lines.push(line.trimEnd());
      line = '';
    }
    line += piece;
  }
  if (line.trimEnd() !== '') lines.push(line.trimEnd());
  return lines;
}

const movedTurn = (mark: { readonly turn?: Turn }, dx: number, dy: number): { readonly turn?: Turn } => (mark.turn ? { turn: { ...mark.turn, x: mark.turn.x + dx, y: mark.turn.y + dy } } : {});

/** The same mark somewhere else. */
function moved(mark: Mark, dx: number, dy: number): Mark {
  switch (mark.mark) {
    case 'curve':
      return { ...mark, x0: mark.x0 + dx, y0: mark.y0 + dy, cx0: mark.cx0 + dx, cy0: mark.cy0 + dy, cx1: mark.cx1 + dx, cy1: mark.cy1 + dy, x1: mark.x1 + dx, y1: mark.y1 + dy };
    case 'line':
      return { ...mark, x0: mark.x0 + dx, y0: mark.y0 + dy, x1: mark.x1 + dx, y1: mark.y1 + dy };
    case 'text':
      return { ...mark, x: mark.x + dx, y: mark.y + dy, ...movedTurn(mark, dx, dy) };
    case 'rect':
      return { ...mark, x: mark.x + dx, y: mark.y + dy, ...movedTurn(mark, dx, dy) };
    case 'clip':
      return { ...mark, x: mark.x + dx, y: mark.y + dy, marks: mark.marks.map((inner) => moved(inner, dx, dy)) };
    default:
      return { ...mark, x: mark.x + dx, y: mark.y + dy };
  }
}
