import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { ProblemError } from '../../../src/engine/problemError.ts';
import { Tokenizer } from '../../../src/engine/tokenizer.ts';
import type { Problem } from '../../../src/protocol.ts';
import { KINDS, jsonOf } from './fixtures.ts';

function problemOf(json: string): Problem {
  try {
    Tokenizer.parse(json);
  } catch (error) {
    if (error instanceof ProblemError) return error.problem;
    throw error;
  }
  throw new Error('was accepted');
}

const anyObject = v.record(v.string(), v.unknown());

/** tokenizer.json of a kind with some of its parts put in others' place. */
function spoil(kind: string, part: string | null, changes: Record<string, unknown>): string {
  const whole = v.parse(anyObject, JSON.parse(jsonOf(kind)));
  if (part === null) return JSON.stringify({ ...whole, ...changes });
  return JSON.stringify({ ...whole, [part]: { ...v.parse(anyObject, whole[part]), ...changes } });
}

describe('a damaged tokenizer.json', () => {
  it.each<[string, string, RegExp]>([
    ['empty', '', /not valid JSON/],
    ['cut short', jsonOf('gpt2').slice(0, 5000), /not valid JSON/],
    ['not an object', '[1, 2]', /expected/],
    ['null', 'null', /expected/],
    ['no model', '{}', /model/],
    ['no vocabulary', spoil('gpt2', 'model', { vocab: undefined }), /model\.vocab/],
    ['ids that are none', spoil('gpt2', 'model', { vocab: { a: -1 } }), /model\.vocab: expected a table of pieces/],
    ['ids as text', spoil('gpt2', 'model', { vocab: { a: '0' } }), /model\.vocab/],
    ['merges that are none', spoil('gpt2', 'model', { merges: ['abc'] }), /model\.merges: expected a list of pairs/],
    ['a merge to nowhere', spoil('gpt2', 'model', { merges: [['q', 'zz']] }), /model\.merges\.0: makes "qzz"/],
    ['another unknown token', spoil('bert-cased', 'model', { unk_token: '[WHAT]' }), /model\.unk_token: "\[WHAT\]"/],
    ['an unknown id out of range', spoil('t5', 'model', { unk_id: 99_999 }), /model\.unk_id: 99999/],
    ['scores that are none', spoil('t5', 'model', { vocab: [['a', 'b']] }), /model\.vocab: expected a list of pieces and their scores/],
    ['an unknown model', spoil('gpt2', 'model', { type: 'Telepathy' }), /model\.type: expected .*"BPE".*, found "Telepathy"/],
    ['an unknown normaliser', spoil('gpt2', null, { normalizer: { type: 'Nmt' } }), /normalizer\.type: .*found "Nmt"/],
    ['an unknown pre-tokenizer', spoil('gpt2', null, { pre_tokenizer: { type: 'UnicodeScripts' } }), /pre_tokenizer\.type: .*found "UnicodeScripts"/],
    ['one deep in a sequence', spoil('llama3', null, { pre_tokenizer: { type: 'Sequence', pretokenizers: [{ type: 'Digits' }, { type: 'X' }] } }), /pre_tokenizer\.pretokenizers\.1\.type/],
    ['an unknown decoder', spoil('gpt2', null, { decoder: { type: 'CTC' } }), /decoder\.type: .*found "CTC"/],
    ['a pattern that is none', spoil('llama3', null, { pre_tokenizer: { type: 'Split', pattern: { Regex: '(' }, behavior: 'Isolated' } }), /pattern: "\(" is no regular expression/],
    ['a character map that is none', spoil('t5', null, { normalizer: { type: 'Precompiled', precompiled_charsmap: 'AAAA' } }), /precompiled_charsmap/],
    ['a character map that is not base64', spoil('t5', null, { normalizer: { type: 'Precompiled', precompiled_charsmap: '*' } }), /not base64/],
    ['a template without a text', spoil('bert-cased', 'post_processor', { single: [] }), /post_processor\.single/],
    ['a template of unknown tokens', spoil('bert-cased', 'post_processor', { special_tokens: {} }), /post_processor\.special_tokens: "\[CLS\]"/],
    ['ids that no token has', spoil('roberta', 'post_processor', { cls: ['<s>', 99_999] }), /post_processor: there is no token 99999/],
    ['added tokens that are none', spoil('gpt2', null, { added_tokens: [{ id: 'x' }] }), /added_tokens\.0\.id/],
    ['nested beyond reason', `{"model":{"type":"WordLevel","vocab":{"<unk>":0}},"normalizer":${'{"type":"Sequence","normalizers":['.repeat(5000)}{"type":"NFC"}${']}'.repeat(5000)}}`, /./],
  ])('%s is named', (_name, json, detail) => {
    const problem = problemOf(json);
    expect(problem.code).toBe('model.badTokenizer');
    expect(problem.facts['detail']).toMatch(detail);
  });

  it('never gets further than a problem of the catalogue, wherever it is cut', () => {
    const json = jsonOf('word-level');
    for (let length = 0; length < json.length; length += 97) expect(problemOf(json.slice(0, length)).code).toBe('model.badTokenizer');
  });
});

it('early files that do not name their model are read', () => {
  for (const kind of KINDS) {
    const json = spoil(kind, 'model', { type: undefined });
    expect(Tokenizer.parse(json).encode('The keeper')).toEqual(Tokenizer.parse(jsonOf(kind)).encode('The keeper'));
  }
});

it('merges may be written as text or as pairs', () => {
  const pairs = Tokenizer.parse(jsonOf('gpt2'));
  const { merges } = v.parse(v.object({ merges: v.array(v.tuple([v.string(), v.string()])) }), v.parse(anyObject, JSON.parse(jsonOf('gpt2')))['model']);
  const texts = Tokenizer.parse(spoil('gpt2', 'model', { merges: merges.map((pair) => pair.join(' ')) }));
  expect(texts.encode('The keeper, 12')).toEqual(pairs.encode('The keeper, 12'));
});
