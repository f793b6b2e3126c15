/** What experiments change in attention, against plain subtraction of two runs' rows. */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { Engine } from '../../../src/engine/engine.ts';
import { openFolder } from '../../../src/engine/files.node.ts';
import { wasmRuntime } from '../../../src/engine/session.ts';
import type { Answer, Ask, AttentionOf, Intervention, ModelSource, Question, RunEvent, RunRequest } from '../../../src/protocol.ts';
import { root, runtimeUrl } from '../../support/engine.ts';

const IDS = [5, 17, 42, 5, 5, 90, 17, 42, 3];
const source = (name: string): ModelSource => ({ name, location: join(root, 'test/fixtures', name) });
const of: AttentionOf = { part: 'decoder', layer: 1, heads: [0, 1, 2, 3], average: false, sink: 'show', unit: 'token' };
const OFF: readonly Intervention[] = [{ kind: 'head', part: 'decoder', layer: 0, head: 1, by: 'zero' }, { kind: 'link', part: 'decoder', layer: 1, heads: [0], query: 6, key: 2, renormalise: true }];

let engine: Engine;
const told: RunEvent[] = [];
let last = 0;

async function run(request: Omit<RunRequest, 'text'>): Promise<number> {
  const id = ++last;
  engine.run(id, { text: '', ...request });
  await expect.poll(() => told.find((event) => event.run === id && (event.type === 'finished' || event.type === 'failed'))?.type, { timeout: 10_000 }).toBe('finished');
  return id;
}

async function ask<Q extends Question>(id: number, question: Q, about: Ask<Q>): Promise<Answer<Q>> {
  const outcome = await engine.ask(id, question, about);
  if (!outcome.ok) throw new Error(outcome.problem.code);
  return outcome.value;
}

/** `[query][head · keys + key]`, weights as they are. */
async function rowsOf(id: number, about: AttentionOf, queries: number): Promise<Float32Array[]> {
  return Promise.all(Array.from({ length: queries }, async (_, unitIndex) => (await ask(id, 'focus', { ...about, percent: 100, unitIndex, direction: 'from' })).weights));
}

beforeAll(async () => {
  engine = new Engine({ openFiles: (location) => openFolder(location), startRuntime: (options) => wasmRuntime(options, availableParallelism()), memory: () => ({ heap: 2 ** 32, machine: 2 ** 33 }) });
  await engine.start({ runtime: runtimeUrl, threads: 1 }, (event) => told.push(event));
});

/** Where each cell's change is, −128 read as nothing. */
const changeAt = (answer: Answer<'difference'>, query: number, key: number): number | null => {
  const value = answer.changes[query * answer.keys + key] ?? NaN;
  return value === -128 ? null : Math.sign(value) * (value / 127) ** 2;
};

describe('the difference of attention', () => {
  it.each(['gpt2-basic', 'llama-basic'])('in %s is that of the weights, head by head and averaged', async (name) => {
    const plain = await run({ model: source(name), ids: IDS });
    const patched = await run({ model: source(name), ids: IDS, interventions: OFF });
    const [was, is] = [await rowsOf(plain, of, IDS.length), await rowsOf(patched, of, IDS.length)];
    const change = (query: number, head: number, key: number): number => (is[query]?.[head * IDS.length + key] ?? NaN) - (was[query]?.[head * IDS.length + key] ?? NaN);
    const answer = await ask(plain, 'difference', { ...of, against: patched, percent: 100, limit: 1000 });
    expect(answer.change.length).toBeGreaterThan(10); // else nothing is compared
    for (const [link, value] of answer.change.entries()) {
      expect(value).toBeCloseTo(change(answer.query[link] ?? -1, answer.head[link] ?? -1, answer.key[link] ?? -1), 5);
      expect(Math.abs(value)).toBeLessThanOrEqual(Math.abs(answer.change[link - 1] ?? 1));
    }
    const listed = new Set([...answer.change.keys()].map((link) => `${String(answer.query[link])} ${String(answer.head[link])} ${String(answer.key[link])}`));
    for (let query = 0; query < IDS.length; query++) {
      for (let key = 0; key < IDS.length; key++) {
        const changes = of.heads.map((head) => change(query, head, key));
        for (const [head, size] of changes.entries()) if (Math.abs(size) > 0.001) expect(listed).toContain(`${String(query)} ${String(head)} ${String(key)}`);
        // A byte holds the root of it.
        const mean = changes.reduce((sum, size) => sum + size, 0) / changes.length;
        expect(Math.abs((changeAt(answer, query, key) ?? NaN) - mean)).toBeLessThan(2 * Math.sqrt(Math.abs(mean)) / 250 + 1 / 250 ** 2 + 1e-5);
      }
    }
    // The link that was cut has lost all it had.
    const cut = [...answer.change.keys()].find((link) => answer.query[link] === 6 && answer.key[link] === 2 && answer.head[link] === 0);
    expect(answer.change[cut ?? -1]).toBeCloseTo(-(was[6]?.[2] ?? NaN), 5);
  });

  it('keeps to the limit and says what it leaves out', async () => {
    const plain = await run({ model: source('gpt2-basic'), ids: IDS });
    const patched = await run({ model: source('gpt2-basic'), ids: IDS, interventions: OFF });
    const all = await ask(plain, 'difference', { ...of, against: patched, percent: 100, limit: 1000 });
    const few = await ask(plain, 'difference', { ...of, against: patched, percent: 100, limit: 5 });
    expect([...few.change]).toEqual([...all.change.subarray(0, 5)]);
    expect(few.hidden).toBe(all.change.length - 5 + all.hidden);
    expect(few.hiddenShare).toBeGreaterThan(all.hiddenShare);
    const most = await ask(plain, 'difference', { ...of, against: patched, percent: 50, limit: 1000 });
    expect(most.change.length).toBeLessThan(all.change.length);
    expect(most.hiddenShare).toBeLessThan(0.51);
  });

  it('lines up the tokens that stay where one is left out, and has nothing where it was', async () => {
    const plain = await run({ model: source('gpt2-basic'), ids: IDS });
    const patched = await run({ model: source('gpt2-basic'), ids: IDS, interventions: [{ kind: 'token', token: 3 }] });
    const kept = [0, 1, 2, 4, 5, 6, 7, 8];
    const about = { ...of, heads: [2] };
    const [was, is] = [await rowsOf(plain, about, 9), await rowsOf(patched, about, 8)];
    const answer = await ask(plain, 'difference', { ...about, against: patched, percent: 100, limit: 1000 });
    expect([answer.queries, answer.keys]).toEqual([9, 9]);
    for (let at = 0; at < 9; at++) expect([changeAt(answer, 3, at), changeAt(answer, at, 3)]).toEqual([null, null]);
    let compared = 0;
    for (const [link, value] of answer.change.entries()) {
      const [query, key] = [answer.query[link] ?? -1, answer.key[link] ?? -1];
      expect(value).toBeCloseTo((is[kept.indexOf(query)]?.[kept.indexOf(key)] ?? NaN) - (was[query]?.[key] ?? NaN), 5);
      compared++;
    }
    expect(compared).toBeGreaterThan(5);
  });

  it.each([['a head and a link', OFF, [0, 1, 2, 3, 4, 5, 6, 7, 8]], ['a token', [{ kind: 'token', token: 3 }], [0, 1, 2, 4, 5, 6, 7, 8]]] as const)('is told of every head at a glance, with %s off', async (_, interventions, kept) => {
    const plain = await run({ model: source('gpt2-basic'), ids: IDS });
    const patched = await run({ model: source('gpt2-basic'), ids: IDS, interventions });
    const { total, layers } = await ask(plain, 'headChanges', { part: 'decoder', against: patched, from: 1, to: 9 });
    expect(layers).toHaveLength(total - 1);
    let largest = 0;
    for (const [head, told] of (layers[0] ?? []).entries()) {
      const about = { ...of, heads: [head] };
      const [was, is] = [await rowsOf(plain, about, 9), await rowsOf(patched, about, kept.length)];
      const { changes } = await ask(plain, 'difference', { ...about, against: patched, percent: 100, limit: 1 });
      // Nine tokens fit without being reduced.
      expect([told.rows, told.columns, [...told.thumbnail]]).toEqual([9, 9, [...changes]]);
      const rows = kept.map((query, row) => IDS.reduce((sum, __, key) => sum + Math.abs((is[row]?.[kept.findIndex((own) => own === key)] ?? 0) - (was[query]?.[key] ?? 0)), 0) / 2);
      expect(told.moved).toBeCloseTo(rows.reduce((sum, share) => sum + share, 0) / kept.length, 5);
      largest = Math.max(largest, told.moved);
    }
    expect(largest).toBeGreaterThan(0.001);
  });

  it('is nothing where nothing is switched off', async () => {
    const plain = await run({ model: source('gpt2-basic'), ids: IDS });
    const same = await run({ model: source('gpt2-basic'), ids: IDS });
    const answer = await ask(plain, 'difference', { ...of, against: same, percent: 100, limit: 1000 });
    expect(answer.change).toHaveLength(0);
    expect(answer.changes.every((value) => value === 0)).toBe(true);
    expect([answer.hidden, answer.hiddenShare]).toEqual([0, 0]);
  });

  it('is refused between runs of other tokens, and of a run that is gone', async () => {
    const plain = await run({ model: source('gpt2-basic'), ids: IDS });
    const other = await run({ model: source('gpt2-basic'), ids: [...IDS.slice(0, 8), 4] });
    const codes = await Promise.all([other, 9999].map(async (against) => engine.ask(plain, 'difference', { ...of, against, percent: 100, limit: 10 })));
    expect(codes.map((outcome) => (outcome.ok ? 'answered' : outcome.problem.code))).toEqual(['run.otherTokens', 'run.gone']);
  });

  it('of an encoder–decoder compares the same output', async () => {
    const model = source('marian-basic');
    const plain = await run({ model, ids: IDS, outputIds: [0, 33, 8, 61] });
    const patched = await run({ model, ids: IDS, outputIds: [0, 33, 8, 61], interventions: [{ kind: 'head', part: 'encoder', layer: 0, head: 0, by: 'zero' }] });
    const about: AttentionOf = { ...of, part: 'cross', heads: [1] };
    const [was, is] = [await rowsOf(plain, about, 4), await rowsOf(patched, about, 4)];
    const answer = await ask(plain, 'difference', { ...about, against: patched, percent: 100, limit: 1000 });
    expect([answer.queries, answer.keys]).toEqual([4, 9]);
    expect(answer.change.length).toBeGreaterThan(3);
    for (const [link, value] of answer.change.entries()) {
      const [query, key] = [answer.query[link] ?? -1, answer.key[link] ?? -1];
      expect(value).toBeCloseTo((is[query]?.[key] ?? NaN) - (was[query]?.[key] ?? NaN), 5);
    }
  });
});
