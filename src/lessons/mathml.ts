/** Formulas: TeX by KaTeX to MathML, and that to plain elements, so that the page never parses markup of a lesson's. */
import katex from 'katex';
import type { MathElement } from '../protocol.ts';

/** Presentation MathML that KaTeX writes: nothing here links, loads or runs. */
const tags = new Set(['math', 'mrow', 'mi', 'mn', 'mo', 'ms', 'mtext', 'mspace', 'msup', 'msub', 'msubsup', 'mfrac', 'msqrt', 'mroot', 'mover', 'munder', 'munderover', 'mtable', 'mtr', 'mtd', 'mpadded', 'mphantom', 'mstyle', 'menclose', 'mmultiscripts', 'mprescripts', 'none']);
const attributes = new Set(['display', 'mathvariant', 'stretchy', 'fence', 'separator', 'form', 'accent', 'accentunder', 'lspace', 'rspace', 'width', 'height', 'depth', 'voffset', 'minsize', 'maxsize', 'movablelimits', 'linethickness', 'columnalign', 'columnspacing', 'rowspacing', 'columnlines', 'rowlines', 'displaystyle', 'scriptlevel', 'notation', 'symmetric', 'largeop']);

/** A formula longer than this is none of a lesson, UTF-16 units. */
const mostLetters = 2000;
const mostNested = 60;

/** What a formula comes to, or what is wrong with it. */
export type Formula = { readonly ok: true; readonly tree: MathElement } | { readonly ok: false; readonly message: string };

export function readFormula(tex: string, display: boolean): Formula {
  if (tex.length > mostLetters) return { ok: false, message: 'too long' };
  try {
    const markup = katex.renderToString(tex, { output: 'mathml', displayMode: display, throwOnError: true, trust: false, strict: 'ignore', maxSize: 20, maxExpand: 500 });
    const tree = readMarkup(markup);
    return tree ? { ok: true, tree } : { ok: false, message: 'no MathML' };
  } catch (thrown) {
    // Of KaTeX's own sentence only the part that says what is wrong.
    return { ok: false, message: (thrown instanceof Error ? thrown.message : String(thrown)).replace(/^KaTeX parse error:\s*/, '') };
  }
}

const piece = /<(\/?)([a-z]+)((?:\s+[a-zA-Z:-]+="[^"]*")*)\s*(\/?)>|([^<]+)/gy;
const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#x27': "'", '#39': "'" };

interface Open {
  readonly tag: string;
  readonly attributes: Record<string, string>;
  readonly children: (MathElement | string)[];
}

/** The `math` element in what KaTeX writes. Elements that are not listed fall away, but not what they hold; the annotation falls away whole. */
export function readMarkup(markup: string): MathElement | null {
  const root: Open = { tag: '', attributes: {}, children: [] };
  const open: Open[] = [root];
  let ends = 0;
  for (const [whole, closes, tag = '', given = '', empty, text] of markup.matchAll(piece)) {
    ends += whole.length;
    const top = open.at(-1);
    if (!top || open.length > mostNested) return null;
    if (text !== undefined) top.children.push(unescaped(text));
    else if (closes) close(open);
    else {
      open.push({ tag, attributes: listed(given), children: [] });
      if (empty) close(open);
    }
  }
  if (ends !== markup.length || open.length !== 1) return null;
  const [math] = root.children;
  return typeof math === 'object' && math.tag === 'math' ? math : null;
}

function close(open: Open[]): void {
  const done = open.pop();
  const holder = open.at(-1);
  if (!done || !holder || done.tag === 'annotation') return;
  if (tags.has(done.tag)) holder.children.push(done);
  else holder.children.push(...done.children);
}

function listed(given: string): Record<string, string> {
  const all = [...given.matchAll(/([a-zA-Z:-]+)="([^"]*)"/g)];
  return Object.fromEntries(all.flatMap(([, name = '', value = '']) => (attributes.has(name) ? [[name, unescaped(value)]] : [])));
}

function unescaped(text: string): string {
  return text.replaceAll(/&(amp|lt|gt|quot|#x27|#39);/g, (_whole, name: string) => entities[name] ?? '');
}
