/** Paints a drawing on a 2D canvas, sharp at any device pixel ratio. */
import { TRANSPARENT, hatchLines, type Bitmap, type BitmapMark, type ClipMark, type CurveMark, type Drawing, type HatchMark, type Mark, type Measure, type RectMark, type TextMark, type Turn } from './drawing.ts';

type Context = CanvasRenderingContext2D;
type Fonts = Pick<Drawing, 'fontFamily' | 'codeFamily'>;

/** Sizes the canvas to the drawing and paints it. */
export function paintDrawing(canvas: HTMLCanvasElement, drawing: Drawing, pixelRatio: number): void {
  const width = Math.round(drawing.width * pixelRatio);
  const height = Math.round(drawing.height * pixelRatio);
  // Setting either size reallocates the bitmap, so only when it changes.
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const context = canvas.getContext('2d');
  if (!context) return;
  context.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0);
  context.globalAlpha = 1;
  context.clearRect(0, 0, drawing.width, drawing.height);
  context.lineCap = 'butt';
  context.textBaseline = 'middle';
  paintMarks(context, drawing.marks, drawing);
}

/** The width of text in a font of the page, remembered for each text. */
export function canvasMeasure(fontFamily: string): Measure {
  const context = document.createElement('canvas').getContext('2d');
  const widths = new Map<string, number>();
  return (text, size, bold) => {
    const font = fontOf({ size, bold: bold ?? false, italic: false }, fontFamily);
    const key = `${font}\n${text}`;
    const known = widths.get(key);
    if (known !== undefined) return known;
    if (!context) return text.length * size * 0.6;
    context.font = font;
    const { width } = context.measureText(text);
    widths.set(key, width);
    return width;
  };
}

function paintMarks(context: Context, marks: readonly Mark[], fonts: Fonts): void {
  for (const mark of marks) {
    switch (mark.mark) {
      case 'curve':
        paintCurve(context, mark);
        break;
      case 'line':
        context.strokeStyle = mark.color;
        context.lineWidth = mark.width;
        context.beginPath();
        context.moveTo(mark.x0, mark.y0);
        context.lineTo(mark.x1, mark.y1);
        context.stroke();
        break;
      case 'rect':
        turned(context, mark.turn, () => {
          paintRect(context, mark);
        });
        break;
      case 'dot':
        context.globalAlpha = mark.opacity;
        context.fillStyle = mark.color;
        context.beginPath();
        context.arc(mark.x, mark.y, mark.radius, 0, 2 * Math.PI);
        context.fill();
        context.globalAlpha = 1;
        break;
      case 'text':
        paintText(context, mark, fonts);
        break;
      case 'bitmap':
        paintBitmap(context, mark);
        break;
      case 'hatch':
        paintHatch(context, mark);
        break;
      case 'clip':
        paintClip(context, mark, fonts);
        break;
      default:
        mark satisfies never;
    }
  }
}

function paintCurve(context: Context, mark: CurveMark): void {
  context.globalAlpha = mark.opacity;
  context.strokeStyle = mark.color;
  context.lineWidth = mark.width;
  context.beginPath();
  context.moveTo(mark.x0, mark.y0);
  context.bezierCurveTo(mark.cx0, mark.cy0, mark.cx1, mark.cy1, mark.x1, mark.y1);
  context.stroke();
  context.globalAlpha = 1;
}

function paintRect(context: Context, mark: RectMark): void {
  context.globalAlpha = mark.opacity ?? 1;
  if (mark.fill !== undefined) {
    context.fillStyle = mark.fill;
    context.fillRect(mark.x, mark.y, mark.width, mark.height);
  }
  if (mark.stroke !== undefined) {
    context.strokeStyle = mark.stroke;
    context.lineWidth = mark.strokeWidth ?? 1;
    context.strokeRect(mark.x, mark.y, mark.width, mark.height);
  }
  context.globalAlpha = 1;
}

function paintText(context: Context, mark: TextMark, fonts: Fonts): void {
  context.font = fontOf({ size: mark.size, bold: mark.bold ?? false, italic: mark.italic ?? false }, mark.code === true ? fonts.codeFamily : fonts.fontFamily);
  context.fillStyle = mark.color;
  // Not "start": in right-to-left text that would swap sides.
  context.textAlign = mark.anchor === 'start' ? 'left' : mark.anchor === 'end' ? 'right' : 'center';
  turned(context, mark.turn, () => {
    context.fillText(mark.text, mark.x, mark.y);
  });
}

function turned(context: Context, turn: Turn | undefined, paint: () => void): void {
  if (!turn) {
    paint();
    return;
  }
  context.save();
  context.translate(turn.x, turn.y);
  context.rotate((turn.degrees * Math.PI) / 180);
  context.translate(-turn.x, -turn.y);
  paint();
  context.restore();
}

function fontOf(style: { size: number; bold: boolean; italic: boolean }, family: string): string {
  return `${style.italic ? 'italic ' : ''}${style.bold ? '600 ' : ''}${style.size}px ${family}`;
}

function paintHatch(context: Context, mark: HatchMark): void {
  context.strokeStyle = mark.color;
  context.lineWidth = 1;
  context.beginPath();
  for (const [x0, y0, x1, y1] of hatchLines(mark)) {
    context.moveTo(x0, y0);
    context.lineTo(x1, y1);
  }
  context.stroke();
}

function paintClip(context: Context, mark: ClipMark, fonts: Fonts): void {
  context.save();
  context.beginPath();
  context.rect(mark.x, mark.y, mark.width, mark.height);
  context.clip();
  paintMarks(context, mark.marks, fonts);
  context.restore();
}

const bitmapCanvases = new WeakMap<Bitmap, HTMLCanvasElement>();

function paintBitmap(context: Context, mark: BitmapMark): void {
  let cells = bitmapCanvases.get(mark.bitmap);
  if (!cells) {
    cells = bitmapCanvas(mark.bitmap);
    bitmapCanvases.set(mark.bitmap, cells);
  }
  context.imageSmoothingEnabled = mark.width < mark.bitmap.columns;
  context.drawImage(cells, mark.x, mark.y, mark.width, mark.height);
}

/** One pixel a cell. */
function bitmapCanvas(bitmap: Bitmap): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = bitmap.columns;
  canvas.height = bitmap.rows;
  const context = canvas.getContext('2d');
  if (!context || bitmap.cells.length === 0) return canvas;
  const image = context.createImageData(bitmap.columns, bitmap.rows);
  for (let cell = 0; cell < bitmap.cells.length; cell++) {
    const index = bitmap.cells[cell] ?? TRANSPARENT;
    if (index === TRANSPARENT) continue;
    image.data[4 * cell] = bitmap.palette[3 * index] ?? 0;
    image.data[4 * cell + 1] = bitmap.palette[3 * index + 1] ?? 0;
    image.data[4 * cell + 2] = bitmap.palette[3 * index + 2] ?? 0;
    image.data[4 * cell + 3] = 255;
  }
  context.putImageData(image, 0, 0);
  return canvas;
}
