/** Two runs held by an engine: what can be asked of both, what is restored by definition, and one sentence where nothing can. */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { Engine } from '../../../src/engine/engine.ts';
import { openFolder } from '../../../src/engine/files.node.ts';
import { wasmRuntime } from '../../../src/engine/session.ts';
import type { Answer, Ask, ModelSource, Outcome, Question, RunEvent, RunRequest } from '../../../src/protocol.ts';
import { root, runtimeUrl } from '../../support/engine.ts';

const CLEAN = [5, 17, 42, 5, 90, 17, 42, 63, 8];
const CORRUPTED = [5, 17, 31, 5, 90, 17, 42, 63, 8];

let engine: Engine;
const told: RunEvent[] = [];
let last = 0;

const source = (folder: string): ModelSource => ({ name: folder, location: join(root, folder) });

async function run(folder: string, request: Partial<RunRequest>): Promise<number> {
  const id = ++last;
  engine.run(id, { model: source(folder), text: '', ...request });
  await expect.poll(() => told.some((event) => 'run' in event && event.run === id && (event.type === 'finished' || event.type === 'failed')), { timeout: 20_000 }).toBe(true);
  return id;
}

async function ask<Q extends Question>(id: number, question: Q, about: Ask<Q>): Promise<Answer<Q>> {
  const outcome = await engine.ask(id, question, about);
  if (!outcome.ok) throw new Error(outcome.problem.code);
  return outcome.value;
}

const codeOf = (outcome: Outcome<unknown>): string => (outcome.ok ? 'none' : outcome.problem.code);

const GPT2 = 'test/fixtures/gpt2-basic';

beforeAll(async () => {
  engine = new Engine({ openFiles: (location) => openFolder(location), startRuntime: (options) => wasmRuntime(options, availableParallelism()), memory: () => ({ heap: 2 ** 32, machine: 2 ** 33 }) });
  await engine.start({ runtime: runtimeUrl, threads: 1 }, (event) => told.push(event));
});

describe('a prediction of two texts', () => {
  it('is told of both, with the tokens that stand for each other', async () => {
    const clean = await run(GPT2, { ids: CLEAN });
    const corrupted = await run(GPT2, { ids: [5, 17, 31, 32, 5, 90, 17, 42, 63, 8] });
    const answer = await ask(clean, 'alignment', { corrupted, position: 7, top: 3 });
    expect([...answer.pairs.corrupted]).toEqual([0, 1, 3, 4, 5, 6, 7, 8, 9]);
    expect([...answer.pairs.same]).toEqual([1, 1, 0, 1, 1, 1, 1, 1, 1]);
    expect(answer.corruptedPosition).toBe(8);
    const ids = (candidates: Answer<'alignment'>['clean']): number[] => candidates.map(({ id }) => id);
    expect(ids(answer.clean)).toEqual(ids((await ask(clean, 'next', { position: 7, top: 3 })).top));
    expect(ids(answer.corrupted)).toEqual(ids((await ask(corrupted, 'next', { position: 8, top: 3 })).top));
  });

  it('is restored by nothing before the texts differ, and wholly by the residual stream where it is read', async () => {
    const clean = await run(GPT2, { ids: CLEAN });
    const corrupted = await run(GPT2, { ids: CORRUPTED });
    const { sites, restored, clean: was, corrupted: is, total, target } = await ask(clean, 'patch', { corrupted, position: 8, over: 'resid_pre', from: 0, to: 1000 });
    expect(total).toBe(3 * 9);
    const at = (layer: number, position: number): number => restored[sites.findIndex((site) => site.kind === 'position' && site.layer === layer && site.position === position)] ?? NaN;
    for (const layer of [0, 1, 2]) expect([at(layer, 0), at(layer, 1)]).toEqual([0, 0]);
    // All that differs is token 2: with its embedding nothing does.
    expect(at(0, 2)).toBeCloseTo(1, 3);
    expect(at(0, 5)).toBe(0);
    expect(at(2, 8)).not.toBeCloseTo(0, 2);
    const before = (await ask(clean, 'next', { position: 8, top: 1 })).top[0];
    expect([target.id, was.logProbability]).toEqual([before?.id, expect.closeTo(before?.logProbability ?? NaN, 4)]);
    expect(is.logProbability).not.toBeCloseTo(was.logProbability, 2);
  });

  it('of an encoder has the mask in both', async () => {
    const text = 'The teacher taught the student with the book.';
    const clean = await run('models/reader', { text });
    const corrupted = await run('models/reader', { text: text.replace('book', 'song') });
    const position = 5;
    const { clean: was, sites, restored } = await ask(clean, 'patch', { corrupted, position, over: 'z', from: 0, to: 3 });
    expect(was.logProbability).toBeCloseTo((await ask(clean, 'next', { position, top: 1 })).top[0]?.logProbability ?? NaN, 4);
    expect(sites.map((site) => site.kind)).toEqual(['head', 'head', 'head']);
    expect(restored.some((value) => value !== 0)).toBe(true);
  });
});

describe('two texts of which nothing can be said', () => {
  const patched = async (clean: number, corrupted: number, position = 8): Promise<string> => codeOf(await engine.ask(clean, 'patch', { corrupted, position, over: 'z', from: 0, to: 1 }));

  it('are told apart', async () => {
    const clean = await run(GPT2, { ids: CLEAN });
    expect(await patched(clean, await run(GPT2, { ids: [1, 2, 3, 4, 6, 7, 9, 63, 8] }))).toBe('patch.apart');
    expect(await patched(clean, await run(GPT2, { ids: CLEAN.slice(0, 6) }))).toBe('patch.noPartner');
    expect(await patched(clean, await run(GPT2, { ids: CLEAN }))).toBe('patch.same');
    // The difference comes after the prediction.
    expect(await patched(clean, await run(GPT2, { ids: [...CLEAN.slice(0, 8), 11] }), 7)).toBe('patch.same');
    expect(await patched(clean, await run('test/fixtures/llama-basic', { ids: CORRUPTED }))).toBe('patch.otherModel');
    expect(await patched(clean, await run(GPT2, { ids: CORRUPTED, interventions: [{ kind: 'head', part: 'decoder', layer: 0, head: 0, by: 'zero' }] }))).toBe('intervention.twice');
    expect(await patched(clean, 99_999)).toBe('run.gone');
    const recurrent = await run('test/fixtures/gru-basic', { ids: CLEAN });
    expect(await patched(recurrent, await run('test/fixtures/gru-basic', { ids: CORRUPTED }))).toBe('model.noAttention');
  });
});

describe('the test on repeated tokens', () => {
  it('draws the same tokens from a seed, in the row as often as is asked', async () => {
    const id = await run(GPT2, { ids: CLEAN });
    const first = await ask(id, 'repeated', { seed: 3, length: 6, repeats: 3 });
    expect(first.ids).toHaveLength(18);
    expect(new Set(first.ids.slice(0, 6)).size).toBe(6);
    expect(first.ids).toEqual([...first.ids.slice(0, 6), ...first.ids.slice(0, 6), ...first.ids.slice(0, 6)]);
    expect(await ask(id, 'repeated', { seed: 3, length: 6, repeats: 3 })).toEqual(first);
    expect((await ask(id, 'repeated', { seed: 4, length: 6, repeats: 3 })).ids).not.toEqual(first.ids);
    // What is scored is what a run of these tokens shows.
    const again = await run(GPT2, { ids: first.ids });
    const shown = told.flatMap((event) => (event.type === 'layer' && event.run === again ? [event.summary.heads.map(({ scores }) => scores)] : []));
    first.layers.forEach((heads, layer) => heads.forEach((scores, head) => expect(scores.induction).toBeCloseTo(shown[layer]?.[head]?.induction ?? NaN, 5)));
    expect(codeOf(await engine.ask(id, 'repeated', { seed: 1, length: 500, repeats: 100 }))).toBe('ids.tooMany');
  });

  it('puts around them what the tokenizer puts around a text', async () => {
    const id = await run('models/reader', { text: 'The book.' });
    const own = told.flatMap((event) => (event.type === 'started' && event.run === id ? [event.info.tokens] : []))[0] ?? [];
    const { ids, part } = await ask(id, 'repeated', { seed: 1, length: 5, repeats: 2 });
    expect(part).toBe('encoder');
    expect([ids[0], ids.at(-1)]).toEqual([own[0]?.id, own.at(-1)?.id]);
    expect(own[0]?.origin).toBe('added');
    expect(ids).toHaveLength(12);
  });

  it('finds heads of storyteller that look back at the token before', async () => {
    const id = await run('models/storyteller', { text: 'The book.' });
    const { layers } = await ask(id, 'repeated', { seed: 1, length: 25, repeats: 2 });
    expect(layers.map((heads) => heads.length)).toEqual([8, 8, 8, 8, 8, 8]);
    const best = Math.max(...layers.flat().map(({ previous }) => previous));
    const uniform = Array.from({ length: 49 }, (_, i) => 1 / (i + 2)).reduce((a, b) => a + b, 0) / 49;
    expect(best).toBeGreaterThan(2.5 * uniform);
  });
});
