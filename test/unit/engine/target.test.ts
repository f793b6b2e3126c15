import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { encodeFor } from '../../../src/engine/target.ts';
import { Tokenizer } from '../../../src/engine/tokenizer.ts';

const tokenizerOf = (model: string): Tokenizer => Tokenizer.parse(readFileSync(new URL(`../../../models/${model}/tokenizer.json`, import.meta.url), 'utf8'));
const translator = tokenizerOf('translator');

describe('the target language', () => {
  it('is one of the codes that the tokenizer knows', () => {
    expect(translator.targets).toEqual(['>>cmn_Hans<<', '>>fra<<']);
    expect(tokenizerOf('storyteller').targets).toEqual([]);
  });

  it.each(['The cat sat.', ' indented', '猫 😀', '\r\nnext'])('stands in front of %j, whose ranges stay those of the text', (text) => {
    const { tokens, target } = encodeFor(translator, text, ['>>fra<<']);
    expect(target).toBe('>>fra<<');
    const [first, ...rest] = tokens;
    expect(first).toMatchObject({ text: '>>fra<<', origin: 'added', start: 0, end: 0, bytes: [] });
    const own = rest.filter(({ origin }) => origin !== 'added');
    expect(own.at(-1)?.end).toBe(text.length);
    for (const token of own) if (!token.partial && token.changed === undefined) expect(text.slice(token.start, token.end)).toBe(token.text);
    // The same tokens as without a code.
    expect(rest.map(({ id }) => id)).toEqual(translator.encode(text).map(({ id }) => id));
  });

  it('is the first wanted one that is known, the text’s own before all others, or none', () => {
    expect(encodeFor(translator, 'Hello', ['>>deu<<', '>>fra<<', '>>cmn_Hans<<']).target).toBe('>>fra<<');
    expect(encodeFor(translator, 'Hello', ['>>deu<<']).target).toBeNull();
    const own = encodeFor(translator, '>>cmn_Hans<< Hello', ['>>fra<<']);
    expect(own.target).toBe('>>cmn_Hans<<');
    expect(own.tokens[0]).toMatchObject({ origin: 'special', start: 0, end: 12 });
  });
});
