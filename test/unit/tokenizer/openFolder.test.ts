/** What becomes of a folder's tokenizer files: which are taken, and what is said of those that cannot be. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { openFolder } from '../../../src/engine/files.node.ts';
import { problemOf } from '../../../src/engine/problemError.ts';
import { openTokenizers, type Tokenizers } from '../../../src/engine/tokenizer/open.ts';
import { describe as sentence } from '../../../src/problems.ts';
import type { Problem, Token } from '../../../src/protocol.ts';
import { root } from '../../support/engine.ts';
import { jsonOf } from './fixtures.ts';

const made: string[] = [];
afterEach(() => made.splice(0).forEach((folder) => rmSync(folder, { recursive: true })));

/** A copy of a folder of test/fixtures/tokenizer-folders with some files changed; null takes one away. */
function folderLike(kind: string | null, files: Readonly<Record<string, string | Uint8Array | null>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'headlight-tokenizer-'));
  made.push(folder);
  if (kind !== null) cpSync(join(root, 'test/fixtures/tokenizer-folders', kind), folder, { recursive: true });
  for (const [name, content] of Object.entries(files)) {
    if (content === null) rmSync(join(folder, name));
    else writeFileSync(join(folder, name), content);
  }
  return folder;
}

const open = (kind: string | null, files: Parameters<typeof folderLike>[1] = {}): Promise<Tokenizers> => openTokenizers(openFolder(folderLike(kind, files)));

async function problem(kind: string | null, files: Parameters<typeof folderLike>[1]): Promise<Problem> {
  const found = await open(kind, files).then(
    () => null,
    (thrown: unknown) => problemOf(thrown),
  );
  if (!found) throw new Error('the folder was opened');
  expect(sentence(found).message).not.toContain('?');
  return found;
}

const config = (fields: Readonly<Record<string, unknown>>): string => JSON.stringify(fields);
const bytesOf = (kind: string, file: string): Uint8Array => new Uint8Array(readFileSync(join(root, 'test/fixtures/tokenizer-folders', kind, file)));
const shown = (tokens: readonly Token[]): unknown[] => tokens.map(({ text, start, end, origin }) => [text, start, end, origin]);

describe('a folder', () => {
  it('with a tokenizer.json is read from that, whatever else it holds', async () => {
    const { text, output } = await open('t5', { 'tokenizer.json': jsonOf('bert-cased') });
    expect(text.encode('The')[0]?.text).toBe('[CLS]');
    expect(output).toBe(text);
  });

  it.each([
    ['nothing', null, {}],
    ['a vocabulary of no known family', 'gpt2', { 'config.json': config({ model_type: 'llama' }) }],
    ['another class than its family has', 'bert-cased', { 'tokenizer_config.json': config({ tokenizer_class: 'BertJapaneseTokenizer' }) }],
    ['pieces of another family', 't5', { 'config.json': config({ model_type: 'pegasus' }) }],
    ['half of the files', 'gpt2', { 'merges.txt': null }],
  ] as const)('with %s has no tokenizer', async (_, kind, files) => {
    expect(await problem(kind, files)).toMatchObject({ code: 'model.missingFile', facts: { file: 'tokenizer.json' } });
  });

  it('goes by the class where one is named', async () => {
    const { text } = await open('bert-cased', { 'config.json': config({ model_type: 'gpt2' }), 'tokenizer_config.json': config({ tokenizer_class: 'BertTokenizerFast', do_lower_case: false }) });
    expect(text.encode('The').map((token) => token.text)).toEqual(['[CLS]', 'The', '[SEP]']);
  });

  it.each<[string, string, Parameters<typeof folderLike>[1], string, RegExp]>([
    ['a tokenizer.json cut short', 'bert-cased', { 'tokenizer.json': jsonOf('gpt2').slice(0, 99) }, 'tokenizer.json', /not valid JSON/],
    ['pieces cut short', 't5', { 'spiece.model': bytesOf('t5', 'spiece.model').subarray(0, 1001) }, 'spiece.model', /no SentencePiece model \(the file breaks off/],
    ['no pieces', 't5', { 'spiece.model': '' }, 'spiece.model', /holds no pieces/],
    ['pieces that are JSON', 't5', { 'spiece.model': '{"a": 1}' }, 'spiece.model', /no SentencePiece model/],
    ['BPE where unigram is expected', 't5', { 'spiece.model': bytesOf('llama', 'tokenizer.model') }, 'spiece.model', /of kind bpe was found/],
    ['unigram where BPE is expected', 'llama', { 'tokenizer.model': bytesOf('t5', 'spiece.model') }, 'tokenizer.model', /of kind unigram was found/],
    ['ids that are none', 'marian', { 'vocab.json': '{"</s>": -1}' }, 'vocab.json', /expected a table of pieces/],
    ['a table without the unknown token', 'marian', { 'vocab.json': '{"</s>": 0}' }, 'source.spm', /"<unk>" is not in the vocabulary/],
    ['a target that is no model', 'marian', { 'target.spm': 'x' }, 'target.spm', /no SentencePiece model/],
    ['merges that are none', 'gpt2', { 'merges.txt': '#version: 0.2\na b c\n' }, 'vocab.json + merges.txt', /merge 1 is not two pieces/],
    ['merges to nowhere', 'gpt2', { 'merges.txt': 'q zz\n' }, 'vocab.json + merges.txt', /makes "qzz"/],
    ['a vocabulary without [CLS]', 'bert-cased', { 'vocab.txt': '[PAD]\n[UNK]\n[SEP]\na\n' }, 'vocab.txt', /cls_token: "\[CLS\]" is not in the vocabulary/],
    ['added tokens that are none', 'gpt2', { 'added_tokens.json': '[]' }, 'added_tokens.json', /expected a table/],
  ])('with %s is told so, file by file', async (_, kind, files, file, detail) => {
    const found = await problem(kind, files);
    expect(found).toMatchObject({ code: 'model.badTokenizer', facts: { file } });
    expect(found.facts['detail']).toMatch(detail);
    expect(sentence(found).message.startsWith(file)).toBe(true);
  });

  it.each(['tokenizer_config.json', 'special_tokens_map.json', 'vocab.json', 'added_tokens.json'])('with a %s that is not JSON is told so', async (file) => {
    expect(await problem('gpt2', { [file]: '{' })).toMatchObject({ code: 'model.notJson', facts: { file } });
  });

  it('never gets further than a problem of the catalogue, wherever its pieces are cut', async () => {
    const pieces = bytesOf('t5', 'spiece.model');
    for (let length = 0; length < pieces.length - 600; length += 211) {
      // What ends between two pieces lacks what comes last: which of them is the unknown one.
      expect((await problem('t5', { 'spiece.model': pieces.subarray(0, length) })).code).toBe('model.badTokenizer');
    }
  });
});

describe('special tokens', () => {
  it('are those of the class, of special_tokens_map.json, and of tokenizer_config.json before it', async () => {
    const map = config({ mask_token: '<mask>', pad_token: '<|pad|>' });
    expect((await open('gpt2', { 'special_tokens_map.json': map })).text.mask?.text).toBe('<mask>');
    expect((await open('gpt2', { 'special_tokens_map.json': map, 'tokenizer_config.json': config({ mask_token: '<|pad|>' }) })).text.mask).toMatchObject({ text: '<|pad|>' });
  });

  it('take the next id where the vocabulary does not hold them', async () => {
    const { text } = await open('bert-cased', { 'tokenizer_config.json': config({ do_lower_case: false, additional_special_tokens: ['[NEW]'] }) });
    const [, token] = text.encode('[NEW]');
    expect(token).toMatchObject({ text: '[NEW]', origin: 'special' });
    expect(token?.id).toBe((await open('bert-cased')).text.vocabularySize);
  });

  it.each([
    ['bert-uncased', '[MASK]'],
    ['roberta', '<mask>'],
    ['xlm-roberta', '<mask>'],
    ['camembert', '<mask>'],
  ])('of %s have a mask, which is found in a text', async (kind, mask) => {
    const { text } = await open(kind);
    expect(text.mask?.text).toBe(mask);
    const token = text.encode(`The ${mask} is`).find(({ id }) => id === text.maskId);
    expect(token).toMatchObject({ text: mask, origin: 'special', end: 4 + mask.length });
  });

  it.each(['gpt2', 't5', 'llama', 'marian'])('of %s have none', async (kind) => {
    expect((await open(kind)).text.mask).toBeNull();
  });

  it("take the space before RoBERTa's mask with them, whether the files say so or not", async () => {
    for (const files of [{}, { 'tokenizer_config.json': null }]) {
      const { text } = await open('roberta', files);
      expect(shown(text.encode('a <mask>.'))).toContainEqual(['<mask>', 1, 8, 'special']);
    }
  });

  it('put <s> before a text for Llama unless the files say otherwise', async () => {
    const first = async (fields: Readonly<Record<string, unknown>>): Promise<string | undefined> => (await open('llama', { 'tokenizer_config.json': config(fields) })).text.encode('The').at(0)?.text;
    expect(await first({})).toBe('<s>');
    expect(await first({ add_bos_token: false })).not.toBe('<s>');
  });
});

describe('Marian', () => {
  it('takes a target language that a text begins with as one token, with its range', async () => {
    const { text } = await open('marian');
    const tokens = text.encode('>>fra<< The lamp');
    expect(shown(tokens)[0]).toEqual(['>>fra<<', 0, 7, 'special']);
    expect(text.targets).toEqual(['>>fra<<', '>>cmn_Hans<<']);
    const written = 'The >>fra<< lamp';
    expect(text.encode(written).filter(({ origin }) => origin === 'special')).toEqual([]);
  });

  it('reads a language that it does not know as one unknown token', async () => {
    const [first] = (await open('marian')).text.encode('>>xyz<< The lamp');
    expect(first).toMatchObject({ text: '<unk>', start: 0, end: 7, origin: 'text' });
  });

  it('has ranges that hold the text as it was given, in order', async () => {
    const { text } = await open('marian');
    const given = '  ﬁne \t  lamps\u200b 灯 👨‍👩‍👧 end  ';
    const tokens = text.encode(given).filter(({ origin }) => origin === 'text');
    const missed = Array.from(given).filter((character) => !tokens.some(({ start, end }) => given.slice(start, end).includes(character)));
    expect(missed.join('')).toMatch(/^[\s\u200b]*$/);
    tokens.forEach(({ start }, index) => expect(start).toBeGreaterThanOrEqual(tokens[index - 1]?.start ?? 0));
    expect(tokens[0]).toMatchObject({ start: 2, changed: expect.stringContaining('f') as string });
  });

  // Were any step quadratic, these would take minutes.
  it.each(['a'.repeat(100_000), '灯'.repeat(100_000), ' '.repeat(100_000), '>>'.repeat(50_000)])('gets through a line of 100,000', async (line) => {
    const { text } = await open('marian');
    expect(text.encode(line).at(-1)?.text).toBe('</s>');
  }, 20_000);
});
