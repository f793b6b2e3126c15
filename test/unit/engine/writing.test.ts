/** How the decoder of an encoder–decoder writes: as greedy search of `transformers` does, from the same settings. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { afterEach, describe, expect, it } from 'vitest';
import type { OutputRules } from '../../../src/engine/architectures/architecture.ts';
import { Engine } from '../../../src/engine/engine.ts';
import { openFolder } from '../../../src/engine/files.node.ts';
import type { ModelFiles } from '../../../src/engine/files.ts';
import { WASM_HEAP } from '../../../src/engine/memory.ts';
import { bannedAfter, mostOutput } from '../../../src/engine/writing.ts';
import type { Intervention, RunEvent, RunRequest } from '../../../src/protocol.ts';
import { loadModel, root, runtime, runtimeUrl, traceOf } from '../../support/engine.ts';
import { readSafetensors } from '../../support/safetensorsFile.ts';
import { write } from '../../support/writing.ts';

const FIXTURES = join(root, 'test/fixtures');
const given = (name: string): ReadonlyMap<string, { readonly data: Iterable<number> }> => readSafetensors(join(FIXTURES, name, 'expected.safetensors')).tensors;
const idsOf = (name: string, tensor: string): number[] => [...(given(name).get(tensor)?.data ?? [])];
const writers = readdirSync(FIXTURES).filter((name) => existsSync(join(FIXTURES, name, 'expected.safetensors')) && given(name).has('written_ids'));

const halves = v.picklist(['encoder', 'decoder']);
const Off = v.variant('kind', [
  v.object({ kind: v.literal('head'), part: v.picklist(['encoder', 'decoder', 'cross']), layer: v.number(), head: v.number(), by: v.literal('zero') }),
  v.object({ kind: v.literal('attention'), part: v.picklist(['encoder', 'decoder', 'cross']), layer: v.number(), by: v.literal('zero') }),
  v.object({ kind: v.literal('feedForward'), part: halves, layer: v.number(), by: v.literal('zero') }),
]);
const ids = v.array(v.number());
/** Of test/goldens/make_writing_goldens.py. */
const withExperiments = v.parse(v.record(v.string(), v.object({ text: ids, plain: ids, cases: v.array(v.object({ off: v.array(Off), written: ids })) })), JSON.parse(readFileSync(join(FIXTURES, 'writing.json'), 'utf8')));

describe.each(writers)('what %s writes', (name) => {
  it('is what transformers writes, told token by token', async () => {
    const model = await loadModel(join('test/fixtures', name));
    const expected = idsOf(name, 'written_ids');
    const { told, layers } = await write(model, idsOf(name, 'input_ids'));
    expect(told.at(-1)).toEqual([expected, true]);
    expect(told.slice(0, -1)).toEqual(expected.map((_, i) => [expected.slice(0, i + 1), false]));
    const parts = model.info.attentions.flatMap(({ part, layers: count }) => Array.from({ length: count }, (_, layer) => [part, layer]));
    expect(new Set(layers.map(({ part, layer }) => `${part} ${String(layer)}`))).toEqual(new Set(parts.map(([part, layer]) => `${String(part)} ${String(layer)}`)));
    expect(layers).toHaveLength(parts.length);
    await model.release();
  });
});

it('leaves the same behind as a run on all that was written', async () => {
  const model = await loadModel('test/fixtures/t5-basic');
  const text = idsOf('t5-basic', 'input_ids');
  const { trace } = await write(model, text);
  const output = trace.ids('output');
  expect(trace.reused).toEqual({ text: text.length, output: output.length - 1 });
  const whole = await traceOf(model, text, { output });
  for (const stage of model.network.stages) {
    const [found, expected] = [await trace.capture(stage), await whole.capture(stage)];
    for (const { name } of stage.hooks) {
      const [a, b] = [found.get(name), expected.get(name)];
      expect(a?.shape, name).toEqual(b?.shape);
      expect(Math.max(...(a?.data ?? []).map((value, i) => (Number.isFinite(value) ? Math.abs(value - (b?.data[i] ?? NaN)) : 0))), name).toBeLessThan(1e-4);
    }
  }
  await model.release();
});

describe('what may not be written next', () => {
  const rules: OutputRules = { vocabulary: 100, positions: 1000, start: 0, ends: [1], first: null, last: null, banned: [], least: 0, most: null, unrepeated: 0 };
  const after = (written: readonly number[], some: Partial<OutputRules>): number[] => [...bannedAfter(written, { ...rules, ...some })].sort((a, b) => a - b);

  it('is nothing, without rules', () => {
    expect(after([0, 5, 5], {})).toEqual([]);
  });

  it('is the end before the least length', () => {
    expect(after([0, 5], { least: 3, ends: [1, 9] })).toEqual([1, 9]);
    expect(after([0, 5, 6], { least: 3 })).toEqual([]);
  });

  it('is the last token of a banned run whose others have just been written', () => {
    const banned = [[7], [5, 6, 8], [6, 9]];
    expect(after([0, 5, 6], { banned })).toEqual([7, 8, 9]);
    expect(after([0, 6, 5], { banned })).toEqual([7]);
    expect(after([5], { banned })).toEqual([7]);
  });

  it('is what followed the same tokens before', () => {
    expect(after([0, 5, 6, 7, 5, 6], { unrepeated: 3 })).toEqual([7]);
    expect(after([0, 5, 6, 7, 5, 6], { unrepeated: 2 })).toEqual([7]);
    expect(after([0, 5, 6], { unrepeated: 1 })).toEqual([0, 5, 6]);
    expect(after([5], { unrepeated: 3 })).toEqual([]);
  });

  it('is everything at the bound of the model, of its settings, or of what a text is worth', () => {
    expect(mostOutput({ ...rules, positions: 40 }, 500)).toBe(40);
    expect(mostOutput({ ...rules, most: 20 }, 500)).toBe(20);
    expect(mostOutput(rules, 10)).toBe(148);
  });
});

describe('a run of an encoder–decoder', () => {
  const opened: ModelFiles[] = [];
  afterEach(async () => {
    for (const files of opened.splice(0)) await files.close();
  });
  const openFiles = (location: string): ModelFiles => {
    const files = openFolder(location);
    opened.push(files);
    return files;
  };
  const source = (name: string): RunRequest['model'] => ({ name, location: join(FIXTURES, name) });

  /** Runs to the end, letting `on` do something at each event. */
  async function run(engineEvents: Map<number, (event: RunEvent) => void>, engine: Engine, id: number, request: RunRequest, on: (event: RunEvent) => void = () => undefined): Promise<RunEvent[]> {
    const seen: RunEvent[] = [];
    await new Promise<void>((resolve) => {
      engineEvents.set(id, (event) => {
        seen.push(event);
        on(event);
        if (event.type === 'finished' || event.type === 'failed') resolve();
      });
      engine.run(id, request);
    });
    return seen;
  }

  async function started(): Promise<{ readonly engine: Engine; readonly listeners: Map<number, (event: RunEvent) => void> }> {
    const listeners = new Map<number, (event: RunEvent) => void>();
    const engine = new Engine({ openFiles, startRuntime: () => runtime(), memory: () => ({ heap: WASM_HEAP, machine: WASM_HEAP }) });
    await engine.start({ runtime: runtimeUrl, threads: 1 }, (event) => listeners.get(event.run)?.(event));
    return { engine, listeners };
  }

  it.each(['cancel', 'release'] as const)('that is ended by %s while it writes ends as cancelled and frees what it held', async (how) => {
    const { engine, listeners } = await started();
    const request: RunRequest = { model: source('marian-basic'), text: '', ids: idsOf('marian-basic', 'input_ids') };
    const seen = await run(listeners, engine, 1, request, (event) => {
      if (event.type === 'output' && event.tokens.length === 5) engine[how](1);
    });
    expect(seen.at(-1)).toMatchObject({ type: 'failed', problem: { code: 'run.cancelled' } });
    expect(seen.filter(({ type }) => type === 'output')).toHaveLength(5);
    expect(await engine.inventory()).toMatchObject({ runs: 0, traceBytes: 0 });
    expect((await run(listeners, engine, 2, request)).at(-1)).toMatchObject({ type: 'finished' });
  });

  it.each(Object.entries(withExperiments))('writes with experiments on what transformers writes with hooks: %s', async (name, { text, plain, cases }) => {
    const { engine, listeners } = await started();
    const writes = async (id: number, interventions: readonly Intervention[]): Promise<number[]> => {
      const seen = await run(listeners, engine, id, { model: source(name), text: '', ids: text, interventions });
      const last = seen.findLast((event) => event.type === 'output');
      return last?.complete === true ? last.tokens.map((token) => token.id) : [];
    };
    expect(await writes(1, [])).toEqual(plain);
    // Beside the run without them, which stays held, as in the page.
    for (const [index, { off, written }] of cases.entries()) expect(await writes(2 + index, off), JSON.stringify(off)).toEqual(written);
  });

  it('takes the output that is given, and says what is wrong with it', async () => {
    const { engine, listeners } = await started();
    const ask = async (name: string, outputIds: readonly number[]): Promise<RunEvent | undefined> => (await run(listeners, engine, outputIds.length, { model: source(name), text: '', ids: [5, 6], outputIds })).at(-1);
    expect(await ask('bart-basic', [2, 9, 8])).toMatchObject({ type: 'finished' });
    expect(await engine.ask(3, 'next', { position: 2, top: 1 })).toMatchObject({ ok: true, value: { position: 2, predicts: 'next' } });
    expect(await ask('bart-basic', [2, 96])).toMatchObject({ problem: { code: 'ids.invalid', facts: { id: '96', last: '95' } } });
    expect(await ask('marian-separate', [79, 80])).toMatchObject({ problem: { code: 'ids.invalid', facts: { id: '80', last: '79' } } });
    expect(await ask('bart-basic', [])).toMatchObject({ problem: { code: 'text.empty' } });
    expect(await ask('bart-basic', Array.from({ length: 33 }, () => 2))).toMatchObject({ problem: { code: 'ids.tooMany', facts: { count: '33', most: '32' } } });
    expect(await ask('gpt2-basic', [1])).toMatchObject({ problem: { code: 'model.noOutput', facts: { name: 'gpt2-basic' } } });
    expect(await engine.ask(3, 'pattern', { part: 'cross', layer: 1, heads: [0], average: false, sink: 'show', unit: 'token' })).toMatchObject({ ok: true, value: { queries: 3, keys: 2 } });
  });

  it('shows as much of a long text as the encoder sees', async () => {
    const { engine, listeners } = await started();
    const ids = Array.from({ length: 50 }, (_, i) => i % 90);
    const [first, ...rest] = await run(listeners, engine, 1, { model: source('marian-basic'), text: '', ids, windowStart: 7, outputIds: [95, 3] });
    expect(first).toMatchObject({ type: 'started', info: { window: { start: 7, end: 39, total: 50 }, model: { positions: 32 } } });
    expect(rest.at(-1)).toMatchObject({ type: 'finished' });
  });
});
