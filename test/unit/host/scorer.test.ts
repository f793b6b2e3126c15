/** Scores of passages, asked of the real engine in its worker. */
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { figuresOf, bucketOf } from '../../../src/editor/surprise/measures.ts';
import { Scorer, type Scored } from '../../../src/editor/surprise/scorer.ts';
import { EngineClient } from '../../../src/engine/client.ts';
import { spawnNodeWorker } from '../../../src/engine/spawn.node.ts';
import type { Ask } from '../../../src/protocol.ts';
import { root } from '../../support/engine.ts';

const dist = resolve(root, 'dist');
const engine = new EngineClient(() => spawnNodeWorker(resolve(dist, 'worker.node.mjs')), { runtime: `${pathToFileURL(resolve(dist, 'runtime')).href}/`, threads: 1 });
const asked: Ask<'surprisal'>[] = [];
const watched = {
  run: engine.run.bind(engine),
  release: engine.release.bind(engine),
  ask: ((run, question, ask) => {
    if (question === 'surprisal') asked.push(ask as Ask<'surprisal'>);
    return engine.ask(run, question, ask);
  }) as EngineClient['ask'],
};
const scorer = new Scorer(() => watched);
const storyteller = { name: 'storyteller', location: resolve(root, 'models/storyteller') };
const signal = new AbortController().signal;
const score = (text: string, context = ''): Promise<Scored> => scorer.score(storyteller, { text, context }, signal);

afterEach(() => {
  scorer.clear();
  asked.length = 0;
});
afterAll(() => engine.dispose());

describe('a passage', () => {
  it('has a score for every token but the first of a document', async () => {
    const { tokens, context } = await score('Once upon a time there was a little girl.');
    expect(context).toBe(0);
    expect(tokens.map(({ text }) => text).join('')).toBe(' upon a time there was a little girl.');
    for (const { start, end, text } of tokens) expect('Once upon a time there was a little girl.'.slice(start, end)).toBe(text);
    // Every story begins so.
    expect(tokens.find(({ text }) => text === ' time')?.rank).toBe(1);
  });

  it('is less surprising after its context', async () => {
    const name = ' Wilhelmina went home.';
    const alone = await score(name);
    const after = await score(name, 'Wilhelmina was a cat. Everybody loved Wilhelmina.');
    const sum = (scored: Scored): number => scored.tokens.slice(0, 4).reduce((total, { bits }) => total + bits, 0);
    expect(sum(after)).toBeLessThan(sum(alone));
    expect(after.context).toBeGreaterThan(5);
    expect(after.tokens[0]?.start).toBe(0);
  });

  it('asks only for what is new, and never twice', async () => {
    await score('The old dog sat down in the');
    await score('The old dog sat down in the garden');
    await score('The old dog sat down in the garden');
    expect(asked).toHaveLength(2);
    expect(asked[1]?.from).toBeGreaterThan(5);
    const grown = await score('The old dog sat down in the garden');
    scorer.clear();
    const fresh = await score('The old dog sat down in the garden');
    for (const [i, { bits, rank }] of fresh.tokens.entries()) {
      expect(grown.tokens[i]?.bits).toBeCloseTo(bits, 3);
      expect(grown.tokens[i]?.rank).toBe(rank);
    }
  });

  it('that the model cannot see whole is scored in parts, all of it', async () => {
    const text = '教师用这本书教学生。'.repeat(60);
    const { tokens } = await score(text);
    const covered = new Set(tokens.flatMap(({ start, end }) => Array.from({ length: end - start }, (_, i) => start + i)));
    expect(covered.size).toBeGreaterThanOrEqual(text.length - 1);
    expect(Math.max(...tokens.map(({ end }) => end))).toBe(text.length);
  });

  it('with emoji, Chinese and line ends keeps every score on its characters', async () => {
    const text = 'A 👩‍🚀 said 你好.\nThen é went.';
    const { tokens } = await score(text);
    for (const token of tokens) {
      expect(token.start).toBeLessThan(token.end);
      expect(text.slice(token.start, token.end)).toBe(token.text);
    }
  });

  it('has likelier words for a token', async () => {
    const text = 'Once upon a time there was a little girl named Lily. She loved to play with her toys.';
    const words = await scorer.alternatives(storyteller, { text, context: '' }, text.indexOf(' toys'), 5, signal);
    expect(words).toHaveLength(5);
    for (const { text: word, logProbability } of words) {
      expect(word.length).toBeGreaterThan(0);
      expect(logProbability).toBeLessThan(0);
    }
  });

  it('ends with what the engine says where the model does not predict', async () => {
    const reader = { name: 'reader', location: resolve(root, 'models/reader') };
    await expect(scorer.score(reader, { text: 'The old dog sat.', context: '' }, signal)).rejects.toMatchObject({ problem: { code: 'model.predictsNothing' } });
  });
});

describe('figures', () => {
  it('are bits per word and perplexity per token', () => {
    const token = (text: string, bits: number, word: number): Scored['tokens'][number] => ({ start: 0, end: 1, text, bits, rank: 1, word });
    const passage = { tokens: [token('un', 3, 0), token('happy', 1, 0), token(' dog', 4, 1), token('.', 0, 2)], context: 0 };
    expect(figuresOf([passage])).toEqual({ words: 2, bitsPerWord: 4, perplexity: 4 });
    expect(figuresOf([])).toBeNull();
  });

  it('put ranks into four buckets', () => {
    expect([1, 10, 11, 100, 101, 1000, 1001, 50_000].map(bucketOf)).toEqual([0, 0, 1, 1, 2, 2, 3, 3]);
  });
});
