/** The built command line: the lens as a table, attribution as a ranked list, and one sentence for what cannot be. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { headlight, json } from '../../support/commandLine.ts';
import { root } from '../../support/engine.ts';

const fixture = (name: string): string => join(root, 'test/fixtures', name);
const STORY = ['-t', 'Once upon a time there was a little'] as const;

describe('headlight lens', () => {
  it('is a table of layers and tokens that ends in what the model predicts', async () => {
    const { stdout, stderr, code } = await headlight('lens', ...STORY, '--token', ' girl');
    expect([code, stderr]).toEqual([0, '']);
    const rows = stdout.split('\n').filter((line) => /^(layer|embedding|\d) /.test(line));
    expect(rows.map((row) => row.split(' ')[0])).toEqual(['layer', 'embedding', '0', '1', '2', '3', '4', '5']);
    const { top } = (await json('next', ...STORY, '-k', '1')) as { top: { text: string }[] };
    const last = rows.at(-1)?.trimEnd() ?? '';
    expect(last.slice(last.lastIndexOf('  ') + 2).startsWith(top[0]?.text.replace(' ', '␣') ?? '?')).toBe(true);
    expect(last).toMatch(/#\d+, KL 0\.0$/);
  });

  it('shows the candidates and the rank of a token at one position, the same as in JSON', async () => {
    const asked = ['lens', ...STORY, '--position', '4', '--token', ' was', '-k', '2'] as const;
    const { layers, top, followed, divergence, positions } = (await json(...asked)) as { layers: number[]; positions: number[]; divergence: number[]; top: { text: string }[][]; followed: { text: string; rank: number[] } };
    expect([layers, positions]).toEqual([[-1, 0, 1, 2, 3, 4, 5], [4]]);
    expect(followed.text).toBe(' was');
    expect([top.length, divergence.length, followed.rank.length]).toEqual([7, 7, 7]);
    const { stdout } = await headlight(...asked);
    const row = stdout.split('\n').find((line) => line.startsWith('3 '))?.split(/\s{2,}/) ?? [];
    expect(row[2]).toBe(String(followed.rank[4]));
    expect(row[4]?.startsWith(top[4]?.[0]?.text.replace(' ', '␣') ?? '?')).toBe(true);
  });

  it('is about the output of an encoder–decoder and the last layer of a recurrent network', async () => {
    const { layers, top, tokens } = (await json('lens', '-m', fixture('marian-basic'), '--ids', '5,6,7', '--decoder-ids', '95,3', '-k', '1')) as { layers: number[]; top: unknown[]; tokens: unknown[] };
    expect([layers, top.length, tokens.length]).toEqual([[-1, 0, 1], 6, 2]);
    const encoder = ['lens', '-m', fixture('marian-basic'), '--ids', '5,6,7', '--decoder-ids', '95,3', '-k', '1', '--part', 'encoder'] as const;
    const read = (await json(...encoder)) as { layers: number[]; top: unknown[]; tokens: { id: number }[] };
    expect([read.layers, read.top.length, read.tokens.map(({ id }) => id)]).toEqual([[-1, 0, 1], 9, [5, 6, 7]]);
    expect((await headlight(...encoder)).stdout).toContain("which word the encoder's vector at each token resembles, read with the decoder's head");
    expect(await json('lens', '-m', fixture('gru-basic'), '--ids', '5,6,7')).toMatchObject({ layers: [1] });
  });
});

describe('headlight attribution', () => {
  it('ranks what parts add, with their sum and what it leaves', async () => {
    const { stdout, code } = await headlight('attribution', ...STORY, '--token', ' girl', '--rival', ' boy');
    expect(code).toBe(0);
    expect(stdout).toMatch(/the logit of "␣girl" less that of "␣boy" is [+−]\d/);
    const shares = [...stdout.matchAll(/^([+−])(\d+\.\d+) {2}(.+?)( {2}|$)/gm)].map((found) => Number(found[2]));
    expect(shares).toHaveLength(2 + 6 * (8 + 2) + 1);
    expect(shares).toEqual([...shares].sort((a, b) => b - a));
    expect(stdout).toMatch(/^Together [+−]\d+\.\d+, which leaves −?\d\.\de-\d of [+−]/m);
  });

  it('adds up in JSON, by parts and by the tokens a head looked at', async () => {
    const { logit, shares, remainder, sources } = (await json('attribution', ...STORY, '--head', '3.1')) as {
      logit: number;
      remainder: number;
      shares: { part: string; layer?: number; head?: number; value: number }[];
      sources: { layer: number; head: number; value: number; shares: number[] };
    };
    const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
    expect(sum(shares.map(({ value }) => value))).toBeCloseTo(logit - remainder, 5);
    expect(Math.abs(remainder)).toBeLessThan(1e-3);
    expect(sources).toMatchObject({ layer: 3, head: 1 });
    expect(sum(sources.shares)).toBeCloseTo(sources.value, 5);
    expect(sources.value).toBeCloseTo(shares.find(({ layer, head }) => layer === 3 && head === 1)?.value ?? NaN, 5);
  });

  it('takes the first token of a word that is several, and says so', async () => {
    const { stdout, stderr, code } = await headlight('attribution', ...STORY, '--token', ' girlfriendship');
    expect(code).toBe(0);
    expect(stderr).toMatch(/^"␣girlfriendship" is \d tokens; its first is taken: "␣girl.*"\.\n$/);
    expect(stdout).toMatch(/the logit of "␣girl/);
  });
});

describe('what cannot be', () => {
  it.each([
    ['attribution in an encoder–decoder', ['attribution', '-m', fixture('t5-basic'), '--ids', '5,6', '--decoder-ids', '0'], /decoders with the norm before each part; .*t5-basic is none\.\nChoose one of these/],
    ['a head of a recurrent network', ['attribution', '-m', fixture('gru-basic'), '--ids', '5,6', '--head', '0.0'], /gru-basic is none/],
    ['the lens on an exported graph', ['lens', '-m', fixture('onnx/gpt2-eager'), '--ids', '5,6'], /gpt2-eager came as an exported graph, whose layers and weights cannot be told apart for this\.\n/],
    ['attribution in an exported graph', ['attribution', '-m', fixture('onnx/gpt2-eager'), '--ids', '5,6'], /gpt2-eager came as an exported graph/],
    ['the lens on an encoder without a head', ['lens', '-m', fixture('bert-bare'), '--ids', '5,6'], /bert-bare does not predict what comes next/],
    ['the lens on an encoder with a vocabulary of its own', ['lens', '-m', fixture('marian-separate'), '--ids', '5,6', '--decoder-ids', '3', '--part', 'encoder'], /The encoder of .*marian-separate has a vocabulary and embeddings of its own: .*\nLook at the half of the decoder/],
    ['the half of an encoder that is not there', ['lens', ...STORY, '--part', 'encoder'], /storyteller has no encoder attention/],
    ['a token beyond the text', ['lens', ...STORY, '--position', '99'], /There is no token 99: 7 is the last one\.\nTokens count from 0/],
    ['a head beyond the last', ['attribution', ...STORY, '--head', '6.0'], /There is no layer or head 6\.0: storyteller has 6 layers with 8 heads each\.\n/],
    ['a head that is none', ['attribution', ...STORY, '--head', '3'], /It must be a layer and a head, from 0: 3\.1/],
    ['a token without a text', ['lens', ...STORY, '--token', ''], /It must not be empty/],
    ['a word for a model without a tokenizer', ['lens', '-m', fixture('llama-basic'), '--ids', '5,6', '--token', 'x'], /tokenizer\.json is missing/],
  ])('is said in a sentence: %s', async (_, options, sentence) => {
    const { code, stderr, stdout } = await headlight(...options);
    expect(code).toBe(1);
    expect(stderr).toMatch(sentence);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(stdout).toBe('');
  });
});
