/** The strip of tokens as an exported picture: text where the page has it, with its marks and shades. */
import type { Theme } from '../theme.ts';
import type { Drawing, Frame, Mark } from './drawing.ts';

/** In pixels from the top left corner of the strip. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Text on one line, in its box. */
export interface StripText extends Box {
  readonly text: string;
  readonly size: number;
  /** It stands for something that cannot be seen, or for bytes. */
  readonly faint: boolean;
}

export interface StripChip {
  /** One for each line that it is on. */
  readonly boxes: readonly Box[];
  readonly texts: readonly StripText[];
  readonly kind: 'text' | 'added' | 'special';
  readonly partial: boolean;
  readonly changed: boolean;
}

/** How deep a shade is, 0–1, and its hue. */
export interface StripShade {
  readonly strength: number;
  readonly color: string;
}

export interface StripPicture {
  /** Names the strip where there are two; else empty. */
  readonly title: string;
  readonly chips: readonly StripChip[];
  /** Text that is in no token. */
  readonly gaps: readonly StripText[];
  readonly shades: ReadonlyMap<number, StripShade>;
  /** What hues mean, where there are several. */
  readonly legend: readonly { readonly color: string; readonly text: string }[];
  readonly pinned: number | null;
  readonly off: ReadonlySet<number>;
  /** The strip in one sentence. */
  readonly label: string;
}

/** A full shade lets this much of its hue through, as on the page. */
const deepest = 0.55;

const gap = 6;
const titleSize = 12;

/** @param measure in the font of words */
export function stripPicture(strip: StripPicture, theme: Theme, measure: Frame['measure']): Drawing {
  const top = strip.title === '' ? 0 : titleSize + 2 * gap;
  const texts = [...strip.gaps, ...strip.chips.flatMap((chip) => chip.texts)];
  const bottom = Math.max(0, ...texts.map(({ y, height }) => y + height), ...strip.chips.flatMap(({ boxes }) => boxes.map(({ y, height }) => y + height)));
  const right = Math.max(0, ...texts.map(({ x, width }) => x + width), ...strip.chips.flatMap(({ boxes }) => boxes.map(({ x, width }) => x + width)));
  const legend = legendMarks(strip.legend, top + bottom + 2 * gap, theme, measure);
  return {
    width: Math.ceil(Math.max(right + gap, legend.right)),
    height: Math.ceil(top + bottom + gap + legend.height),
    background: theme.background,
    fontFamily: theme.fontFamily,
    codeFamily: theme.codeFamily,
    label: strip.label,
    marks: [
      ...(strip.title === '' ? [] : [{ mark: 'text', x: 0, y: titleSize / 2 + 2, text: strip.title, color: theme.muted, size: titleSize, anchor: 'start', bold: true } as const]),
      ...strip.gaps.map((text) => textMark(text, false, top, theme)),
      ...strip.chips.flatMap((chip, token) => chipMarks(chip, strip.shades.get(token), strip.pinned === token, strip.off.has(token), top, theme)),
      ...legend.marks,
    ],
  };
}

function chipMarks(chip: StripChip, shade: StripShade | undefined, pinned: boolean, off: boolean, top: number, theme: Theme): Mark[] {
  const boxes = chip.boxes.map((box) => ({ ...box, y: box.y + top }));
  const under = (color: string, width: number) => ({ x, y, width: wide, height }: Box): Mark => ({ mark: 'line', x0: x + 1.5, y0: y + height - 1.5, x1: x + wide - 1.5, y1: y + height - 1.5, color, width });
  return [
    ...(shade ? boxes.map((box): Mark => ({ mark: 'rect', ...box, fill: shade.color, opacity: deepest * shade.strength })) : []),
    ...(chip.kind === 'text' ? boxes.map(({ x, y, width, height }): Mark => ({ mark: 'rect', x: x + 1.5, y: y + height - 2, width: Math.max(1, width - 3), height: 1, fill: theme.foreground, opacity: 0.22 })) : boxes.map((box): Mark => ({ mark: 'rect', ...inset(box), stroke: theme.muted }))),
    ...(chip.partial ? boxes.map(under(theme.accent, 2)) : []),
    ...(chip.changed ? boxes.map(under(theme.warning, 2)) : []),
    ...chip.texts.map((text) => textMark(text, chip.kind === 'added', top, theme)),
    ...(off ? boxes.map(({ x, y, width, height }): Mark => ({ mark: 'line', x0: x, y0: y + height / 2, x1: x + width, y1: y + height / 2, color: theme.error, width: 2 })) : []),
    ...(pinned ? boxes.map((box): Mark => ({ mark: 'rect', ...box, stroke: theme.focus, strokeWidth: 2 })) : []),
  ];
}

const inset = ({ x, y, width, height }: Box): Box => ({ x: x + 0.5, y: y + 0.5, width: width - 1, height: height - 1 });

function textMark({ x, y, height, text, size, faint }: StripText, italic: boolean, top: number, theme: Theme): Mark {
  return { mark: 'text', x, y: top + y + height / 2, text, color: faint || italic ? theme.muted : theme.foreground, size, anchor: 'start', code: true, ...(italic ? { italic } : {}) };
}

const swatch = 12;
const legendSize = 11;

function legendMarks(legend: StripPicture['legend'], y: number, theme: Theme, measure: Frame['measure']): { readonly marks: readonly Mark[]; readonly height: number; readonly right: number } {
  let x = 0;
  const marks = legend.flatMap(({ color, text }): Mark[] => {
    const own: Mark[] = [
      { mark: 'rect', x, y, width: swatch, height: swatch, fill: color, opacity: deepest },
      { mark: 'text', x: x + swatch + gap, y: y + swatch / 2, text, color: theme.muted, size: legendSize, anchor: 'start' },
    ];
    x += swatch + gap + measure(text, legendSize) + 3 * gap;
    return own;
  });
  return { marks, height: marks.length > 0 ? swatch + 3 * gap : 0, right: x };
}
