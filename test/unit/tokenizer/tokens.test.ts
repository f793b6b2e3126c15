import { describe, expect, it } from 'vitest';
import { Tokenizer } from '../../../src/engine/tokenizer.ts';
import { readConfig } from '../../../src/engine/tokenizer/tokenizerConfig.ts';
import { jsonOf, tokenizerOf } from './fixtures.ts';

/** Words as texts: what the pieces of each word read together. */
function words(kind: string, text: string): string[] {
  const tokens = tokenizerOf(kind).encode(text).filter((token) => token.origin !== 'added');
  const first = tokens[0]?.word ?? 0;
  const ranges: { start: number; end: number }[] = [];
  for (const { word, start, end } of tokens) {
    const range = (ranges[word - first] ??= { start, end });
    range.end = Math.max(range.end, end);
  }
  return ranges.map(({ start, end }) => text.slice(start, end));
}

const shown = (kind: string, text: string): unknown[] =>
  tokenizerOf(kind)
    .encode(text)
    .map(({ text: token, start, end, origin, changed }) => (changed === undefined ? [token, start, end, origin] : [token, start, end, origin, changed]));

describe('byte-level BPE', () => {
  it('gives each part of a character the whole character, and its own bytes', () => {
    const tokens = tokenizerOf('gpt2').encode('a霞');
    expect(tokens.map(({ text, bytes, start, end, partial, word }) => ({ text, bytes, start, end, partial, word }))).toEqual([
      { text: 'a', bytes: [0x61], start: 0, end: 1, partial: false, word: 0 },
      { text: '霞', bytes: [0xe9], start: 1, end: 2, partial: true, word: 1 },
      { text: '霞', bytes: [0x9c], start: 1, end: 2, partial: true, word: 1 },
      { text: '霞', bytes: [0x9e], start: 1, end: 2, partial: true, word: 1 },
    ]);
  });

  it('reads a lone surrogate as U+FFFD and says so', () => {
    const tokens = tokenizerOf('gpt2').encode('a\ud83db');
    expect(tokens.flatMap(({ bytes }) => bytes)).toEqual([0x61, 0xef, 0xbf, 0xbd, 0x62]);
    for (const token of tokens.slice(1, -1)) expect(token).toMatchObject({ start: 1, end: 2, text: '\ufffd', changed: '\ufffd', partial: true });
  });

  it('shows the space that the tokenizer puts before a text', () => {
    expect(shown('roberta', 'The the')).toEqual([
      ['<s>', 0, 0, 'added'],
      [' The', 0, 3, 'text', ' The'],
      [' the', 3, 7, 'text'],
      ['</s>', 7, 7, 'added'],
    ]);
    const [, space] = tokenizerOf('roberta').encode('灯');
    expect(space).toMatchObject({ text: ' ', start: 0, end: 0, origin: 'added', bytes: [] });
  });

  // Where a class is named: what AutoTokenizer of transformers 5 makes of the two files.
  it.each([
    ['{}', ' The'],
    ['{"add_prefix_space": true}', ' The'],
    ['{"add_prefix_space": false}', 'T'],
    ['{"add_prefix_space": false, "tokenizer_class": "GPT2TokenizerFast"}', 'T'],
    ['{"add_prefix_space": false, "tokenizer_class": "PreTrainedTokenizerFast"}', ' The'],
  ])('takes the prefix space from a tokenizer_config.json of %s', (config, first) => {
    expect(Tokenizer.parse(jsonOf('roberta'), readConfig('tokenizer_config.json', config)).encode('The')[1]?.text).toBe(first);
  });

  it('knows special tokens in the text, with the spaces that they take', () => {
    expect(shown('gpt2', 'a<|endoftext|>b')).toEqual([['a', 0, 1, 'text'], ['<|endoftext|>', 1, 14, 'special'], ['b', 14, 15, 'text']]);
    expect(shown('roberta', 'a <mask> b').slice(2, 3)).toEqual([['<mask>', 1, 9, 'special', '<mask>']]);
  });

  it('finds an added token that must stand alone only where it does', () => {
    const isKeep = (text: string): boolean => tokenizerOf('gpt2').encode(text).some((token) => token.text === 'keep');
    expect(['keep', 'x keep.', 'keeper', 'upkeep'].map(isKeep)).toEqual([true, true, false, false]);
  });

  it('keeps both characters of a line end', () => {
    const tokens = tokenizerOf('gpt2').encode('a\r\n\0b');
    expect(tokens.map(({ text }) => text).join('')).toBe('a\r\n\0b');
  });
});

describe('WordPiece', () => {
  it('tells lower case and stripped accents, and leaves what is as it was', () => {
    const tokens = tokenizerOf('bert-uncased').encode('The E\u0301te the');
    expect(tokens[0]).toMatchObject({ text: '[CLS]', origin: 'added', start: 0, end: 0, bytes: [] });
    expect(tokens.at(-1)).toMatchObject({ text: '[SEP]', origin: 'added', start: 12, end: 12 });
    expect(tokens[1]).toMatchObject({ text: 'the', start: 0, end: 3, changed: 'the' });
    expect(tokens.slice(2, -2).map(({ changed, text }) => changed ?? text).join('')).toBe('ete');
    expect([tokens[2]?.start, tokens.at(-3)?.end]).toEqual([4, 8]);
    expect(tokens.at(-2)).not.toHaveProperty('changed');
  });

  it('gives an unknown word its range and bytes', () => {
    expect(tokenizerOf('bert-uncased').encode('☃')[1]).toEqual({
      id: 1, text: '[UNK]', bytes: [0xe2, 0x98, 0x83], start: 0, end: 1, origin: 'text', partial: false, changed: '[UNK]', word: 1,
    });
  });

  it('sets Chinese characters apart', () => {
    expect(words('bert-uncased', '灯塔 the 灯')).toEqual(['灯', '塔', 'the', '灯']);
  });
});

describe('SentencePiece', () => {
  it('writes unknown characters byte by byte', () => {
    const tokens = tokenizerOf('llama2').encode('a☃');
    expect(tokens.slice(-3).map(({ text, bytes, start, end, partial }) => ({ text, bytes, start, end, partial }))).toEqual(
      [0xe2, 0x98, 0x83].map((byte) => ({ text: '☃', bytes: [byte], start: 1, end: 2, partial: true })),
    );
  });

  it('shows the mark of a space as a space, and a mark in the text as changed', () => {
    expect(shown('llama2', 'the lamp').slice(1)).toEqual([[' the', 0, 3, 'text', ' the'], [' lamp', 3, 8, 'text']]);
    const mark = tokenizerOf('llama2').encode('a▁b').find(({ start, end }) => start <= 1 && end > 1);
    expect(mark?.changed).toContain(' ');
  });

  it('gives a character that was taken apart to each of its parts', () => {
    const parts = tokenizerOf('t5').encode('ﬁ').filter(({ origin }) => origin === 'text');
    expect(parts.map(({ text }) => text).join('')).toBe(' fi');
    for (const part of parts) expect(part).toMatchObject({ start: 0, end: 1, changed: part.text });
  });
});

describe('words', () => {
  it.each([
    ['gpt2', "The keeper's lamp, isn't it?", ['The', ' keeper', "'s", ' lamp', ',', ' isn', "'t", ' it', '?']],
    ['gpt2', 'snake_case(x2)', ['snake', '_', 'case', '(', 'x', '2', ')']],
    ['gpt2', 'a  b\n\nc', ['a', '  ', 'b', '\n', '\n', 'c']],
    ['gpt2', 'दीपघर का', ['दीपघर', ' का']],
    ['gpt2', 'e\u0301te\u0301!', ['e\u0301te\u0301', '!']],
    ['gpt2', '❤️a', ['❤️', 'a']],
    ['gpt2', '👨‍👩‍👧 👋🏽', ['👨‍👩‍👧', ' 👋🏽']],
    ['gpt2', 'a<|endoftext|><|endoftext|>', ['a', '<|endoftext|>', '<|endoftext|>']],
    ['bert-uncased', 'The lighthouses, lit!', ['The', 'lighthouses', ',', 'lit', '!']],
    ['llama2', 'The keeper, x2.', ['The', ' keeper', ',', ' x2', '.']],
    ['t5', 'The keeper, x2.', ['The', ' keeper', ',', ' x2', '.']],
  ])('%s joins the pieces of %j', (kind, text, expected) => {
    expect(words(kind, text)).toEqual(expected);
  });

  it('leaves every Chinese token a word of its own', () => {
    const tokens = tokenizerOf('t5').encode('今天天气很好').filter(({ origin }) => origin === 'text');
    expect(new Set(tokens.map(({ word }) => word)).size).toBe(tokens.length);
  });
});

describe('ids without a text', () => {
  it.each(['gpt2', 'llama3', 'llama2', 'bert-cased', 't5'])('%s describes what it encoded as the tokens of the decoded text', (kind) => {
    const tokenizer = tokenizerOf(kind);
    const ids = tokenizer.encode('the keeper, lit 灯').map((token) => token.id);
    const text = tokenizer.decode(ids);
    expect(tokenizer.describe(ids).map((token) => text.slice(token.start, token.end))).toEqual(tokenizer.describe(ids).map((token) => token.text));
    expect(tokenizer.describe(ids).map((token) => token.id)).toEqual(ids);
  });

  it('takes pieces of a character together, and alone as what they are', () => {
    const tokenizer = tokenizerOf('gpt2');
    const ids = tokenizer.encode('霞').map((token) => token.id);
    expect(tokenizer.describe(ids)).toEqual(tokenizer.encode('霞'));
    expect(tokenizer.describe(ids.slice(0, 1))[0]).toMatchObject({ text: '\ufffd', partial: true, start: 0, end: 1 });
    expect(ids.map((id) => tokenizer.piece(id))).toEqual(ids.map(() => '\ufffd'));
  });

  it('shows pieces alone', () => {
    const pieceOf = (kind: string, text: string, at: number): string => tokenizerOf(kind).piece(tokenizerOf(kind).encode(text)[at]?.id ?? -1);
    expect(pieceOf('gpt2', 'the the', 1)).toBe(' the');
    expect(pieceOf('llama2', 'the', 1)).toBe(' the');
    expect(pieceOf('bert-uncased', 'lighthouses', 2)).toMatch(/^##/);
    expect(pieceOf('gpt2', '<|endoftext|>', 0)).toBe('<|endoftext|>');
    expect(tokenizerOf('gpt2').piece(999_999)).toBe('\ufffd');
  });
});
