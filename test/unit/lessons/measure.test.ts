/** Measurements against the same asked of the engine in another way, and how numbers are stated. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as v from 'valibot';
import { ProblemError } from '../../../src/engine/client.ts';
import { measure, type Value } from '../../../src/lessons/measure.ts';
import { measurement } from '../../../src/lessons/measurement.ts';
import { holds, readStated } from '../../../src/lessons/stated.ts';
import { findToken } from '../../../src/lessons/tokenRef.ts';
import type { LabRun } from '../../../src/lessons/laboratory.ts';
import { startLaboratory, type TestLaboratory } from '../../support/laboratory.ts';

const SENTENCE = 'The teacher taught the student with the book.';

let lab: TestLaboratory;
let run: LabRun;
beforeAll(async () => {
  lab = startLaboratory();
  run = await lab.laboratory.run({ model: 'storyteller', text: SENTENCE });
});
afterAll(() => lab.end());

const measured = (wish: unknown, where = { model: 'storyteller', text: SENTENCE }): Promise<Value> => measure(v.parse(measurement, wish), where, lab.laboratory);

async function codeOf(wish: unknown, model = 'storyteller'): Promise<string> {
  const thrown: unknown = await measured(wish, { model, text: SENTENCE }).catch((problem: unknown) => problem);
  return thrown instanceof ProblemError ? thrown.problem.code : 'none';
}

describe('a measurement', () => {
  it('of a prediction is that of the whole vocabulary', async () => {
    const { top, entropy } = await run.ask('next', { position: 6, top: 8192 });
    const book = top.find(({ text }) => text === ' book');
    expect(await measured({ probability: ' book', after: 'the#2' })).toBeCloseTo(Math.exp(book?.logProbability ?? NaN), 6);
    expect(await measured({ logprob: ' book', after: 'the#2' })).toBe(book?.logProbability);
    expect(await measured({ rank: ' book', after: 'the#2' })).toBe(top.findIndex(({ text }) => text === ' book') + 1);
    expect(await measured({ likeliest: 'the#2' })).toBe(top[0]?.text);
    expect(await measured({ entropy: 'the#2' })).toBe(entropy);
  });

  it('of surprisal is the bits of that probability', async () => {
    const probability = Number(await measured({ probability: ' book', after: 'the#2' }));
    expect(await measured({ surprisal: 'book' })).toBeCloseTo(-Math.log2(probability), 4);
  });

  it('of a draw adds up with temperature, and keeps what it should', async () => {
    expect(await measured({ probability: ' book', after: 'the#2', sampling: { temperature: 1 } })).toBeCloseTo(Number(await measured({ probability: ' book', after: 'the#2' })), 5);
    expect(await measured({ kept: 'the#2', sampling: { topK: 3 } })).toBe(3);
    const { top } = await run.ask('next', { position: 6, top: 1 });
    expect(await measured({ probability: top[0]?.text, after: 'the#2', sampling: { topK: 1 } })).toBeCloseTo(1, 6);
  });

  it('of attention is the softmax of the scores', async () => {
    const weights = await Promise.all(['The', 'teacher', 'taught', 'the', 'student', 'with', 'the#2', 'book'].map((to) => measured({ attention: { layer: 2, head: 3, from: 'book', to } })));
    expect(weights.reduce<number>((sum, weight) => sum + Number(weight), 0)).toBeCloseTo(1, 5);
    const scores = await Promise.all(['The', 'teacher', 'taught', 'the', 'student', 'with', 'the#2', 'book'].map((to) => measured({ scaled: { layer: 2, head: 3, from: 'book', to } })));
    const total = scores.reduce<number>((sum, score) => sum + Math.exp(Number(score)), 0);
    expect(Number(weights[1])).toBeCloseTo(Math.exp(Number(scores[1])) / total, 5);
    expect(Number(await measured({ dot: { layer: 2, head: 3, from: 'book', to: 'teacher' } })) / Math.sqrt(32)).toBeCloseTo(Number(scores[1]), 4);
  });

  it('of a head is its score in the grid', async () => {
    const scores = run.summaries.find(({ layer }) => layer === 2)?.heads[3]?.scores;
    expect(await measured({ score: { layer: 2, head: 3, of: 'previous' } })).toBe(scores?.previous);
    expect(await measured({ score: { layer: 2, head: 3, of: 'entropy' } })).toBe(scores?.entropy);
  });

  it('of an effect is the difference of two runs', async () => {
    const experiments = [{ kind: 'head', layer: 2, head: 3 }];
    const before = Number(await measured({ probability: ' book', after: 'the#2' }));
    const after = Number(await measured({ probability: ' book', after: 'the#2', experiments }));
    expect(after).not.toBeCloseTo(before, 5);
    expect(await measured({ effect: 'probability', token: ' book', after: 'the#2', experiments })).toBeCloseTo(after - before, 5);
  });

  it('of a left-out token is that of the text without it', async () => {
    const without = await measured({ probability: ' book', text: 'The teacher taught the student with the' });
    expect(await measured({ probability: ' book', after: 'the#2', experiments: [{ kind: 'token', token: 'book' }] })).toBeCloseTo(Number(without), 5);
  });

  it('of shares adds up to the logit', async () => {
    const parts = ['embedding', 'position', 'head', 'attentionBias', 'feedForward', 'normBias', 'unembeddingBias'];
    const shares = await Promise.all(parts.map((share) => measured({ share, token: ' book', after: 'the#2' })));
    expect(shares.reduce<number>((sum, share) => sum + Number(share), 0)).toBeCloseTo(Number(await measured({ logit: ' book', after: 'the#2' })), 2);
  });

  it('of the lens ends in the prediction', async () => {
    expect(await measured({ lens: ' book', layer: 5, after: 'the#2' })).toBeCloseTo(Number(await measured({ probability: ' book', after: 'the#2' })), 5);
    expect(await measured({ lensLikeliest: 5, after: 'the#2' })).toBe(await measured({ likeliest: 'the#2' }));
  });

  it('of the lens reads the encoder of a translator at a token of the text', async () => {
    const of = { part: 'encoder', at: 'teacher', model: 'translator' };
    expect(await measured({ lensLikeliest: -1, ...of })).toBe(' teacher');
    expect(await measured({ lens: ' teacher', layer: -1, of: 'rank', ...of })).toBe(1);
    expect(await measured({ lens: ' teacher', layer: 2, of: 'rank', ...of })).toBeGreaterThan(1);
    expect(await codeOf({ lens: ' book', layer: 0, part: 'encoder', at: 'book' })).toBe('model.otherAttention');
  });

  it('of the strongest neuron is the one that is told first', async () => {
    const { neurons } = await run.ask('neurons', { layer: 2, position: 7, top: 1, tokens: 1 });
    expect(await measured({ neuron: { layer: 2, index: neurons[0]?.neuron, at: 'book' } })).toBeCloseTo(neurons[0]?.activation ?? NaN, 5);
  });

  it('of tokens, vectors and the model', async () => {
    expect(await measured({ tokens: 'text' })).toBe(9);
    expect(await measured({ id: 'book' })).toBe(run.info.tokens[7]?.id);
    expect(await measured({ bytes: 'book' })).toBe(5);
    expect(await measured({ model: 'layers' })).toBe(6);
    expect(await measured({ model: 'kind', of: 'reader' })).toBe('encoder');
    expect(await measured({ model: 'positionKind' })).toBe('learned');
    expect(Number(await measured({ cosine: [' book', ' book'] }))).toBe(1);
    expect(Number(await measured({ cosine: [' book', ' teacher'] }))).toBeCloseTo(Number(await measured({ cosine: [' teacher', ' book'] })), 5);
    expect(Number(await measured({ variance: 'projection' }))).toBeGreaterThan(0);
    expect(Number(await measured({ similarity: [3, 3] }))).toBe(1);
  });

  it('of what a decoder writes is its text', async () => {
    const written = await measured({ written: true, model: 'translator' });
    expect(written).toMatch(/^\p{Lu}.*\.$/u);
    expect(await measured({ tokens: 'output', model: 'translator' })).toBeGreaterThan(4);
  });

  it.each<[unknown, string]>([
    [{ surprisal: 'lamp' }, 'lesson.noToken'],
    [{ surprisal: 'the#3' }, 'lesson.noToken'],
    [{ probability: ' teacher student' }, 'lesson.notOneToken'],
    [{ attention: { layer: 6, head: 0, from: 'book', to: 'the' } }, 'head.beyond'],
    [{ attention: { layer: 0, head: 8, from: 'book', to: 'the' } }, 'head.beyond'],
    [{ attention: { layer: 0, head: 0, part: 'cross', from: 'book', to: 'the' } }, 'model.otherAttention'],
    [{ neuron: { layer: 2, index: 100_000, at: 'book' } }, 'head.beyond'],
    [{ tokens: 'text', model: 'nobody' }, 'model.unknownName'],
  ])('%j cannot be made: %s', async (wish, code) => {
    expect(await codeOf(wish)).toBe(code);
  });

  it('of attention cannot be made of a recurrent network', async () => {
    expect(await codeOf({ attention: { layer: 0, head: 0, from: 'book', to: 'the' } }, 'recaller')).toBe('model.noAttention');
  });
});

describe('a token is found by its text', () => {
  const place = (written: string): unknown => findToken(written, { text: run.info.tokens, output: [] }, 'text');

  it.each<[string, number | null]>([['The', 0], ['the', 3], ['the#2', 6], ['the#3', null], ['book', 7], [' book ', 7], ['.', 8], ['text:book', 7], ['output:book', null], ['Book', null], ['#2', null], ['', null]])('%j', (written, token) => {
    expect(place(written)).toEqual(token === null ? null : { sequence: 'text', token });
  });

  it('of a word of several pieces the last', async () => {
    const { info } = await lab.laboratory.run({ model: 'storyteller', text: 'The lighthouse xylophonists sang.' });
    const found = findToken('xylophonists', { text: info.tokens, output: [] }, 'text');
    const pieces = info.tokens.filter(({ word }) => word === info.tokens[found?.token ?? -1]?.word);
    expect(pieces.length).toBeGreaterThan(1);
    expect(info.tokens[found?.token ?? -1]).toBe(pieces.at(-1));
  });
});

describe('a stated number', () => {
  it.each<[string, number, number]>([
    ['43 %', 0.43, 0.005],
    ['43%', 0.43, 0.005],
    ['百分之 43', 0.43, 0.005],
    ['0.43', 0.43, 0.005],
    ['−3.20 bits', -3.2, 0.005],
    ['-3', -3, 0.5],
    ['six', 6, 0.5],
    ['六', 6, 0.5],
    ['8,192', 8192, 0.5],
    ['7.7 M', 7.7e6, 0.05e6],
    ['7.7 million', 7.7e6, 0.05e6],
    ['770 万', 7.7e6, 5000],
    ['0.5 亿', 5e7, 5e6],
  ])('%j', (written, value, tolerance) => {
    const stated = readStated(written);
    expect(stated?.value).toBeCloseTo(value, 8);
    expect(stated?.tolerance).toBeCloseTo(tolerance, 8);
  });

  it.each<[string, number | string, boolean]>([
    ['43 %', 0.4349, true],
    ['43 %', 0.4351, false],
    ['43.0 %', 0.4349, false],
    ['6', 6, true],
    ['6', 7, false],
    ['7.7 M', 7_660_000, true],
    ['“ book”', ' book', true],
    ['book', ' book', true],
    ['Book', ' book', false],
    ['many', 6, false],
    ['0.5', NaN, false],
  ])('%j of %j: %s', (written, found, fits) => {
    expect(holds(written, found)).toBe(fits);
  });
});
