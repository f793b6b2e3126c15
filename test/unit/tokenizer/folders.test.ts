/** Folders without tokenizer.json, beside `transformers`; test/goldens/make_tokenizer_folders.py made them. */
import { readdirSync, readFileSync } from 'node:fs';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { openFolder } from '../../../src/engine/files.node.ts';
import { openTokenizers } from '../../../src/engine/tokenizer/open.ts';
import { TEXTS } from './fixtures.ts';

const FOLDERS = new URL('../../fixtures/tokenizer-folders/', import.meta.url);
const KINDS = readdirSync(FOLDERS).sort();

const expectedFile = v.object({
  texts: v.array(v.string()),
  ids: v.array(v.array(v.number())),
  offsets: v.optional(v.array(v.array(v.number()))),
  decoded: v.optional(v.array(v.nullable(v.string()))),
  outputs: v.optional(v.array(v.tuple([v.string(), v.array(v.number()), v.string()]))),
});

const expectedOf = (kind: string) => v.parse(expectedFile, JSON.parse(readFileSync(new URL(`${kind}/expected.json`, FOLDERS), 'utf8')));

describe.each(KINDS)('%s, beside transformers', (kind) => {
  const expected = expectedOf(kind);
  const texts = [...TEXTS, ...expected.texts];
  const opened = openTokenizers(openFolder(new URL(kind, FOLDERS).pathname));

  it('gives the same ids', async () => {
    const { text: tokenizer } = await opened;
    expect(expected.ids).toHaveLength(texts.length);
    texts.forEach((text, index) => {
      expect(tokenizer.encode(text).map((token) => token.id), JSON.stringify(text)).toEqual(expected.ids[index]);
    });
  });

  // What a folder has no expected values for is no test of it: a skipped one would count as not passed.
  if (expected.decoded) {
    it('decodes to the same text', async () => {
      const { text: tokenizer } = await opened;
      texts.forEach((text, index) => {
        expect(tokenizer.decode(expected.ids[index] ?? []), JSON.stringify(text)).toBe(expected.decoded?.[index] ?? text);
      });
    });
  }

  if (expected.offsets) {
    it('gives ranges that hold those of transformers', async () => {
      const { text: tokenizer } = await opened;
      texts.forEach((text, index) => {
        if (text.startsWith('\ufeff')) return; // Dropped at the very beginning, it moves all of the Rust library's ranges.
        tokenizer.encode(text).forEach((token, position) => {
          const [start = -1, end = -1] = (expected.offsets?.[index] ?? []).slice(2 * position);
          if (token.origin === 'added') return;
          expect([token.start <= start, token.end >= end], JSON.stringify([text, token, start, end])).toEqual([true, true]);
        });
      });
    });
  }

  if (expected.outputs) {
    it('has a tokenizer of its own for what is written', async () => {
      const { output } = await opened;
      for (const [text, ids, decoded] of expected.outputs ?? []) {
        expect(output.encode(text).map((token) => token.id)).toEqual(ids);
        expect(output.decode(ids)).toBe(decoded);
      }
    });
  }
});
