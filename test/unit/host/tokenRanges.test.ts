import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Token } from '../../../src/protocol.ts';
import { afterEdit, nearest, settle, tokenAt, tokenRange, type Stretch } from '../../../src/editor/tokenRanges.ts';

/** A replacement as one would type it. */
interface Replacement {
  readonly offset: number;
  readonly removed: number;
  readonly inserted: string;
}

/** A document with an analysed text in it, edited as the editor does it. */
class Edited {
  stretch: Stretch;

  constructor(
    public content: string,
    start: number,
    readonly text: string,
  ) {
    this.stretch = { start, end: start + text.length, stale: false };
  }

  /** Applies a replacement and returns the one that undoes it. */
  apply({ offset, removed, inserted }: Replacement): Replacement {
    const before = this.content.slice(offset, offset + removed);
    this.content = this.content.slice(0, offset) + inserted + this.content.slice(offset + removed);
    const moved = afterEdit(this.stretch, { offset, removed, inserted: inserted.length });
    this.stretch = settle(moved, this.text, (start, end) => this.content.slice(start, end), this.stretch.start);
    return { offset, removed: inserted.length, inserted: before };
  }

  get marked(): string {
    return this.content.slice(this.stretch.start, this.stretch.end);
  }
}

/** The naive model: each character carries where it came from; the text stands as long as its own characters stand together. */
class Tagged {
  private characters: { readonly character: string; readonly origin: number | null }[];

  constructor(
    content: string,
    private readonly start: number,
    private readonly length: number,
  ) {
    this.characters = Array.from(content, (character, origin) => ({ character, origin }));
  }

  apply({ offset, removed, inserted }: Replacement): void {
    this.characters.splice(offset, removed, ...Array.from(inserted, (character) => ({ character, origin: null })));
  }

  /** Offset of the text where all its characters stand together, else null. */
  get untouchedAt(): number | null {
    const first = this.characters.findIndex(({ origin }) => origin === this.start);
    if (first < 0) return null;
    const whole = this.characters.slice(first, first + this.length);
    return whole.length === this.length && whole.every(({ origin }, index) => origin === this.start + index) ? first : null;
  }
}

const letters = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '\n'), maxLength: 12 });
/** A document, and where the analysed text is in it. */
const documents = fc.tuple(letters, fc.string({ unit: fc.constantFrom('a', 'b', ' '), minLength: 1, maxLength: 8 }), letters);
/** Edits as shares of what there is, so that they fit every document. */
const edits = fc.array(fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), length: fc.nat(6), inserted: letters }), { maxLength: 12 });

function within(content: string, edit: { at: number; length: number; inserted: string }): Replacement {
  const offset = Math.round(edit.at * content.length);
  return { offset, removed: Math.min(edit.length, content.length - offset), inserted: edit.inserted };
}

describe('an analysed text in an edited document', () => {
  it('moves with what is typed before it', () => {
    const edited = new Edited('Before. The text. After.', 8, 'The text.');
    edited.apply({ offset: 0, removed: 6, inserted: 'Long before' });
    expect(edited.stretch).toEqual({ start: 13, end: 22, stale: false });
  });

  it('stays where something is typed after it, or at one of its edges', () => {
    const edited = new Edited('ab', 0, 'ab');
    edited.apply({ offset: 2, removed: 0, inserted: '!' });
    edited.apply({ offset: 0, removed: 0, inserted: '>' });
    expect(edited.stretch).toEqual({ start: 1, end: 3, stale: false });
  });

  it('is stale after an edit inside it, until that is undone', () => {
    const edited = new Edited('The text.', 0, 'The text.');
    const undo = edited.apply({ offset: 3, removed: 1, inserted: '-' });
    expect(edited.stretch).toEqual({ start: 0, end: 9, stale: true });
    edited.apply(undo);
    expect(edited.stretch).toEqual({ start: 0, end: 9, stale: false });
  });

  it('comes back when what was cut off at its start is put back', () => {
    const edited = new Edited('xx abc', 3, 'abc');
    const undo = edited.apply({ offset: 1, removed: 3, inserted: '' });
    expect(edited.stretch.stale).toBe(true);
    edited.apply(undo);
    expect(edited.stretch).toEqual({ start: 3, end: 6, stale: false });
  });

  it('stays fresh when the whole document is replaced by the same text', () => {
    const edited = new Edited('one two one two', 8, 'one');
    edited.apply({ offset: 0, removed: 15, inserted: 'one two one two' });
    expect(edited.stretch).toEqual({ start: 8, end: 11, stale: false });
  });

  it('marks exactly the text whenever it is not stale', () => {
    fc.assert(
      fc.property(documents, edits, ([before, text, after], changes) => {
        const edited = new Edited(before + text + after, before.length, text);
        for (const change of changes) {
          edited.apply(within(edited.content, change));
          expect(edited.stretch.start).toBeGreaterThanOrEqual(0);
          expect(edited.stretch.end).toBeLessThanOrEqual(edited.content.length);
          if (!edited.stretch.stale) expect(edited.marked).toBe(text);
        }
      }),
    );
  });

  it('stands where its own characters stand together, as in the naive model', () => {
    fc.assert(
      fc.property(documents, edits, ([before, text, after], changes) => {
        const content = before + text + after;
        const edited = new Edited(content, before.length, text);
        const tagged = new Tagged(content, before.length, text.length);
        for (const change of changes) {
          const replacement = within(edited.content, change);
          edited.apply(replacement);
          tagged.apply(replacement);
          const untouched = tagged.untouchedAt;
          if (untouched === null) return; // from here on another copy of the text may stand for it
          expect(edited.stretch).toEqual({ start: untouched, end: untouched + text.length, stale: false });
        }
      }),
    );
  });

  it('is fresh again once everything has been undone', () => {
    fc.assert(
      fc.property(documents, edits, ([before, rest, after], changes) => {
        const text = `X${rest}`; // only one of its kind: an undo that brings two copies back cannot say which was meant
        const edited = new Edited(before + text + after, before.length, text);
        const undos = changes.map((change) => edited.apply(within(edited.content, change)));
        for (const undo of undos.reverse()) edited.apply(undo);
        expect(edited.content).toBe(before + text + after);
        expect(edited.stretch.stale).toBe(false);
        expect(edited.marked).toBe(text);
      }),
    );
  });
});

describe('finding a text', () => {
  it.each([
    ['abcabc', 'abc', 0, 0],
    ['abcabc', 'abc', 3, 3],
    ['abcabc', 'abc', 2, 3],
    ['abcabc', 'abc', 99, 3],
    ['abcabc', 'abc', -5, 0],
    ['abcabc', 'x', 0, null],
  ])('in %j, %j nearest to %i is at %j', (whole, text, near, at) => {
    expect(nearest(whole, text, near)).toBe(at);
  });
});

describe('tokens in their document', () => {
  const token = (start: number, end: number): Token => ({ id: 0, text: '', bytes: [], start, end, origin: start === end ? 'added' : 'text', partial: false, word: 0 });
  /** Added, `The`, ` 👩` in two pieces that share their range, `.` */
  const tokens = [token(0, 0), token(0, 3), token(3, 6), token(3, 6), token(6, 7)];
  const fresh: Stretch = { start: 10, end: 17, stale: false };

  it.each([
    [0, null],
    [1, { start: 10, end: 13 }],
    [3, { start: 13, end: 16 }],
    [9, null],
  ])('token %i has the range %j', (index, range) => {
    expect(tokenRange(fresh, tokens, index)).toEqual(range);
  });

  it.each([
    [9, null],
    [10, 1],
    [12, 1],
    [13, 2],
    [16, 4],
    [17, 4],
    [18, null],
  ])('the cursor at %i is in token %j', (offset, index) => {
    expect(tokenAt(fresh, tokens, offset)).toBe(index);
  });

  it('have no place in a text that has changed', () => {
    const stale = { ...fresh, stale: true };
    expect(tokenRange(stale, tokens, 1)).toBeNull();
    expect(tokenAt(stale, tokens, 11)).toBeNull();
  });
});
