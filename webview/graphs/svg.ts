/** Drawings as SVG documents; text stays text. */
import { hatchLines, type CurveMark, type Drawing, type Mark, type RectMark, type TextMark, type Turn } from './drawing.ts';
import { pngDataUrl } from './png.ts';

/**
 * Writes a drawing. `prefix` keeps the names of clip paths apart where several documents stand in one HTML page.
 */
export function svgDocument(drawing: Drawing, prefix = 'clip'): string {
  const page = new Page(drawing.codeFamily, prefix);
  const { width, height } = drawing;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${num(width)}" height="${num(height)}" viewBox="0 0 ${num(width)} ${num(height)}" role="img" aria-label="${escaped(drawing.label)}" font-family="${escaped(drawing.fontFamily)}">`,
    `<title>${escaped(drawing.label)}</title>`,
    `<rect width="${num(width)}" height="${num(height)}" fill="${escaped(drawing.background)}"/>`,
    ...drawing.marks.map((mark) => markup(mark, page)),
    '</svg>',
    '',
  ].join('\n');
}

/** What the marks of one document share: their fonts, and names for its clip paths. */
class Page {
  private count = 0;
  constructor(
    readonly codeFamily: string,
    private readonly prefix: string,
  ) {}
  clipName(): string {
    this.count += 1;
    return `${this.prefix}${this.count}`;
  }
}

function markup(mark: Mark, page: Page): string {
  switch (mark.mark) {
    case 'curve':
      return curve(mark);
    case 'line':
      return `<line x1="${num(mark.x0)}" y1="${num(mark.y0)}" x2="${num(mark.x1)}" y2="${num(mark.y1)}" stroke="${escaped(mark.color)}" stroke-width="${num(mark.width)}"/>`;
    case 'rect':
      return rect(mark);
    case 'dot':
      return `<circle cx="${num(mark.x)}" cy="${num(mark.y)}" r="${num(mark.radius)}" fill="${escaped(mark.color)}" opacity="${num(mark.opacity)}"/>`;
    case 'text':
      return text(mark, page);
    case 'bitmap':
      return `<image x="${num(mark.x)}" y="${num(mark.y)}" width="${num(mark.width)}" height="${num(mark.height)}" preserveAspectRatio="none" image-rendering="pixelated" href="${pngDataUrl(mark.bitmap)}"/>`;
    case 'hatch': {
      const path = hatchLines(mark).map(([x0, y0, x1, y1]) => `M${num(x0)} ${num(y0)}L${num(x1)} ${num(y1)}`);
      return `<path d="${path.join('')}" fill="none" stroke="${escaped(mark.color)}"/>`;
    }
    case 'clip': {
      const name = page.clipName();
      return [
        `<clipPath id="${name}"><rect x="${num(mark.x)}" y="${num(mark.y)}" width="${num(mark.width)}" height="${num(mark.height)}"/></clipPath>`,
        `<g clip-path="url(#${name})">`,
        ...mark.marks.map((inner) => markup(inner, page)),
        '</g>',
      ].join('\n');
    }
  }
}

function curve(mark: CurveMark): string {
  const path = `M${num(mark.x0)} ${num(mark.y0)}C${num(mark.cx0)} ${num(mark.cy0)} ${num(mark.cx1)} ${num(mark.cy1)} ${num(mark.x1)} ${num(mark.y1)}`;
  return `<path d="${path}" fill="none" stroke="${escaped(mark.color)}" stroke-width="${num(mark.width)}" opacity="${num(mark.opacity)}"/>`;
}

function rect(mark: RectMark): string {
  const fill = ` fill="${mark.fill === undefined ? 'none' : escaped(mark.fill)}"`;
  const stroke = mark.stroke === undefined ? '' : ` stroke="${escaped(mark.stroke)}" stroke-width="${num(mark.strokeWidth ?? 1)}"`;
  const opacity = mark.opacity === undefined ? '' : ` opacity="${num(mark.opacity)}"`;
  return `<rect x="${num(mark.x)}" y="${num(mark.y)}" width="${num(mark.width)}" height="${num(mark.height)}"${fill}${stroke}${opacity}${turned(mark.turn)}/>`;
}

function text(mark: TextMark, page: Page): string {
  const style = `${mark.code === true ? ` font-family="${escaped(page.codeFamily)}"` : ''}${mark.bold === true ? ' font-weight="600"' : ''}${mark.italic === true ? ' font-style="italic"' : ''}`;
  return `<text x="${num(mark.x)}" y="${num(mark.y)}" font-size="${num(mark.size)}" fill="${escaped(mark.color)}" text-anchor="${mark.anchor}" dominant-baseline="central" xml:space="preserve"${style}${turned(mark.turn)}>${escaped(mark.text)}</text>`;
}

function turned(turn: Turn | undefined): string {
  return turn ? ` transform="rotate(${num(turn.degrees)} ${num(turn.x)} ${num(turn.y)})"` : '';
}

/** Hundredths of a pixel are enough, and keep files small and snapshots steady. */
function num(value: number): string {
  return String(Math.round(value * 100) / 100 + 0);
}

/** Text may be anything a user selected: characters that XML forbids become U+FFFD. */
function escaped(value: string): string {
  return value
    // eslint-disable-next-line no-control-regex -- these are the very characters XML 1.0 forbids
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff\p{Cs}]/gu, '\ufffd')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;');
}
