/** The tiny tokenizers of test/fixtures/tokenizers; test/goldens/make_tokenizers.py made them. */
import { readFileSync, readdirSync } from 'node:fs';
import * as v from 'valibot';
import { Tokenizer } from '../../../src/engine/tokenizer.ts';

const FOLDER = new URL('../../fixtures/tokenizers/', import.meta.url);

const readText = (name: string): string => readFileSync(new URL(name, FOLDER), 'utf8');

const expectedFile = v.object({
  ids: v.array(v.array(v.number())),
  offsets: v.array(v.array(v.number())),
  decoded: v.array(v.nullable(v.string())),
});
export type Expected = v.InferOutput<typeof expectedFile>;

export const KINDS: readonly string[] = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.expected.json'))
  .map((name) => name.replace('.expected.json', ''))
  .sort();

export const TEXTS: readonly string[] = v.parse(v.array(v.string()), JSON.parse(readText('texts.json')));

/** What tokenizer.json of a kind says. */
export const jsonOf = (kind: string): string => readText(`${kind}.json`);

export const tokenizerOf = (kind: string): Tokenizer => Tokenizer.parse(jsonOf(kind));

/** What the Rust library makes of each text. */
export const expectedOf = (kind: string): Expected => v.parse(expectedFile, JSON.parse(readText(`${kind}.expected.json`)));

/** A text as it can be read: lone surrogates are none of Unicode's characters. */
export const wellFormed = (text: string): string => text.replace(/[\uD800-\uDFFF]/gu, '\uFFFD');
