/** Which text is meant when nothing is selected: the paragraph the cursor stands in. */

/** What is needed of a document: its lines without their ends. */
export interface Lines {
  readonly lineCount: number;
  line(index: number): string;
}

export interface Place {
  readonly line: number;
  readonly character: number;
}

export interface Span {
  readonly start: Place;
  readonly end: Place;
}

/** UTF-16 units of the longest paragraph that is taken whole: around 1,000 tokens of prose. */
export const longestParagraph = 4000;

/**
 * The run of lines without a blank one around the cursor; `null` where the cursor's own line is blank.
 * Of more than `longest` units only the lines near the cursor are taken, and of a very long line a
 * piece around the cursor.
 */
export function paragraphAt(lines: Lines, cursor: Place, longest: number = longestParagraph): Span | null {
  const own = lines.line(cursor.line);
  if (isBlank(own)) return null;
  if (own.length > longest) {
    const [start, end] = pieceAround(own, cursor.character, longest);
    return { start: { line: cursor.line, character: start }, end: { line: cursor.line, character: end } };
  }
  const reach = (longest - own.length) / 2;
  const first = farthest(lines, cursor.line, -1, reach);
  const last = farthest(lines, cursor.line, 1, reach);
  return { start: { line: first, character: 0 }, end: { line: last, character: lines.line(last).length } };
}

/** The last line, going from `from` by `step`, before a blank one or before `reach` units are used up. */
function farthest(lines: Lines, from: number, step: 1 | -1, reach: number): number {
  let used = 0;
  let line = from;
  for (let next = from + step; next >= 0 && next < lines.lineCount; next += step) {
    const text = lines.line(next);
    used += text.length + 1;
    if (isBlank(text) || used > reach) break;
    line = next;
  }
  return line;
}

/** `[start, end)` of at most `longest` units around `at`, between words where there are any, never inside a surrogate pair. */
export function pieceAround(text: string, at: number, longest: number): [number, number] {
  const start = Math.min(Math.max(0, at - Math.floor(longest / 2)), Math.max(0, text.length - longest));
  const end = Math.min(text.length, start + longest);
  return [forwardToWord(text, start, at), backToCharacter(text, end)];
}

/** `text` cut to at most `longest` units, never inside a surrogate pair. */
export function cutTo(text: string, longest: number): string {
  return text.length <= longest ? text : text.slice(0, backToCharacter(text, longest));
}

function isBlank(text: string): boolean {
  return text.trim() === '';
}

/** The first start of a word from `offset` up to `limit`, looked for over a few dozen units only. */
function forwardToWord(text: string, offset: number, limit: number): number {
  if (offset === 0) return 0;
  const space = text.slice(offset, Math.min(offset + 40, limit + 1)).search(/\s\S/);
  if (space >= 0) return offset + space + 1;
  return splitsPair(text, offset) ? offset + 1 : offset;
}

function backToCharacter(text: string, offset: number): number {
  return splitsPair(text, offset) ? offset - 1 : offset;
}

function splitsPair(text: string, offset: number): boolean {
  return offset > 0 && offset < text.length && /[\uD800-\uDBFF]/.test(text.charAt(offset - 1)) && /[\uDC00-\uDFFF]/.test(text.charAt(offset));
}
