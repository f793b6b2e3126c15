/** The built worker behind its client: every request ends, whatever happens to the worker. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { EngineClient } from '../../../src/engine/client.ts';
import { engineWorker } from '../../../src/engine/spawn.node.ts';
import type { ModelSource, RunEvent, RunRequest } from '../../../src/protocol.ts';
import { root } from '../../support/engine.ts';

const dist = join(root, 'dist');
const model: ModelSource = { name: 'storyteller', location: join(root, 'models/storyteller') };
const tiny: ModelSource = { name: 'tiny', location: join(root, 'test/fixtures/gpt2-basic') };
const request = (text: string): RunRequest => ({ model, text });
const SENTENCE = 'The teacher taught the student with the book.';

let client: EngineClient;
let workers: Worker[] = [];

function start(): EngineClient {
  workers = [];
  client = new EngineClient(
    () => {
      const worker = new Worker(join(dist, 'worker.node.mjs'));
      workers.push(worker);
      return engineWorker(worker);
    },
    { runtime: pathToFileURL(join(dist, 'runtime')).href + '/', threads: 1 },
  );
  return client;
}

/** Runs to the end; the events in order. */
async function events(run: RunRequest, signal?: AbortSignal): Promise<RunEvent[]> {
  const seen: RunEvent[] = [];
  await client.run(run, (event) => seen.push(event), signal).done;
  return seen;
}

const types = (seen: readonly RunEvent[]): string => seen.map(({ type }) => type).join(' ');

/** Ends the thread as a crash would: the client has not asked for it. */
async function crash(): Promise<void> {
  await workers.at(-1)?.terminate();
}

describe('the engine behind its client', () => {
  afterEach(() => client.dispose());

  it('tells of the start, each layer and the end', async () => {
    start();
    const seen = await events(request(SENTENCE));
    expect(types(seen)).toBe('started layer layer layer layer layer layer finished');
    const started = seen[0];
    expect(started?.type === 'started' && started.info.tokens.map((token) => token.text).join('')).toBe(SENTENCE);
  });

  it('tells what a model is known by without loading it', async () => {
    start();
    const known = await client.fingerprint(tiny);
    expect(known.ok && known.value).toMatch(/^[0-9a-f]{64}$/);
    expect(await client.inventory()).toMatchObject({ value: { models: [] } });
    expect(await client.fingerprint({ name: 'none', location: '/nowhere' })).toMatchObject({ ok: false, problem: { code: 'model.missingFile' } });
  });

  it('answers questions while a run goes on', async () => {
    start();
    const order: string[] = [];
    const first = client.run(request(SENTENCE), () => undefined);
    await first.done;
    const second = client.run(request(`${SENTENCE} `.repeat(50)), (event) => order.push(event.type));
    while (!order.includes('started')) await new Promise((resolve) => setImmediate(resolve));
    const answer = await client.ask(first.run, 'next', { position: 0, top: 3 });
    order.push('answered');
    await second.done;
    expect(answer.ok && answer.value.top).toHaveLength(3);
    expect(order.indexOf('answered')).toBeLessThan(order.indexOf('finished'));
  });

  it('ends a cancelled run at once, and the next one works', async () => {
    start();
    const controller = new AbortController();
    const seen: RunEvent[] = [];
    const cancelled = client.run(request(`${SENTENCE} `.repeat(50)), (event) => {
      seen.push(event);
      if (event.type === 'layer') controller.abort();
    }, controller.signal);
    await cancelled.done;
    expect(types(seen)).toBe('started layer failed');
    expect(seen.at(-1)).toMatchObject({ problem: { code: 'run.cancelled' } });
    expect(types(await events(request('Once upon a time')))).toMatch(/finished$/);
    expect(await client.ask(cancelled.run, 'next', { position: 0, top: 1 })).toMatchObject({ ok: false, problem: { code: 'run.gone' } });
  });

  it('never begins a run that was cancelled before', async () => {
    start();
    expect(types(await events(request(SENTENCE), AbortSignal.abort()))).toBe('failed');
  });

  it('survives fifty requests at once of which the newest wins, and holds nothing afterwards', async () => {
    start();
    let last = new AbortController();
    const all = Array.from({ length: 50 }, (_, i) => {
      last.abort();
      last = new AbortController();
      const seen: RunEvent[] = [];
      const handle = client.run(request(`${SENTENCE} ${String(i)}`), (event) => seen.push(event), last.signal);
      return { seen, handle };
    });
    await Promise.all(all.map(({ handle }) => handle.done));
    expect(all.filter(({ seen }) => seen.at(-1)?.type === 'finished')).toEqual([all[49]]);
    for (const { handle } of all) client.release(handle.run);
    const held = await client.inventory();
    expect(held.ok && held.value.runs).toBe(0);
  });

  it('ends what was pending when the worker dies, and works again with a new one', async () => {
    start();
    await events(request(SENTENCE));
    const seen: RunEvent[] = [];
    const interrupted = client.run(request(`${SENTENCE} `.repeat(50)), (event) => {
      seen.push(event);
      if (event.type === 'started') void crash();
    });
    const asked = client.ask(interrupted.run, 'next', { position: 400, top: 1 });
    await interrupted.done;
    expect(seen.at(-1)).toMatchObject({ type: 'failed', problem: { code: 'engine.died' } });
    expect((await asked).ok).toBe(false);
    expect(types(await events(request(SENTENCE)))).toMatch(/finished$/);
    expect(workers).toHaveLength(2);
  });

  it('says what is wrong with a model and goes on with the one before', async () => {
    start();
    const first = client.run(request(SENTENCE), () => undefined);
    await first.done;
    const damaged: ModelSource = { name: 'nothing', location: join(root, 'test/fixtures') };
    expect(await client.load(damaged)).toMatchObject({ ok: false, problem: { code: 'model.missingFile', facts: { file: 'config.json' } } });
    expect((await client.ask(first.run, 'next', { position: 0, top: 1 })).ok).toBe(true);
  });

  it('answers with a problem, not a crash, to impossible questions', async () => {
    start();
    const { run, done } = client.run(request(SENTENCE), () => undefined);
    await done;
    const of = { part: 'decoder', layer: 99, heads: [0], average: false, sink: 'show', unit: 'token' } as const;
    for (const outcome of [
      await client.ask(run, 'pattern', of),
      await client.ask(run, 'pattern', { ...of, layer: 0, heads: [99] }),
      await client.ask(run, 'pattern', { ...of, layer: 0, heads: [] }),
      await client.ask(run, 'next', { position: 9999, top: 1 }),
      await client.ask(run, 'capture', { stage: 'constructor' }),
    ]) expect(outcome).toMatchObject({ ok: false, problem: { code: 'engine.failed' } });
    expect((await client.ask(run, 'pattern', { ...of, layer: 0 })).ok).toBe(true);
  });

  it('refuses a tokenizer that gives ids beyond the model, instead of reading other weights for them', async () => {
    start();
    const folder = mkdtempSync(join(tmpdir(), 'headlight-mixed-'));
    cpSync(join(root, 'test/fixtures/qwen3-basic'), folder, { recursive: true });
    cpSync(join(root, 'test/fixtures/gpt2-basic/tokenizer.json'), join(folder, 'tokenizer.json'));
    const seen = await events({ model: { name: 'mixed', location: folder }, text: SENTENCE });
    rmSync(folder, { recursive: true });
    expect(seen.at(-1)).toMatchObject({ type: 'failed', problem: { code: 'model.badTokenizer' } });
  });

  it('runs token ids, and refuses those that the model does not have', async () => {
    start();
    expect(types(await events({ model: tiny, text: '', ids: [1, 2, 3] }))).toMatch(/finished$/);
    for (const ids of [[-1], [1.5], [1e6], []]) expect((await events({ model: tiny, text: '', ids })).at(-1)?.type).toBe('failed');
  });
});

describe('any text', () => {
  beforeAll(() => void start());
  afterAll(() => client.dispose());

  it.each([
    ['nothing', '', 'text.empty'],
    ['blanks', '  \n ', null],
    ['binary rubbish', '\u0000\u0001\ufffd\u007f', null],
    ['a lone surrogate', 'a \ud83d b', null],
    ['an emoji family', '👩‍👩‍👧‍👦', null],
    ['right-to-left text', 'שלום עולם', null],
    ['CRLF', 'one\r\ntwo\r\n', null],
    ['one token', 'the', null],
    ['a line of 5 MB', 'lorem '.repeat(833_334), null],
    ['5 MB without a space', 'x'.repeat(5_000_000), null],
  ])('gives a result or one clear sentence for %s', async (_, text, code) => {
    const last = (await events(request(text))).at(-1);
    if (code) expect(last).toMatchObject({ type: 'failed', problem: { code } });
    else expect(last?.type).toBe('finished');
  });
});
