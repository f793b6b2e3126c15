/** The native runtime on the exported graph, one thread: the ceiling. `node onnxruntimeNode.mjs <checkpoint folder>`. */
import { join } from 'node:path';
import * as ort from 'onnxruntime-node';
import { SHAPE } from '../randomCheckpoint.ts';
import { serve, timed } from './serve.ts';

const [folder = ''] = process.argv.slice(2);
const { n_layer, n_head, n_embd } = SHAPE;
const session = await ort.InferenceSession.create(join(folder, 'onnx/model.onnx'), { intraOpNumThreads: 1, interOpNumThreads: 1 });

/** @param {readonly number[]} values */
const whole = (values) => new ort.Tensor('int64', BigInt64Array.from(values, BigInt), [1, values.length]);
const empty = new ort.Tensor('float32', new Float32Array(), [1, n_head, 0, n_embd / n_head]);
/** @type {Readonly<Record<string, ort.Tensor>>} */
let past = {};
let length = 0;
let next = 0;

/** @param {readonly number[]} ids */
async function run(ids) {
  /** @type {Record<string, ort.Tensor>} */
  const feeds = { input_ids: whole(ids), attention_mask: whole(new Array(length + ids.length).fill(1)), position_ids: whole(ids.map((_, i) => length + i)) };
  for (let layer = 0; layer < n_layer; layer++) {
    for (const part of ['key', 'value']) feeds[`past_key_values.${layer}.${part}`] = past[`present.${layer}.${part}`] ?? empty;
  }
  past = await session.run(feeds);
  length += ids.length;
  const logits = past['logits'].data;
  next = logits.reduce((best, logit, id) => (logit > logits[best] ? id : best), 0);
}

await serve({
  prefill(ids) {
    past = {};
    length = 0;
    return timed(() => run(ids));
  },
  decode: (tokens) =>
    timed(async () => {
      for (let i = 0; i < tokens; i++) await run([next]);
    }),
});
