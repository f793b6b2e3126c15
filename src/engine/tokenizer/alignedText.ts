/**
 * Text that remembers where it came from. Normalisers and pre-tokenizers change text; every UTF-16 unit
 * of what they make keeps the range of the given text that it stands for.
 */
export interface AlignedText {
  readonly text: string;
  /** `[unit]` first offset in the given text of what this unit stands for. Never decreases. */
  readonly starts: Uint32Array;
  /** `[unit]` offset just after it. Equal to the start for a unit that was put in. Never decreases. */
  readonly ends: Uint32Array;
}

/** A part of a text that was given, unchanged. Both halves of a surrogate pair stand for the whole pair. */
export function alignSource(source: string, from: number, to: number): AlignedText {
  const text = source.slice(from, to);
  const starts = new Uint32Array(text.length);
  const ends = new Uint32Array(text.length);
  let unit = 0;
  for (const character of text) {
    for (let half = 0; half < character.length; half += 1) {
      starts[unit + half] = from + unit;
      ends[unit + half] = from + unit + character.length;
    }
    unit += character.length;
  }
  return { text, starts, ends };
}

/** Units `from` up to `to` of an aligned text. */
export function sliceAligned(source: AlignedText, from: number, to: number): AlignedText {
  return { text: source.text.slice(from, to), starts: source.starts.subarray(from, to), ends: source.ends.subarray(from, to) };
}

/** Range of the given text that units `from` up to `to` stand for; empty where there is none. */
export function sourceRange(source: AlignedText, from: number, to: number): { start: number; end: number } {
  const start = source.starts[from] ?? source.ends.at(-1) ?? 0;
  return { start, end: Math.max(start, to > from ? (source.ends[to - 1] ?? start) : start) };
}

/** Writes an aligned text from left to right, while reading another. */
export class AlignedWriter {
  readonly #source: AlignedText;
  readonly #parts: string[] = [];
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];

  constructor(source: AlignedText) {
    this.#source = source;
  }

  /** Copies units `from` up to `to` of the source. */
  keep(from: number, to: number): void {
    if (to <= from) return;
    this.#parts.push(this.#source.text.slice(from, to));
    for (let unit = from; unit < to; unit += 1) {
      this.#starts.push(this.#source.starts[unit] ?? 0);
      this.#ends.push(this.#source.ends[unit] ?? 0);
    }
  }

  /** Writes `text` in place of units `from` up to `to` of the source; with `from === to` it stands for nothing. */
  put(text: string, from: number, to: number): void {
    const { start, end } = sourceRange(this.#source, from, to);
    this.#parts.push(text);
    for (let unit = 0; unit < text.length; unit += 1) {
      this.#starts.push(start);
      this.#ends.push(end);
    }
  }

  /** Leaves out units up to `to`, and counts them to the character written last (an accent to its letter). */
  absorb(to: number): void {
    const end = this.#source.ends[to - 1] ?? 0;
    const last = this.#ends.length - 1;
    const lastStart = this.#starts[last];
    const lastEnd = this.#ends[last];
    for (let unit = last; unit >= 0 && this.#starts[unit] === lastStart && this.#ends[unit] === lastEnd; unit -= 1) {
      this.#ends[unit] = Math.max(end, this.#ends[unit] ?? 0);
    }
  }

  finish(): AlignedText {
    return { text: this.#parts.join(''), starts: Uint32Array.from(this.#starts), ends: Uint32Array.from(this.#ends) };
  }
}

/** Replaces each character by what `change` says; the same string keeps it, '' drops it. */
export function mapCharacters(source: AlignedText, change: (character: string) => string): AlignedText {
  const writer = new AlignedWriter(source);
  let unit = 0;
  let kept = 0;
  for (const character of source.text) {
    const changed = change(character);
    const next = unit + character.length;
    if (changed !== character) {
      writer.keep(kept, unit);
      writer.put(changed, unit, next);
      kept = next;
    }
    unit = next;
  }
  if (kept === 0) return source;
  writer.keep(kept, unit);
  return writer.finish();
}
