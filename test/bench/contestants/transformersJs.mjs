/**
 * `@huggingface/transformers`: its own generation, greedy, on the exported graph. In Node it would call
 * onnxruntime-node; the bundle of this file has onnxruntime-web in its place, the same as Headlight's.
 * `node transformersJs.mjs <checkpoint folder> <folder URL of the runtime>`.
 */
import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { AutoModelForCausalLM, env, Tensor } from '@huggingface/transformers';
import * as ort from 'onnxruntime-web';
import { serve, timed } from './serve.ts';

const [folder = '', runtime = ''] = process.argv.slice(2);
ort.env.wasm.wasmPaths = runtime;
ort.env.wasm.numThreads = 1;
env.allowRemoteModels = false;
env.localModelPath = dirname(folder);
const externalData = [{ path: 'weights', data: new Uint8Array(readFileSync(join(folder, 'onnx/weights'))) }];
const model = await AutoModelForCausalLM.from_pretrained(basename(folder), { dtype: 'fp32', session_options: { externalData } });

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
