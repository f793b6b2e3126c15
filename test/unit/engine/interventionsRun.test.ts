/** Runs in which something is switched off: what they show is what effects say, they start from a run that is held, and they leave nothing behind. */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { Engine } from '../../../src/engine/engine.ts';
import { openFolder } from '../../../src/engine/files.node.ts';
import { wasmRuntime } from '../../../src/engine/session.ts';
import type { Answer, Ask, Intervention, ModelSource, Question, RunEvent, RunRequest } from '../../../src/protocol.ts';
import { root, runtimeUrl } from '../../support/engine.ts';

const IDS = [5, 17, 42, 5, 5, 90, 17, 42, 3];
const OFF: readonly Intervention[] = [
  { kind: 'head', part: 'decoder', layer: 0, head: 1, by: 'mean' },
  { kind: 'feedForward', part: 'decoder', layer: 1, by: 'zero' },
  { kind: 'link', part: 'decoder', layer: 1, heads: [0, 2], query: 8, key: 3, renormalise: true },
];

const source = (name: string): ModelSource => ({ name, location: join(root, 'test/fixtures', name) });

let engine: Engine;
const told: RunEvent[] = [];
let last = 0;

async function run(request: Omit<RunRequest, 'text'>): Promise<number> {
  const id = ++last;
  engine.run(id, { text: '', ...request });
  await expect.poll(() => told.some((event) => 'run' in event && event.run === id && (event.type === 'finished' || event.type === 'failed'))).toBe(true);
  return id;
}

async function ask<Q extends Question>(id: number, question: Q, about: Ask<Q>): Promise<Answer<Q>> {
  const outcome = await engine.ask(id, question, about);
  if (!outcome.ok) throw new Error(outcome.problem.code);
  return outcome.value;
}

const eventsOf = (id: number): RunEvent[] => told.filter((event) => ('run' in event ? event.run : 0) === id);

const layersOf = (id: number): number => eventsOf(id).reduce((count, event) => (event.type === 'started' ? event.info.model.layers : count), 0);

beforeAll(async () => {
  engine = new Engine({ openFiles: (location) => openFolder(location), startRuntime: (options) => wasmRuntime(options, availableParallelism()), memory: () => ({ heap: 2 ** 32, machine: 2 ** 33 }) });
  await engine.start({ runtime: runtimeUrl, threads: 1 }, (event) => told.push(event));
});

describe('a run with interventions', () => {
  it.each([
    { name: 'gpt2-basic', interventions: OFF, position: 8 },
    { name: 'llama-basic', interventions: [...OFF, { kind: 'token', token: 4 } as const], position: 8 },
    { name: 'bert-basic', interventions: OFF.map((one): Intervention => ('part' in one ? { ...one, part: 'encoder' } : one)), position: 6 },
  ])('of $name predicts what the effect says, beside a plain run or alone', async ({ name, interventions, position }) => {
    const alone = await run({ model: source(name), ids: IDS, interventions });
    const plain = await run({ model: source(name), ids: IDS });
    const beside = await run({ model: source(name), ids: IDS, interventions });
    const { top } = await ask(plain, 'effect', { interventions, position, top: 5 });
    const at = interventions.some(({ kind }) => kind === 'token') ? position - 1 : position;
    for (const id of [alone, beside]) {
      const next = await ask(id, 'next', { position: at, top: 5 });
      expect(next.top.map((candidate) => candidate.id)).toEqual(top.map(({ after }) => after.id));
      for (const [i, { logProbability }] of next.top.entries()) expect(logProbability).toBeCloseTo(top[i]?.after.logProbability ?? NaN, 4);
      expect(eventsOf(id).map(({ type }) => type)).toEqual(['started', ...Array.from({ length: layersOf(id) }, () => 'layer'), 'finished']);
      expect(eventsOf(id).flatMap((event) => (event.type === 'layer' ? [event.summary.layer] : []))).toEqual(Array.from({ length: layersOf(id) }, (_, layer) => layer));
    }
    // A plain run afterwards takes nothing over from it.
    const again = await ask(await run({ model: source(name), ids: IDS }), 'next', { position, top: 5 });
    expect(again).toEqual(await ask(plain, 'next', { position, top: 5 }));
  });

  it('tells of the tokens that stay, and counts in them', async () => {
    const id = await run({ model: source('gpt2-basic'), ids: IDS, interventions: [{ kind: 'token', token: 0 }, { kind: 'token', token: 7 }] });
    const [started] = eventsOf(id);
    expect(started?.type === 'started' && started.info.tokens.map((token) => token.id)).toEqual(IDS.filter((_, i) => i !== 0 && i !== 7));
  });

  it('shows patterns with the links cut, those of layers before as they were', async () => {
    const plain = await run({ model: source('gpt2-basic'), ids: IDS });
    const cut = await run({ model: source('gpt2-basic'), ids: IDS, interventions: [{ kind: 'link', part: 'decoder', layer: 1, heads: [2], query: 8, key: 3, renormalise: false }] });
    const about = { part: 'decoder', heads: [2], average: false, sink: 'show', unit: 'token' } as const;
    const row = async (id: number, layer: number): Promise<number[]> => [...(await ask(id, 'pattern', { ...about, layer })).weights.subarray(8 * IDS.length)];
    expect(await row(cut, 0)).toEqual(await row(plain, 0));
    const before = await row(plain, 1);
    expect(before[3]).toBeGreaterThan(0);
    expect(await row(cut, 1)).toEqual(before.map((weight, key) => (key === 3 ? 0 : weight)));
  });

  it('writes on with them in an encoder–decoder: each word is the likeliest with them', async () => {
    const interventions: Intervention[] = [
      { kind: 'head', part: 'cross', layer: 1, head: 1, by: 'mean' },
      { kind: 'attention', part: 'encoder', layer: 0, by: 'zero' },
    ];
    for (const one of [interventions, interventions.slice(1)]) {
      const id = await run({ model: source('t5-basic'), ids: IDS, interventions: one });
      const output = eventsOf(id).flatMap((event) => (event.type === 'output' ? [event.tokens.map((token) => token.id)] : [])).at(-1) ?? [];
      expect(output.length).toBeGreaterThan(2);
      const given = await run({ model: source('t5-basic'), ids: IDS, outputIds: output.slice(0, 2), interventions: one });
      expect((await ask(given, 'next', { position: 1, top: 1 })).top[0]?.id).toBe(output[2]);
    }
  });

  it('is refused for what is not there, and for an exported graph', async () => {
    const beyond = await run({ model: source('gpt2-basic'), ids: IDS, interventions: [{ kind: 'head', part: 'decoder', layer: 9, head: 0, by: 'zero' }] });
    expect(eventsOf(beyond).at(-1)).toMatchObject({ type: 'failed', problem: { code: 'intervention.beyond', facts: { experiment: 'head:9.0' } } });
    const exported = await run({ model: source('onnx/gpt2-eager'), ids: IDS, interventions: [{ kind: 'token', token: 1 }] });
    expect(eventsOf(exported).at(-1)).toMatchObject({ type: 'failed', problem: { code: 'model.exported' } });
  });

  it('gives back what it took', async () => {
    const held = async (): Promise<number> => {
      engine.release(await run({ model: source('gpt2-basic'), ids: IDS, interventions: OFF }));
      engine.release(await run({ model: source('gpt2-basic'), ids: [1] }));
      return (await engine.inventory()).traceBytes;
    };
    const plain = await run({ model: source('gpt2-basic'), ids: IDS });
    const first = await held();
    expect(await held()).toBe(first);
    engine.release(plain);
    expect(await held()).toBeLessThan(first);
    expect(await held()).toBe(await held());
  });
});
