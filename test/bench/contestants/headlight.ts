/** Headlight itself, while it takes every pattern out: `node headlight.mjs <checkpoint folder> <folder URL of the runtime>`. */
import { openFolder } from '../../../src/engine/files.node.ts';
import { Model } from '../../../src/engine/model.ts';
import { wasmRuntime } from '../../../src/engine/session.ts';
import { TensorCache } from '../../../src/engine/tensorCache.ts';
import { Trace } from '../../../src/engine/trace.ts';
import type { Precision } from '../../../src/protocol.ts';
import { serve, timed } from './serve.ts';

const [location = '', runtime = '', precision] = process.argv.slice(2);
const asked: Precision = precision === '8-bit' ? '8-bit' : 'float32';
const model = await Model.load({ name: 'random', location, precision: asked }, openFolder(location), wasmRuntime({ runtime, threads: 1 }, 1));
let latest: Trace | undefined;
let next = 0;

async function run(ids: readonly number[], prefix?: Trace): Promise<void> {
  const trace = new Trace(model, { text: ids }, new TensorCache(2 ** 30), prefix ? { prefix } : {});
  await trace.run(new AbortController().signal);
  const { data } = await trace.logits([ids.length - 1]);
  latest?.release();
  latest = trace;
  next = data.reduce((best, logit, id) => (logit > (data[best] ?? 0) ? id : best), 0);
}

await serve({
  prefill: (ids) => timed(() => run(ids)),
  decode: (tokens) =>
    timed(async () => {
      for (let i = 0; i < tokens; i++) await run([...(latest?.ids('text') ?? []), next], latest);
    }),
});
