/**
 * The pieces in which a document is scored: a paragraph each, or a part of a long one. Where they begin and end
 * follows from the text around them only, so that an edit leaves all other pieces as they are, and a document of
 * a megabyte is never read as a whole.
 */

/** A document as lines, without their ends. */
export interface Lines {
  readonly count: number;
  line(index: number): string;
}

/** Place in a document. */
export interface Place {
  readonly line: number;
  readonly character: number;
}

export interface Passage {
  readonly start: Place;
  readonly end: Place;
  /** The text from start to end, lines ended by `\n`. */
  readonly text: string;
  /** What comes before it, cut where a line or word begins. */
  readonly context: string;
}

/** Sizes in estimated tokens: see `estimate`. */
export interface PassageSizes {
  readonly passage: number;
  readonly context: number;
}

/** A paragraph that began more lines ago than this is cut at a line whose number is a multiple of it. */
const MOST_LINES_BACK = 256;

/** Every passage that touches the lines from `first` to `last`, in order. */
export function passagesIn(lines: Lines, first: number, last: number, sizes: PassageSizes): Passage[] {
  const passages: Passage[] = [];
  let line = blockStart(lines, Math.max(0, first));
  while (line < lines.count && line <= last) {
    if (isBlank(lines.line(line))) {
      line++;
      continue;
    }
    const end = blockEnd(lines, line);
    for (const { start, end: stop } of cut(lines, line, end, sizes.passage)) {
      if (stop.line >= first && start.line <= last) passages.push({ start, end: stop, text: textBetween(lines, start, stop), context: contextBefore(lines, start, sizes.context) });
    }
    line = end;
  }
  return passages;
}

/**
 * How many tokens a text has, roughly and rather too many: four letters to a token where there are spaces, two
 * tokens to a character elsewhere, whose bytes a small vocabulary tells one by one.
 */
export function estimate(text: string): number {
  let tokens = 0;
  for (let i = 0; i < text.length; i++) tokens += text.charCodeAt(i) < 0x250 ? 0.3 : 1.5;
  return tokens;
}

const isBlank = (line: string): boolean => line.trim() === '';

/** First line of the paragraph that holds a line, or the line itself where it is blank. */
function blockStart(lines: Lines, line: number): number {
  const furthest = Math.max(0, line - MOST_LINES_BACK);
  let start = Math.min(line, Math.max(0, lines.count - 1));
  while (start > furthest && !isBlank(lines.line(start - 1))) start--;
  if (start > furthest || start === 0) return start;
  return Math.floor(line / MOST_LINES_BACK) * MOST_LINES_BACK;
}

/** One past the last line of the paragraph that begins at `start`. */
function blockEnd(lines: Lines, start: number): number {
  let end = start + 1;
  while (end < lines.count && !isBlank(lines.line(end)) && end % MOST_LINES_BACK !== 0) end++;
  return end;
}

/** Parts of the lines from `start` up to `end` of about `most` tokens, cut at line ends, and inside a long line after a sentence or a word. */
function cut(lines: Lines, start: number, end: number, most: number): { start: Place; end: Place }[] {
  const parts: { start: Place; end: Place }[] = [];
  let from: Place = { line: start, character: 0 };
  let size = 0;
  for (let line = start; line < end; line++) {
    const text = lines.line(line);
    let character = 0;
    for (const piece of pieces(text, most)) {
      const tokens = estimate(piece);
      if (size > 0 && size + tokens > most) {
        parts.push({ start: from, end: character > 0 ? { line, character } : { line: line - 1, character: lines.line(line - 1).length } });
        from = { line, character };
        size = 0;
      }
      size += tokens;
      character += piece.length;
    }
  }
  return [...parts, { start: from, end: { line: end - 1, character: lines.line(end - 1).length } }];
}

/** A line as it is, or one that is too long as its sentences, words or, where there are no spaces, characters. */
function pieces(line: string, most: number): string[] {
  if (estimate(line) <= most) return [line];
  return line.match(/[^.!?。！？]+[.!?。！？]*\s*|[.!?。！？]+\s*/gu)?.flatMap((sentence) => (estimate(sentence) <= most ? [sentence] : sentence.match(/\s*[^\s]{1,64}|\s+$/gu) ?? [])) ?? [];
}

function textBetween(lines: Lines, start: Place, end: Place): string {
  if (start.line === end.line) return lines.line(start.line).slice(start.character, end.character);
  const between = Array.from({ length: end.line - start.line - 1 }, (_, i) => lines.line(start.line + 1 + i));
  return [lines.line(start.line).slice(start.character), ...between, lines.line(end.line).slice(0, end.character)].join('\n');
}

/** Whole lines before a place, as many as there is room for, and the last words of the line before them. */
function contextBefore(lines: Lines, place: Place, most: number): string {
  // No more of a long line than there could be room for.
  const found: string[] = [lines.line(place.line).slice(Math.max(0, place.character - Math.ceil(most / 0.3)), place.character)];
  let room = most - estimate(found[0] ?? '');
  let line = place.line - 1;
  for (; line >= 0 && room > 0; line--) {
    const text = lines.line(line);
    room -= estimate(text) + 1;
    if (room >= 0) found.unshift(text);
  }
  const context = found.join('\n');
  return estimate(context) <= most ? context : lastWords(context, most);
}

function lastWords(text: string, most: number): string {
  let start = Math.max(0, text.length - Math.floor(most / 0.3));
  while (start < text.length && estimate(text.slice(start)) > most) start += Math.max(1, Math.floor((text.length - start) / 8));
  const space = text.indexOf(' ', start);
  return text.slice(start === 0 || space < 0 ? start : space);
}

/** Where an offset in a passage's text is in the document. */
export function placeIn({ start, text }: Pick<Passage, 'start' | 'text'>, offset: number): Place {
  const before = text.slice(0, offset);
  const lastBreak = before.lastIndexOf('\n');
  if (lastBreak < 0) return { line: start.line, character: start.character + offset };
  return { line: start.line + before.split('\n').length - 1, character: offset - lastBreak - 1 };
}
