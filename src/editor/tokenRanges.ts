/**
 * Where the analysed text stands in its document, through edits, and where its tokens stand in it.
 *
 * All offsets are UTF-16 units with the document's own line ends. The analysed text never changes:
 * it is what the picture shows. Edits before it move it. Edits inside it make the picture one of the
 * old text (`stale`) until the text stands there again, by undo or by typing.
 */
import type { Token } from '../protocol.ts';

/** A replaced range of a document, as the editor reports it. */
export interface Edit {
  readonly offset: number;
  readonly removed: number;
  readonly inserted: number;
}

/**
 * The stretch `[start, end)` of the document that stands for the analysed text: the text itself, or
 * while `stale`, what it has become, together with all that was typed at its edges since.
 */
export interface Stretch {
  readonly start: number;
  readonly end: number;
  readonly stale: boolean;
}

/** Moves the stretch by one edit. Text put in exactly at an edge is outside, unless the stretch is stale: an undo may be putting back what was cut there. */
export function afterEdit(stretch: Stretch, edit: Edit): Stretch {
  const removedEnd = edit.offset + edit.removed;
  const growth = edit.inserted - edit.removed;
  const isAfter = stretch.stale ? edit.offset > stretch.end : edit.offset >= stretch.end;
  const isBefore = stretch.stale ? removedEnd < stretch.start : removedEnd <= stretch.start;
  if (isAfter) return stretch;
  if (isBefore) return { ...stretch, start: stretch.start + growth, end: stretch.end + growth };
  const start = Math.min(stretch.start, edit.offset);
  return { start, end: Math.max(stretch.end, removedEnd) + growth, stale: true };
}

/**
 * Looks whether the analysed text stands in a stale stretch again, nearest to `near`.
 * @param read the document's text from one offset to another.
 */
export function settle(stretch: Stretch, text: string, read: (start: number, end: number) => string, near: number = stretch.start): Stretch {
  if (!stretch.stale || stretch.end - stretch.start < text.length) return stretch;
  const found = nearest(read(stretch.start, stretch.end), text, near - stretch.start);
  if (found === null) return stretch;
  const start = stretch.start + found;
  return { start, end: start + text.length, stale: false };
}

/** Offset of the occurrence of `text` in `whole` that starts nearest to `near`, or `null`. */
export function nearest(whole: string, text: string, near: number): number | null {
  const before = whole.lastIndexOf(text, Math.max(0, near));
  const after = whole.indexOf(text, Math.max(0, near));
  if (before < 0) return after < 0 ? null : after;
  if (after < 0) return before;
  return near - before <= after - near ? before : after;
}

/** Document range of a token, or `null` where it has none: the tokenizer added it, or the stretch is stale. */
export function tokenRange(stretch: Stretch, tokens: readonly Token[], index: number): { start: number; end: number } | null {
  const token = tokens[index];
  if (!token || stretch.stale || token.start === token.end) return null;
  return { start: stretch.start + token.start, end: stretch.start + token.end };
}

/** Index of the token that a cursor at a document offset stands in; at a border the one that begins there, at the very end the last one. */
export function tokenAt(stretch: Stretch, tokens: readonly Token[], offset: number): number | null {
  if (stretch.stale || offset < stretch.start || offset > stretch.end) return null;
  const at = offset - stretch.start;
  const inside = tokens.findIndex((token) => token.start <= at && at < token.end);
  if (inside >= 0) return inside;
  const ending = tokens.findLastIndex((token) => token.end === at && token.start < token.end);
  return ending >= 0 ? ending : null;
}
