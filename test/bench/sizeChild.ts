/**
 * Loads one model in a process of its own and prints what that took: `node sizeChild.mjs <root> <model as JSON> <precision>`.
 * A folder's name, or a shape of GPT-2 whose weights are made as they are read.
 */
import { join } from 'node:path';
import { openFolder } from '../../src/engine/files.node.ts';
import { Model } from '../../src/engine/model.ts';
import { wasmRuntime } from '../../src/engine/session.ts';
import { TensorCache } from '../../src/engine/tensorCache.ts';
import { Trace } from '../../src/engine/trace.ts';
import type { Precision } from '../../src/protocol.ts';
import { generatedGpt2, type Gpt2Shape } from '../support/generatedModel.ts';
import { watchHeaps } from '../support/wasmHeap.ts';
import { runtimeUrl } from './runtimeUrl.ts';

/** Milliseconds and bytes. */
export interface Measured {
  readonly load: number;
  readonly run: number;
  readonly heap: number;
  readonly rss: number;
  readonly expected: number;
}

const TOKENS = 64;

const heaps = watchHeaps();
const [root = '', model = '', precision] = process.argv.slice(2);
const subject = JSON.parse(model) as string | Gpt2Shape;
const location = typeof subject === 'string' ? join(root, subject) : '';
const files = typeof subject === 'string' ? openFolder(location) : generatedGpt2(subject);
const asked: Precision = precision === '8-bit' ? '8-bit' : 'float32';

const began = performance.now();
const loaded = await Model.load({ name: 'measured', location, precision: asked }, files, wasmRuntime({ runtime: runtimeUrl(root), threads: 1 }, 1));
for (const stage of loaded.network.stages) await loaded.session(stage);
const load = performance.now() - began;

const ids = Array.from({ length: TOKENS }, (_, i) => (i * 37) % loaded.info.vocabulary);
const run = async (): Promise<number> => {
  const start = performance.now();
  const trace = new Trace(loaded, { text: ids }, new TensorCache(2 ** 26));
  await trace.run(new AbortController().signal);
  await trace.logits([TOKENS - 1]);
  return performance.now() - start;
};
await run();
const measured: Measured = { load, run: await run(), heap: heaps.bytes(), rss: process.resourceUsage().maxRSS * 1024, expected: loaded.info.memory.peak };
process.stdout.write(JSON.stringify(measured));
process.exit(0);
