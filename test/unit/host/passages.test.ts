/** The pieces in which a document is scored. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { estimate, passagesIn, placeIn, type Lines, type Passage } from '../../../src/editor/surprise/passages.ts';

const SIZES = { passage: 160, context: 200 };
const linesOf = (text: string): Lines => {
  const lines = text.split(/\r?\n/);
  return { count: lines.length, line: (index) => lines[index] ?? '' };
};
const all = (text: string): Passage[] => passagesIn(linesOf(text), 0, 1e9, SIZES);

/** The document's text at a passage's places. */
function at(text: string, { start, end }: Passage): string {
  const lines = text.split(/\r?\n/);
  if (start.line === end.line) return (lines[start.line] ?? '').slice(start.character, end.character);
  return [(lines[start.line] ?? '').slice(start.character), ...lines.slice(start.line + 1, end.line), (lines[end.line] ?? '').slice(0, end.character)].join('\n');
}

const word = fc.constantFrom('the', 'old', 'dog.', '教师用书', '👩‍🚀', 'x=[1,2]', 'a'.repeat(300), '“Yes!”', '', ' ', '\t');
const line = fc.array(word, { maxLength: 30 }).map((words) => words.join(' '));
const text = fc.array(fc.oneof(line, fc.constant('')), { minLength: 1, maxLength: 12 }).chain((lines) => fc.constantFrom('\n', '\r\n').map((end) => lines.join(end)));

describe('passages', () => {
  it('are the paragraphs, with what stands before each as its context', () => {
    const [first, second] = all('One.\nTwo.\n\nThree.');
    expect(first).toMatchObject({ start: { line: 0, character: 0 }, end: { line: 1, character: 4 }, text: 'One.\nTwo.', context: '' });
    expect(second).toMatchObject({ start: { line: 3, character: 0 }, text: 'Three.', context: 'One.\nTwo.\n\n' });
  });

  it('hold every character that is no blank once, in order, at its place', () => {
    fc.assert(
      fc.property(text, (document) => {
        const passages = all(document);
        for (const passage of passages) expect(passage.text).toBe(at(document, passage));
        expect(passages.map((passage) => passage.text).join('').replace(/\s/gu, '')).toBe(document.replace(/\s/gu, ''));
      }),
    );
  });

  it('are never much larger than asked for, nor is their context', () => {
    fc.assert(
      fc.property(text, (document) => {
        for (const passage of all(document)) {
          expect(estimate(passage.text)).toBeLessThanOrEqual(SIZES.passage * 1.7);
          expect(estimate(passage.context)).toBeLessThanOrEqual(SIZES.context);
        }
      }),
    );
  });

  it('have the text right before them as context', () => {
    fc.assert(
      fc.property(text, (document) => {
        const whole = document.replace(/\r\n/g, '\n');
        const lines = whole.split('\n');
        for (const { start, context } of all(document)) {
          const offset = lines.slice(0, start.line).reduce((sum, before) => sum + before.length + 1, 0) + start.character;
          expect(whole.slice(0, offset).endsWith(context)).toBe(true);
        }
      }),
    );
  });

  it('are the same wherever one looks from', () => {
    fc.assert(
      fc.property(text, fc.nat(11), (document, from) => {
        const lines = linesOf(document);
        const seen = passagesIn(lines, from, from, SIZES);
        const wanted = all(document).filter(({ start, end }) => start.line <= from && end.line >= from);
        expect(seen).toEqual(wanted);
      }),
    );
  });

  it('of a megabyte without a line end or a space are found around what is visible', () => {
    const one = 'x'.repeat(1_000_000);
    const passages = all(one);
    expect(passages.map((passage) => passage.text).join('')).toBe(one);
    const many = linesOf(Array.from({ length: 100_000 }, (_, i) => `line ${String(i)}`).join('\n'));
    let reads = 0;
    const counting: Lines = { count: many.count, line: (index) => (reads++, many.line(index)) };
    expect(passagesIn(counting, 50_000, 50_040, SIZES).length).toBeGreaterThan(0);
    expect(reads).toBeLessThan(20_000);
  });
});

describe('places', () => {
  it('are counted through the lines of a passage', () => {
    const [passage] = all('One.\nTwo words.');
    expect(passage && placeIn(passage, 9)).toEqual({ line: 1, character: 4 });
    expect(passage && placeIn(passage, 2)).toEqual({ line: 0, character: 2 });
  });
});
