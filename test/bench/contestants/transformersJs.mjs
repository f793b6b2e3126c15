/**
 * `@huggingface/transformers`: its own generation, greedy, on the exported graph. In Node it would call
 * onnxruntime-node, unless a runtime is there already: Headlight's.
 * `node transformersJs.mjs <checkpoint folder> <folder URL of the runtime> <URL of onnxruntime-web>`.
 */
import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { serve, timed } from './serve.ts';

const [folder = '', files = '', runtime = ''] = process.argv.slice(2);
const ort = await import(runtime);
ort.env.wasm.wasmPaths = files;
ort.env.wasm.numThreads = 1;
Reflect.set(globalThis, Symbol.for('onnxruntime'), ort);
const { AutoModelForCausalLM, env, Tensor } = await import('@huggingface/transformers');

env.allowRemoteModels = false;
env.localModelPath = dirname(folder);
const externalData = [{ path: 'weights', data: new Uint8Array(readFileSync(join(folder, 'onnx/weights'))) }];
const model = await AutoModelForCausalLM.from_pretrained(basename(folder), { dtype: 'fp32', device: 'auto', session_options: { executionProviders: ['wasm'], externalData } });

/** @param {readonly number[]} values */
const whole = (values) => new Tensor('int64', BigInt64Array.from(values, BigInt), [1, values.length]);
/** @type {readonly number[]} */
let latest = [];

/**
 * @param {readonly number[]} ids
 * @param {number} tokens
 */
const generate = (ids, tokens) =>
  timed(() => model.generate({ inputs: whole(ids), attention_mask: whole(ids.map(() => 1)), max_new_tokens: tokens, min_new_tokens: tokens, do_sample: false }));

await serve({
  prefill(ids) {
    latest = ids;
    return generate(ids, 1);
  },
  // It begins with the prefill each time.
  decode: async (tokens) => (await generate(latest, tokens + 1)) - (await generate(latest, 1)),
});
