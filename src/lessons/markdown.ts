/** Markdown as lessons use it, with formulas between dollars; what comes out are markdown-it's tokens, never HTML. */
import MarkdownIt, { type StateBlock, type StateInline, type Token } from 'markdown-it';

export type MarkdownToken = Token;

/** HTML is recognised in order to be refused. Addresses stay as they are written, so that they can be found in the file. */
const markdown = new MarkdownIt({ html: true, linkify: false, typographer: false });
markdown.disable(['strikethrough', 'lheading', 'reference']);
markdown.normalizeLink = (address) => address;
markdown.validateLink = () => true;
markdown.block.ruler.before('fence', 'formula', blockFormula, { alt: ['paragraph', 'list', 'blockquote'] });
markdown.inline.ruler.before('escape', 'formula', inlineFormula);

/** Blocks nested deeper than this are none of a lesson; markdown-it leaves them out beyond its own bound. */
export function readMarkdown(source: string): MarkdownToken[] {
  return markdown.parse(source, {});
}

/** One line of prose. */
export function readInline(source: string): MarkdownToken[] {
  return markdown.parseInline(source, {});
}

/** `$$` at the beginning of a line up to `$$` at the end of one. */
function blockFormula(state: StateBlock, startLine: number, endLine: number, silent: boolean): boolean {
  const begin = lineStart(state, startLine);
  if (!state.src.startsWith('$$', begin)) return false;
  for (let line = startLine; line < endLine; line++) {
    const text = state.src.slice(line === startLine ? begin + 2 : lineStart(state, line), state.eMarks[line]).trimEnd();
    if (!text.endsWith('$$')) continue;
    if (silent) return true;
    state.line = line + 1;
    const token = state.push('formula_block', '', 0);
    token.content = state.src.slice(begin + 2, state.eMarks[line]).trimEnd().slice(0, -2).trim();
    token.map = [startLine, state.line];
    return true;
  }
  return false;
}

function lineStart(state: StateBlock, line: number): number {
  return (state.bMarks[line] ?? 0) + (state.tShift[line] ?? 0);
}

/** `$x$`: no blank inside the dollars, and no digit after the second, so that prices stay prices. */
function inlineFormula(state: StateInline, silent: boolean): boolean {
  const { src, pos, posMax } = state;
  if (src[pos] !== '$' || /[\s$]/.test(src[pos + 1] ?? ' ')) return false;
  for (let end = src.indexOf('$', pos + 1); end !== -1 && end < posMax; end = src.indexOf('$', end + 1)) {
    if (src[end - 1] === '\\') continue;
    if (/\s/.test(src[end - 1] ?? ' ') || /\d/.test(src[end + 1] ?? ' ')) return false;
    if (!silent) {
      const token = state.push('formula_inline', '', 0);
      token.content = src.slice(pos + 1, end);
    }
    state.pos = end + 1;
    return true;
  }
  return false;
}
