/** What a model takes is known before it is loaded, and decides how it is opened. */
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { Engine } from '../../../src/engine/engine.ts';
import { openFolder } from '../../../src/engine/files.node.ts';
import type { ModelFiles } from '../../../src/engine/files.ts';
import { memoryNeeded, sizesOf, WASM_HEAP, type MemoryLimits, type MemoryNeeded } from '../../../src/engine/memory.ts';
import { Model } from '../../../src/engine/model.ts';
import { describe as sentence } from '../../../src/problems.ts';
import type { ModelInfo, Outcome, Precision, RunEvent } from '../../../src/protocol.ts';
import { loadModel, root, runtime, traceOf } from '../../support/engine.ts';
import { generatedGpt2 } from '../../support/generatedModel.ts';
import { watchHeaps } from '../../support/wasmHeap.ts';

const heaps = watchHeaps(); // before the runtime makes its memory

const MIB = 2 ** 20;
const storyteller = { name: 'storyteller', location: join(root, 'models/storyteller') };

/** An engine ends with its worker; here its files are closed after each test. */
const opened: ModelFiles[] = [];
function remembered(files: ModelFiles): ModelFiles {
  opened.push(files);
  return files;
}
afterEach(() => Promise.all(opened.splice(0).map((files) => files.close())));

function engineWith(limits: MemoryLimits, onEvent: (event: RunEvent) => void = () => undefined): Engine {
  const engine = new Engine({ openFiles: (location) => remembered(openFolder(location)), startRuntime: runtime, memory: () => limits });
  void engine.start({ runtime: '', threads: 1 }, onEvent);
  return engine;
}

const load = (limits: MemoryLimits, precision?: Precision): Promise<Outcome<ModelInfo>> => engineWith(limits).load({ ...storyteller, ...(precision ? { precision } : {}) });

async function needed(precision: Precision): Promise<MemoryNeeded> {
  const model = await loadModel('models/storyteller', precision);
  await model.release();
  return memoryNeeded(sizesOf(model.network));
}

describe('memory', () => {
  // The heap only grows, so the smaller need comes first.
  it('is what the heap grows to, in either precision', async () => {
    for (const precision of ['8-bit', 'float32'] as const) {
      const shape = { n_layer: 2, n_head: 8, n_embd: 768, n_positions: 128, vocab_size: 12_000 };
      const model = await Model.load({ name: 'generated', location: '', precision }, generatedGpt2(shape), runtime());
      const trace = await traceOf(model, Array.from({ length: 128 }, (_, i) => (i * 37) % 12_000));
      await trace.logits([127]);
      const { weights, peak } = model.info.memory;
      expect(heaps.bytes(), precision).toBeGreaterThan(weights);
      expect(heaps.bytes(), precision).toBeLessThan(peak * 1.1);
      expect(heaps.bytes(), precision).toBeGreaterThan(peak * 0.25);
      await model.release();
    }
  });

  it('needs no second copy of everything in a large model, whose largest stage goes first', () => {
    const sizes = { layers: 2, heads: 1, width: 8, tokens: 8 };
    const stages = [500 * MIB, 400 * MIB, 300 * MIB];
    const small = memoryNeeded({ ...sizes, stages: stages.slice(1) });
    const large = memoryNeeded({ ...sizes, stages });
    expect(small.heap - small.weights).toBeGreaterThan(400 * MIB);
    expect(large.heap - large.weights).toBeLessThan(500 * MIB);
  });
});

describe('a model', () => {
  it('is opened in float32 where that fits', async () => {
    const outcome = await load({ heap: WASM_HEAP, machine: Infinity });
    expect(outcome.ok && outcome.value.precision).toBe('float32');
  });

  it.each([
    ['heap', ({ heap }: MemoryNeeded): MemoryLimits => ({ heap: heap - 1, machine: Infinity })],
    ['machine', ({ heap, beside }: MemoryNeeded): MemoryLimits => ({ heap: WASM_HEAP, machine: heap + beside - 1 })],
  ])('is opened in 8 bits where only that fits the %s, and says so', async (_, limits) => {
    const outcome = await load(limits(await needed('float32')));
    expect(outcome.ok && outcome.value.precision).toBe('8-bit');
  });

  it('is refused where it does not fit at all, with what it needs, what there is, and what would help', async () => {
    const inHeap = await load({ heap: 50 * MIB, machine: Infinity });
    expect(!inHeap.ok && sentence(inHeap.problem)).toEqual({
      code: 'model.tooLarge',
      message: expect.stringMatching(/^This model needs about 0\.\d GiB of memory, more than the 0\.0 GiB that the runtime can use\.$/) as string,
      help: 'Choose a smaller model.',
    });
    const inMachine = await load({ heap: WASM_HEAP, machine: 64 * MIB });
    expect(!inMachine.ok && sentence(inMachine.problem)).toEqual({
      code: 'model.tooLarge',
      message: expect.stringMatching(/^This model needs about 0\.\d GiB of memory, but 0\.1 GiB of the machine is free\.$/) as string,
      help: 'Close other programs, or choose a smaller model.',
    });
  });

  it('that was asked for in float32 is not opened in 8 bits, but told of it', async () => {
    const { heap } = await needed('float32');
    const outcome = await load({ heap: heap - 1, machine: Infinity }, 'float32');
    expect(!outcome.ok && sentence(outcome.problem).help).toMatch(/^In 8-bit precision it needs about 0\.\d GiB and can be opened\.$/);
  });

  it('is held once for each precision, and its run tells which it was', async () => {
    const seen: RunEvent[] = [];
    const finished: Promise<void>[] = [];
    let finish: () => void = () => undefined;
    const engine = engineWith({ heap: WASM_HEAP, machine: Infinity }, (event) => {
      seen.push(event);
      if (event.type === 'finished' || event.type === 'failed') finish();
    });
    for (const [i, precision] of (['8-bit', 'float32', '8-bit'] as const).entries()) {
      finished.push(new Promise((resolve) => (finish = resolve)));
      engine.run(i + 1, { model: { ...storyteller, precision }, text: 'Once upon a time.' });
      await finished[i];
    }
    expect(seen.flatMap((event) => (event.type === 'started' ? [event.info.model.precision] : []))).toEqual(['8-bit', 'float32', '8-bit']);
    expect((await engine.inventory()).models).toHaveLength(2);
    const answer = await engine.ask(1, 'fidelity', {});
    expect(answer.ok && answer.value.top1).toBeGreaterThan(0.5);
    expect(answer.ok && answer.value.patternError).toBeGreaterThan(0);
  });
});
