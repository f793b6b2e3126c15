/** Where the page has set the text of a strip: read off the page, which alone knows how a browser breaks and orders lines. */
import type { Box, StripChip, StripText } from '../graphs/stripPicture.ts';

const characters = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** All of the strip, also what would have to be scrolled to. */
export function stripBoxes(strip: HTMLElement): { readonly chips: readonly StripChip[]; readonly gaps: readonly StripText[] } {
  const corner = strip.getBoundingClientRect();
  const padding = Number.parseFloat(getComputedStyle(strip).paddingLeft) || 0;
  const placed = ({ left, top, width, height }: DOMRect): Box => ({ x: left - corner.left + strip.scrollLeft - padding, y: top - corner.top + strip.scrollTop, width, height });
  const chips = [...strip.querySelectorAll<HTMLElement>('[data-token]')].map((chip): StripChip => {
    const { classList } = chip;
    return {
      boxes: [...chip.getClientRects()].filter(({ width }) => width > 0).map(placed),
      texts: textsIn(chip, placed),
      kind: classList.contains('added') ? 'added' : classList.contains('special') ? 'special' : 'text',
      partial: classList.contains('partial'),
      changed: classList.contains('changed'),
    };
  });
  return { chips, gaps: [...strip.querySelectorAll<HTMLElement>('.gap')].flatMap((gap) => textsIn(gap, placed)) };
}

function textsIn(element: HTMLElement, placed: (box: DOMRect) => Box): StripText[] {
  const nodes = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const texts: StripText[] = [];
  for (let node = nodes.nextNode(); node; node = nodes.nextNode()) {
    const { parentElement } = node;
    const size = parentElement ? Number.parseFloat(getComputedStyle(parentElement).fontSize) : 0;
    const faint = parentElement?.matches('.invisible, .byte') === true;
    for (const { box, text } of stretchesOf(node)) texts.push({ ...placed(box), text, size, faint });
  }
  return texts;
}

interface Stretch {
  text: string;
  box: DOMRect;
  /** Which way it has grown: 1 to the right, −1 to the left, 0 before there was a second character. */
  way: -1 | 0 | 1;
}

/** A text node in stretches that stand in one piece: it is broken at the end of a line, and where its direction changes. */
function stretchesOf(node: Node): Stretch[] {
  const stretches: Stretch[] = [];
  const range = document.createRange();
  for (const { segment, index } of characters.segment(node.textContent ?? '')) {
    range.setStart(node, index);
    range.setEnd(node, index + segment.length);
    const box = range.getBoundingClientRect();
    const last = stretches.at(-1);
    const way = last && wayTo(last.box, box);
    if (last && way && (last.way === 0 || last.way === way)) {
      last.text += segment;
      last.box = around(last.box, box);
      last.way = way;
    } else {
      stretches.push({ text: segment, box, way: 0 });
    }
  }
  return stretches.filter(({ box }) => box.width > 0);
}

/** On which side the next character stands; null where it is somewhere else. */
function wayTo(from: DOMRect, to: DOMRect): -1 | 1 | null {
  if (Math.abs(from.top - to.top) > to.height / 2) return null;
  if (Math.abs(to.left - from.right) < 1) return 1;
  return Math.abs(to.right - from.left) < 1 ? -1 : null;
}

function around(one: DOMRect, other: DOMRect): DOMRect {
  const [left, top] = [Math.min(one.left, other.left), Math.min(one.top, other.top)];
  return new DOMRect(left, top, Math.max(one.right, other.right) - left, Math.max(one.bottom, other.bottom) - top);
}
