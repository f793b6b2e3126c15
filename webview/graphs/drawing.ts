/**
 * A picture as a value: a list of marks in the order they are painted, in CSS pixels from the
 * top left corner. `canvas.ts` paints it, `svg.ts` writes it; both know nothing else.
 */

export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly background: string;
  /** For words about the picture. */
  readonly fontFamily: string;
  /** For tokens. */
  readonly codeFamily: string;
  readonly marks: readonly Mark[];
  /** The picture in one sentence, for a screen reader and for the caption of an export. */
  readonly label: string;
}

export type Mark = CurveMark | LineMark | RectMark | DotMark | TextMark | BitmapMark | HatchMark | ClipMark;

/** A cubic Bézier curve from `x0, y0` to `x1, y1`. */
export interface CurveMark {
  readonly mark: 'curve';
  readonly x0: number;
  readonly y0: number;
  readonly cx0: number;
  readonly cy0: number;
  readonly cx1: number;
  readonly cy1: number;
  readonly x1: number;
  readonly y1: number;
  readonly color: string;
  readonly width: number;
  readonly opacity: number;
}

export interface LineMark {
  readonly mark: 'line';
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
  readonly color: string;
  readonly width: number;
}

export interface RectMark {
  readonly mark: 'rect';
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly fill?: string;
  readonly opacity?: number;
  readonly stroke?: string;
  readonly strokeWidth?: number;
  readonly turn?: Turn;
}

/** Turned by so many degrees clockwise about a point. */
export interface Turn {
  readonly degrees: number;
  readonly x: number;
  readonly y: number;
}

export interface DotMark {
  readonly mark: 'dot';
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  readonly color: string;
  readonly opacity: number;
}

/** One line of text; `y` is its vertical middle. */
export interface TextMark {
  readonly mark: 'text';
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly color: string;
  readonly size: number;
  readonly anchor: 'start' | 'middle' | 'end';
  /** In the tokens' font. */
  readonly code?: boolean;
  readonly bold?: boolean;
  readonly italic?: boolean;
  readonly turn?: Turn;
}

/** Square-edged cells, `[row, column]`, each an index into the palette. */
export interface BitmapMark {
  readonly mark: 'bitmap';
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly bitmap: Bitmap;
}

/** Kept by identity: renderers cache what they make of it. */
export interface Bitmap {
  readonly rows: number;
  readonly columns: number;
  /** `[row, column]`; `TRANSPARENT` lets through what lies below. */
  readonly cells: Uint8Array;
  readonly palette: Palette;
}

/** RGB triples of indices 0–254. */
export type Palette = Uint8Array;

/** The palette index that is not painted. */
export const TRANSPARENT = 255;

/** Slanting lines: "there is nothing to see here", which differs from a value of zero. */
export interface HatchMark {
  readonly mark: 'hatch';
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly color: string;
  readonly gap: number;
}

/** Marks of which only what lies inside the rectangle is seen. */
export interface ClipMark {
  readonly mark: 'clip';
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly marks: readonly Mark[];
}

/** The room a picture has, and how wide text is in it. */
export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly measure: Measure;
}

/** Width of one line of text in the tokens' font, in pixels. */
export type Measure = (text: string, size: number, bold?: boolean) => number;

/** Where hatching lines cross a rectangle: parallel at 45°, `gap` pixels apart, fixed to the page's origin so that they do not swim. */
export function hatchLines(area: { x: number; y: number; width: number; height: number; gap: number }): [number, number, number, number][] {
  const { x, y, width, height, gap } = area;
  const lines: [number, number, number, number][] = [];
  // x + y = sum along each line
  const first = Math.ceil((x + y) / gap) * gap;
  for (let sum = first; sum <= x + width + y + height; sum += gap) {
    const top = Math.min(sum - y, x + width);
    const left = Math.min(sum - x, y + height);
    lines.push([top, sum - top, sum - left, left]);
  }
  return lines;
}
