/** Prose of a lesson: markdown-it's tokens as a plain tree. What is not listed here is refused where it stands. */
import * as l10n from '@vscode/l10n';
import type { Block, Inline, TableCell } from '../protocol.ts';
import { readInline, type MarkdownToken } from './markdown.ts';
import { readFormula } from './mathml.ts';
import type { Mistakes, TextRange } from './mistakes.ts';
import { readLink } from './pointing.ts';

/** A link to a claim or a point that names tokens, to be held against the rest of the step. */
export type Mention =
  | { readonly of: 'claim'; readonly id: string; readonly stated: string; readonly range: TextRange }

  | { readonly of: 'token'; readonly token: string; readonly range: TextRange }
  | { readonly of: 'head'; readonly layer: number; readonly head: number | null; readonly range: TextRange }
  | { readonly of: 'lesson'; readonly id: string; readonly range: TextRange };

/** Where a stretch of prose stands in its file, and who hears of what is found in it. */
export interface ProsePlace {
  /** The whole file. */
  readonly file: string;
  readonly range: TextRange;
  readonly mistakes: Mistakes;
  readonly mention: (mention: Mention) => void;
  /** What a claim of the step is a measurement of, in words. */
  readonly measured: (claim: string) => string;
}

/** One paragraph's worth of prose from a block's string. */
export function inlineProse(source: string, place: ProsePlace): Inline[] {
  return readInline(source).flatMap((token) => new ProseReader(place).inline(token.children ?? []));
}

/** All text in some prose, as it is read. */
export function plainText(inlines: readonly Inline[]): string {
  return inlines.map((inline) => ('children' in inline ? plainText(inline.children) : inline.kind === 'text' || inline.kind === 'code' ? inline.text : inline.kind === 'math' ? inline.tex : ' ')).join('');
}

const bothAreHan = /\p{Script=Han}|[，。；：？！、）」』”]/u;

export class ProseReader {
  /** Links are looked for in the file from here on. */
  private from: number;

  constructor(private readonly place: ProsePlace) {
    this.from = place.range.start;
  }

  /** Blocks from tokens that are all of one parent's. */
  blocks(tokens: readonly MarkdownToken[]): Block[] {
    const found: Block[] = [];
    for (let index = 0; index < tokens.length; ) {
      const token = tokens[index];
      if (!token) break;
      const end = endOf(tokens, index);
      const block = this.block(token, tokens.slice(index + 1, end));
      if (block) found.push(block);
      index = end + 1;
    }
    return found;
  }

  /** @param children of a block's inline token */
  inline(tokens: readonly MarkdownToken[]): Inline[] {
    const found: Inline[] = [];
    for (let index = 0; index < tokens.length; ) {
      const token = tokens[index];
      if (!token) break;
      const end = endOf(tokens, index);
      found.push(...this.inlineOf(token, tokens.slice(index + 1, end), tokens[index - 1], tokens[end + 1]));
      index = end + 1;
    }
    return found;
  }

  private block(token: MarkdownToken, inside: readonly MarkdownToken[]): Block | null {
    switch (token.type) {
      case 'paragraph_open':
        return { kind: 'paragraph', children: this.lines(inside) };
      case 'heading_open':
        if (token.tag === 'h3' || token.tag === 'h4') return { kind: 'heading', level: token.tag === 'h3' ? 3 : 4, children: this.lines(inside) };
        return this.refuse(l10n.t('Headings of a lesson are ## for a step, ### and #### inside it; its title stands at the top of the file.'));
      case 'bullet_list_open':
      case 'ordered_list_open':
        return { kind: 'list', start: token.type === 'bullet_list_open' ? null : Number(token.attrGet('start') ?? 1), items: itemsOf(inside).map((item) => this.blocks(item)) };
      case 'blockquote_open':
        return { kind: 'quote', children: this.blocks(inside) };
      case 'fence':
      case 'code_block':
        return { kind: 'code', language: /^\w{1,20}/.exec(token.info)?.[0] ?? '', text: token.content };
      case 'formula_block':
        return this.formula(token.content, true);
      case 'table_open':
        return this.table(inside);
      case 'hr':
        return null;
      case 'html_block':
        return this.refuse(l10n.t('HTML is not shown in lessons.'), token.content.trim());
      default:
        return this.refuse(l10n.t('This is not shown in lessons.'));
    }
  }

  private lines(inside: readonly MarkdownToken[]): Inline[] {
    return inside.flatMap((token) => this.inline(token.children ?? []));
  }

  private table(inside: readonly MarkdownToken[]): Block {
    const rows: TableCell[][] = [];
    for (const [index, token] of inside.entries()) {
      if (token.type === 'tr_open') rows.push([]);
      if (token.type !== 'th_open' && token.type !== 'td_open') continue;
      const style = String(token.attrGet('style') ?? '');
      const align = style.endsWith('center') ? 'center' : style.endsWith('right') ? 'end' : 'start';
      rows.at(-1)?.push({ align, children: this.lines(inside.slice(index + 1, endOf(inside, index))) });
    }
    return { kind: 'table', head: rows[0] ?? [], rows: rows.slice(1) };
  }

  private inlineOf(token: MarkdownToken, inside: readonly MarkdownToken[], before: MarkdownToken | undefined, after: MarkdownToken | undefined): Inline[] {
    switch (token.type) {
      case 'text':
        return token.content ? [{ kind: 'text', text: token.content }] : [];
      case 'text_special':
        return [{ kind: 'text', text: token.content }];
      case 'softbreak': {
        // Chinese has no blank where a line ends.
        const joined = bothAreHan.test(before?.content.at(-1) ?? ' ') && bothAreHan.test(after?.content[0] ?? ' ');
        return joined ? [] : [{ kind: 'text', text: ' ' }];
      }
      case 'hardbreak':
        return [{ kind: 'break' }];
      case 'code_inline':
        return [{ kind: 'code', text: token.content }];
      case 'strong_open':
        return [{ kind: 'strong', children: this.inline(inside) }];
      case 'em_open':
        return [{ kind: 'emphasis', children: this.inline(inside) }];
      case 'formula_inline': {
        const formula = this.formula(token.content, false);
        return formula ? [formula] : [];
      }
      case 'link_open':
        return this.link(String(token.attrGet('href') ?? ''), inside);
      case 'image':
        this.refuse(l10n.t('Pictures are not shown in lessons: a step shows the live view.'), `](${String(token.attrGet('src') ?? '')}`);
        return [];
      case 'html_inline':
        this.refuse(l10n.t('HTML is not shown in lessons.'), token.content);
        return [];
      default:
        this.refuse(l10n.t('This is not shown in lessons.'));
        return [];
    }
  }

  private link(address: string, inside: readonly MarkdownToken[]): Inline[] {
    const range = this.find(`](${address}`, 2) ?? this.find(`](<${address}`, 3) ?? this.find(address) ?? this.place.range;
    const children = this.inline(inside);
    const link = readLink(address);
    if (!link) {
      const outside = /^[a-z][a-z0-9+.-]*:/i.test(address) && !/^(point|claim|lesson):/.test(address);
      this.place.mistakes.add(range, outside ? l10n.t('Lessons link to nothing outside them.') : l10n.t('{0} is nothing that can be pointed at. There are token/…, link/…>…, head/layer.head, layer/…, and parts of the page: strip, picture, toolbar, navigator, bars, sampling, experiments, model, text.', address));
      return children;
    }
    const { mention } = this.place;
    if (link.to !== 'point') {
      mention(link.to === 'lesson' ? { of: 'lesson', id: link.id, range } : { of: 'claim', id: link.id, stated: plainText(children), range });
      return [link.to === 'lesson' ? { kind: 'lesson', id: link.id, children } : { kind: 'claim', id: link.id, measured: this.place.measured(link.id), children }];
    }
    const { target } = link;
    if (target.of === 'token') mention({ of: 'token', token: target.token, range });
    if (target.of === 'link') for (const token of [target.from, target.to]) mention({ of: 'token', token, range });
    if (target.of === 'head') mention({ of: 'head', layer: target.layer, head: target.head, range });
    if (target.of === 'layer') mention({ of: 'head', layer: target.layer, head: null, range });
    return [{ kind: 'point', target, children }];
  }

  private formula(tex: string, display: boolean): { kind: 'math'; tex: string; tree: Extract<Inline, { kind: 'math' }>['tree'] } | null {
    const formula = readFormula(tex, display);
    if (formula.ok) return { kind: 'math', tex, tree: formula.tree };
    return this.refuse(l10n.t('This formula cannot be read: {0}', formula.message), tex);
  }

  private refuse(message: string, written?: string): null {
    this.place.mistakes.add((written ? this.find(written) : null) ?? this.place.range, message);
    return null;
  }

  /** Where something that was read stands in the file: the first time after what was found before. */
  private find(written: string, skip = 0): TextRange | null {
    const { file, range } = this.place;
    const at = file.slice(0, range.end).indexOf(written, this.from);
    if (at === -1) return null;
    this.from = at + 1;
    return { start: at + skip, end: at + written.length };
  }
}

/** Index of the token that closes the one at `index`; `index` itself where it opens nothing. */
function endOf(tokens: readonly MarkdownToken[], index: number): number {
  let depth = 0;
  for (let at = index; at < tokens.length; at++) {
    depth += tokens[at]?.nesting ?? 0;
    if (depth === 0) return at;
  }
  return tokens.length;
}

/** The tokens inside each item of a list. */
function itemsOf(tokens: readonly MarkdownToken[]): (readonly MarkdownToken[])[] {
  const items: (readonly MarkdownToken[])[] = [];
  for (let index = 0; index < tokens.length; ) {
    const end = endOf(tokens, index);
    items.push(tokens.slice(index + 1, end));
    index = end + 1;
  }
  return items;
}
