/** What is measured, each as rows of the table. */
import { join } from 'node:path';
import { openFolder } from '../../src/engine/files.node.ts';
import { EngineClient } from '../../src/engine/client.ts';
import { Model } from '../../src/engine/model.ts';
import { Checkpoint } from '../../src/engine/safetensors.ts';
import { wasmRuntime, type Runtime } from '../../src/engine/session.ts';
import { spawnNodeWorker } from '../../src/engine/spawn.node.ts';
import { TensorCache } from '../../src/engine/tensorCache.ts';
import { Trace } from '../../src/engine/trace.ts';
import type { Answer, Ask, ModelSource, Precision, Question, RunEvent } from '../../src/protocol.ts';
import { kilobytes, milliseconds, ratio, type Figure } from './figure.ts';
import { firstPaint } from './firstPaint.ts';
import { plainGpt2 } from './plainGpt2.ts';
import { randomGpt2, randomIds } from './randomCheckpoint.ts';
import { interleaved, median } from './rounds.ts';
import { runtimeUrl } from './runtimeUrl.ts';


let shared: Runtime | undefined;
export const oneThread = (root: string): Runtime => (shared ??= wasmRuntime({ runtime: runtimeUrl(root), threads: 1 }, 1));

export async function open(root: string, precision: Precision = 'float32'): Promise<Model> {
  const location = await randomGpt2(join(root, '.cache/bench'));
  return Model.load({ name: 'random', location, precision }, openFolder(location), oneThread(root));
}

const quiet = (): Promise<void> => Promise.resolve();
const signal = new AbortController().signal;

/** A run to the last logits, every pattern taken out. */
export async function run(model: Model, ids: readonly number[], prefix?: Trace): Promise<Trace> {
  const trace = new Trace(model, { text: ids }, new TensorCache(2 ** 30), prefix ? { prefix } : {});
  await trace.run(signal, quiet);
  await trace.logits([ids.length - 1]);
  return trace;
}

/** Everything captured ÷ logits only, and fetched ÷ declared, on GPT-2 small's shape. */
export async function capture(root: string): Promise<Figure[]> {
  const model = await open(root);
  const files = openFolder(await randomGpt2(join(root, '.cache/bench')));
  const plain = await plainGpt2(await Checkpoint.open(files), oneThread(root));
  const rows: Figure[] = [];
  for (const length of [64, 256]) {
    const ids = randomIds(length);
    const times = await interleaved(5, [
      { name: 'plain', run: () => plain(ids) },
      { name: 'run', run: () => run(model, ids) },
      {
        name: 'everything',
        run: async () => {
          const trace = new Trace(model, { text: ids }, new TensorCache(2 ** 30), { fetch: 'everything' });
          await trace.run(signal, quiet);
          await trace.logits([length - 1]);
        },
      },
    ]);
    rows.push(
      { what: `every hook point captured ÷ logits only (one plain graph), ${String(length)} tokens`, goal: '≤ 1.10', measured: `${ratio(times.get('everything'), times.get('plain'))} × (${milliseconds(times.get('everything'))} ÷ ${milliseconds(times.get('plain'))})` },
      { what: `every hook point fetched ÷ only declared, ${String(length)} tokens`, goal: 'stated', measured: `${ratio(times.get('everything'), times.get('run'))} ×` },
    );
  }
  await model.release();
  await files.close();
  return rows;
}

/** One more token typed at the end of 256 ÷ the full run. */
export async function extend(root: string): Promise<Figure[]> {
  const model = await open(root);
  const ids = randomIds(257);
  const prefix = await run(model, ids.slice(0, 256));
  const times = await interleaved(7, [
    { name: 'full', run: () => run(model, ids) },
    { name: 'one more', run: () => run(model, ids, prefix) },
  ]);
  await model.release();
  return [{ what: 'one more token after 256 with past keys and values ÷ full run', goal: '≤ 0.10', measured: `${ratio(times.get('one more'), times.get('full'))} × (${milliseconds(times.get('one more'))} ÷ ${milliseconds(times.get('full'))})` }];
}

/** The same run with one and with two threads, each in a worker of its own. */
export async function threads(root: string): Promise<Figure[]> {
  const location = await randomGpt2(join(root, '.cache/bench'));
  const clients = [1, 2].map((count) => engine(root, count));
  // Other tokens each time: the same ones would be taken over from the run before.
  let round = 0;
  const candidates = clients.map((client, i) => ({ name: String(i + 1), run: () => finish(client, { name: 'random', location }, '', randomIds(256, round++)) }));
  const times = await interleaved(3, candidates);
  await Promise.all(clients.map((client) => client.dispose()));
  return [{ what: 'one thread ÷ two threads, 256 tokens, in the worker', goal: 'stated', measured: `${ratio(times.get('1'), times.get('2'))} × (${milliseconds(times.get('1'))} ÷ ${milliseconds(times.get('2'))})` }];
}

/** What crosses to the page for each view, storyteller at 512 tokens, all heads. */
export async function viewBytes(root: string): Promise<Figure[]> {
  const client = engine(root, 0);
  const storyteller: ModelSource = { name: 'storyteller', location: join(root, 'models/storyteller') };
  let summaries = 0;
  const { run: id, done } = client.run({ model: storyteller, text: 'The teacher taught the student with the book. '.repeat(60) }, (event) => {
    if (event.type === 'layer') summaries += event.summary.heads.reduce((sum, { thumbnail }) => sum + thumbnail.byteLength + 5 * 8, 0);
  });
  await done;
  const ask = async <Q extends Question>(question: Q, what: Ask<Q>): Promise<number> => {
    const outcome = await client.ask(id, question, what);
    if (!outcome.ok) throw new Error(outcome.problem.code);
    return bytesOf(outcome.value);
  };
  const of = { part: 'decoder', layer: 3, heads: [0, 1, 2, 3, 4, 5, 6, 7], average: false, sink: 'show', unit: 'token' } as const;
  const rows: Figure[] = [
    { what: 'bytes to the page for a hover (one row, 8 heads), 512 tokens', goal: '≤ 64 KB', measured: kilobytes(await ask('focus', { ...of, percent: 70, unitIndex: 400, direction: 'from' })) },
    { what: 'bytes for the graph at rest (12,000 strongest links)', goal: 'stated', measured: kilobytes(await ask('links', { ...of, percent: 70, limit: 12_000 })) },
    { what: 'bytes for the map of one head', goal: 'stated', measured: kilobytes(await ask('pattern', { ...of, heads: [0] })) },
    { what: 'bytes for the head grid, all layers', goal: 'stated', measured: kilobytes(summaries) },
    { what: 'bytes for the next-token bars (top 20)', goal: 'stated', measured: kilobytes(await ask('next', { position: 511, top: 20 })) },
  ];
  await client.dispose();
  return rows;
}

/** From the command to the first layer of a picture at hand, worker and all; 64 tokens, storyteller. */
export async function firstPicture(root: string): Promise<Figure[]> {
  const storyteller: ModelSource = { name: 'storyteller', location: join(root, 'models/storyteller') };
  const text = 'The teacher taught the student with the book. '.repeat(7);
  const first = (client: EngineClient): Promise<number> =>
    new Promise((resolve, reject) => {
      const began = performance.now();
      const listen = (event: RunEvent): void => {
        if (event.type === 'layer') resolve(performance.now() - began);
        if (event.type === 'failed') reject(new Error(event.problem.code));
      };
      client.run({ model: storyteller, text }, listen);
    });
  const cold: number[] = [];
  const warm: number[] = [];
  for (let round = 0; round < 3; round++) {
    const client = engine(root, 0);
    cold.push(await first(client));
    await finish(client, storyteller, 'Something else entirely.');
    warm.push(await first(client));
    await client.dispose();
  }
  const screen = await firstPaint(root);
  return [
    { what: 'first picture on the screen after the key press in VS Code, worker and panel not yet there', goal: '≤ 2 s', measured: milliseconds(screen.cold) },
    { what: 'the same with the panel open, another paragraph', goal: '≤ 0.3 s', measured: milliseconds(screen.warm) },
    { what: `a token's arcs on the screen after the pointer's arrival, ${String(screen.hoveredTokens)} tokens`, goal: 'one frame (16 ms)', measured: milliseconds(screen.hover) },
    { what: 'of the first picture, the engine alone: first layer at hand, cold, 64 tokens', goal: 'stated', measured: milliseconds(median(cold)) },
    { what: 'the same, warm', goal: 'stated', measured: milliseconds(median(warm)) },
  ];
}

function engine(root: string, count: number): EngineClient {
  return new EngineClient(() => spawnNodeWorker(join(root, 'dist/worker.node.mjs')), { runtime: runtimeUrl(root), threads: count });
}

async function finish(client: EngineClient, model: ModelSource, text: string, ids?: readonly number[]): Promise<void> {
  let failure: string | undefined;
  const { run: id, done } = client.run({ model, text, ...(ids ? { ids } : {}) }, (event) => {
    if (event.type === 'failed') failure = `${event.problem.code} ${JSON.stringify(event.problem.facts)}`;
  });
  await done;
  if (failure !== undefined) throw new Error(failure);
  client.release(id);
}

/** Bytes of arrays plus the length of the rest as JSON. */
function bytesOf(answer: Answer<Question>): number {
  let bytes = 0;
  const rest = JSON.stringify(answer, (_key, value: unknown) => {
    if (!ArrayBuffer.isView(value)) return value;
    bytes += value.byteLength;
    return '';
  });
  return bytes + rest.length;
}
