import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import { expect, it } from 'vitest';
import { Tokenizer } from '../../../src/engine/tokenizer.ts';
import { readConfig } from '../../../src/engine/tokenizer/tokenizerConfig.ts';

const read = (path: string): string => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');

const cases = v.parse(
  v.array(v.object({ group: v.string(), text: v.string(), ids: v.array(v.number()), offsets: v.array(v.tuple([v.number(), v.number()])) })),
  JSON.parse(read('test/fixtures/tokens-storyteller.json')),
);
const tokenizer = Tokenizer.parse(read('models/storyteller/tokenizer.json'), readConfig('tokenizer_config.json', read('models/storyteller/tokenizer_config.json')));

/** `[character]` UTF-16 offset of each character and of the end: the goldens count characters. */
function utf16Offsets(text: string): number[] {
  const offsets = [0];
  for (const character of text) offsets.push((offsets.at(-1) ?? 0) + character.length);
  return offsets;
}

it.each([...new Set(cases.map(({ group }) => group))])('storyteller has the ids and ranges of the Rust library: %s', (group) => {
  for (const { text, ids, offsets } of cases.filter((one) => one.group === group)) {
    const units = utf16Offsets(text);
    const tokens = tokenizer.encode(text);
    expect(tokens.map((token) => token.id), JSON.stringify(text)).toEqual(ids);
    expect(tokens.map(({ start, end }) => [start, end]), JSON.stringify(text)).toEqual(offsets.map((range) => range.map((at) => units[at])));
    expect(tokenizer.decode(ids)).toBe(text);
  }
});
