import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Token } from '../../../src/protocol.ts';
import { KINDS, tokenizerOf, wellFormed } from './fixtures.ts';

const RUNS = { seed: 20, numRuns: 300 };

/** Bits of text that tokenizers stumble over, among any UTF-16 at all, lone surrogates included. */
const anyText = fc
  .array(
    fc.oneof(
      fc.constantFrom(' ', '  ', '\r\n', '\n', '\0', 'keeper', 'The', 'é', 'e\u0301', '你好', '👨‍👩‍👧', '\ud83d', '\udd26', '<|endoftext|>', '<s>', '[MASK]', '▁', 'שלום', 'ﬁ', '\ufeff', "'s", '42'),
      fc.string({ unit: 'binary', maxLength: 6 }),
      fc.string({ unit: 'grapheme', maxLength: 6 }),
      fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));

const utf8 = (text: string): number[] => Array.from(new TextEncoder().encode(wellFormed(text)));

function expectInOrder(tokens: readonly Token[], text: string): void {
  let start = 0;
  let end = 0;
  for (const token of tokens) {
    expect(token.start).toBeGreaterThanOrEqual(start);
    expect(token.end).toBeGreaterThanOrEqual(Math.max(end, token.start));
    ({ start, end } = token);
  }
  expect(end).toBeLessThanOrEqual(text.length);
}

function expectNumbered(tokens: readonly Token[]): void {
  let word = -1;
  for (const token of tokens) {
    expect([word, word + 1]).toContain(token.word);
    if (word === -1) expect(token.word).toBe(0);
    word = token.word;
  }
}

describe.each(KINDS)('%s, on any text', (kind) => {
  const tokenizer = tokenizerOf(kind);

  it('has ranges in order and inside the text, and words without gaps', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const tokens = tokenizer.encode(text);
        expectInOrder(tokens, text);
        expectNumbered(tokens);
      }),
      RUNS,
    );
  });

  it('tells what differs from the text, and only that', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        for (const token of tokenizer.encode(text)) {
          if (token.origin === 'added') expect(token.start).toBe(token.end);
          else expect(token.changed ?? text.slice(token.start, token.end)).toBe(token.text);
          if ('changed' in token) expect(token.changed).not.toBe(text.slice(token.start, token.end));
        }
      }),
      RUNS,
    );
  });

  it('never starts a range within a surrogate pair', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const inPair = (at: number): boolean => /^[\uD800-\uDBFF][\uDC00-\uDFFF]$/.test(text.slice(at - 1, at + 1));
        for (const token of tokenizer.encode(text)) expect([inPair(token.start), inPair(token.end)]).toEqual([false, false]);
      }),
      RUNS,
    );
  });

  it('describes any ids by ranges in their decoding', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: tokenizer.vocabularySize + 2 }), { maxLength: 20 }), (ids) => {
        const text = tokenizer.decode(ids);
        const tokens = tokenizer.describe(ids);
        expect(tokens.map((token) => token.id)).toEqual(ids);
        expectInOrder(tokens, text);
        expectNumbered(tokens);
        for (const token of tokens) expect(text.slice(token.start, token.end)).toBe(token.text);
      }),
      RUNS,
    );
  });
});

describe('gpt2, on any text', () => {
  const tokenizer = tokenizerOf('gpt2');

  it('has the bytes of the text, each once', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(tokenizer.encode(text).flatMap((token) => token.bytes)).toEqual(utf8(text));
      }),
      RUNS,
    );
  });

  it('covers the text without a hole', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        let end = 0;
        for (const token of tokenizer.encode(text)) {
          expect(token.start).toBeLessThanOrEqual(end);
          end = token.end;
        }
        expect(end).toBe(text.length);
      }),
      RUNS,
    );
  });

  it('calls a token partial exactly when its bytes are no whole characters', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        for (const token of tokenizer.encode(text)) {
          expect(token.partial).toBe(token.bytes.length !== utf8(token.text).length);
        }
      }),
      RUNS,
    );
  });

  it('decodes what it encodes', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(tokenizer.decode(tokenizer.encode(text).map((token) => token.id))).toBe(wellFormed(text));
      }),
      RUNS,
    );
  });
});
