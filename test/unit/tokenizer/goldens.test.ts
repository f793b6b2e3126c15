import { describe, expect, it } from 'vitest';
import type { Token } from '../../../src/protocol.ts';
import { KINDS, TEXTS, expectedOf, tokenizerOf } from './fixtures.ts';

/** Kinds whose normaliser neither joins characters nor drops any from within a token: ranges are the Rust library's own. */
const SAME_RANGES = ['bert-cased', 'gpt2', 'llama2', 'metaspace', 'roberta'];

/**
 * Where a normaliser joins or drops characters, the Rust library gives only the first (or last) of them to the
 * token; here the token has them all: marks and jamo that were composed, accents that were stripped, spaces and
 * quotes that became one.
 */
const JOINED_BEFORE = /^(?:\p{White_Space}*|['`]*|\p{L}\p{M}*)$/u;
const JOINED_AFTER = /^[\p{M}\p{White_Space}\u1160-\u11FF\uFF9E\uFF9F`']*$/u;

/** A character dropped from the very beginning moves all of the Rust library's ranges one back; here they stay true. */
const MOVED_IN_RUST = new Map([['t5', '\ufeffbyte order mark']]);

function expectRange(text: string, token: Token, start: number, end: number): void {
  const where = `${JSON.stringify(text)} token ${JSON.stringify(token)} against ${start}–${end}`;
  expect(token.start, where).toBeLessThanOrEqual(start);
  expect(token.end, where).toBeGreaterThanOrEqual(end);
  expect(text.slice(token.start, start), where).toMatch(JOINED_BEFORE);
  expect(text.slice(end, token.end), where).toMatch(JOINED_AFTER);
}

describe.each(KINDS)('%s, beside the Rust library', (kind) => {
  const tokenizer = tokenizerOf(kind);
  const expected = expectedOf(kind);

  it('has goldens for every text', () => {
    expect(TEXTS.length).toBeGreaterThan(200);
    expect(expected.ids).toHaveLength(TEXTS.length);
  });

  it('gives the same ids', () => {
    TEXTS.forEach((text, index) => {
      expect(tokenizer.encode(text).map((token) => token.id), JSON.stringify(text)).toEqual(expected.ids[index]);
    });
  });

  it('gives the same ranges, or ones that also hold what was joined or dropped', () => {
    TEXTS.forEach((text, index) => {
      if (MOVED_IN_RUST.get(kind) === text) return;
      const offsets = expected.offsets[index] ?? [];
      tokenizer.encode(text).forEach((token, position) => {
        const [start = -1, end = -1] = offsets.slice(2 * position);
        // The Rust library gives 0–0, or the first character's range, to what is not from the text.
        if (token.origin === 'added') expect(token.start).toBe(token.end);
        else if (SAME_RANGES.includes(kind)) expect([token.start, token.end], JSON.stringify([text, token])).toEqual([start, end]);
        else expectRange(text, token, start, end);
      });
    });
  });

  it('decodes to the same text', () => {
    TEXTS.forEach((text, index) => {
      const ids = expected.ids[index] ?? [];
      expect(tokenizer.decode(ids), JSON.stringify(text)).toBe(expected.decoded[index] ?? text);
    });
  });
});
