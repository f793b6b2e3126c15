/**
 * The random checkpoint as an ONNX file with the inputs and outputs that exports for generation have, keys and
 * values of earlier positions included, and logits at the last position only: what other engines run.
 */
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openFolder } from '../../src/engine/files.node.ts';
import { PACKED_WEIGHTS, StageBuilder, type Value } from '../../src/engine/onnx/stage.ts';
import { withPackedWeights } from '../../src/engine/packing.ts';
import { Checkpoint } from '../../src/engine/safetensors.ts';
import { SHAPE } from './randomCheckpoint.ts';

/** Writes `onnx/model.onnx` and its weights beside it into a checkpoint's folder, once. */
export async function exportGpt2(folder: string): Promise<void> {
  const out = join(folder, 'onnx');
  if (existsSync(join(out, 'model.onnx'))) return;
  mkdirSync(out, { recursive: true });
  const files = openFolder(folder);
  const checkpoint = await Checkpoint.open(files);
  const stage = exportedGraph(checkpoint).build();
  await withPackedWeights(stage, checkpoint, (packed) => writeFile(join(out, PACKED_WEIGHTS), packed));
  writeFileSync(join(out, 'model.onnx.part'), stage.graph);
  renameSync(join(out, 'model.onnx.part'), join(out, 'model.onnx'));
  await files.close();
}

function exportedGraph(checkpoint: Checkpoint): StageBuilder {
  const { n_layer, n_head: H, n_embd: E, vocab_size: V, n_positions } = SHAPE;
  const D = E / H;
  const g = new StageBuilder('exported', checkpoint);
  const integers = (name: string, length: 'pos' | 'key'): Value => g.input(name, [1, length], { from: 'logitPositions' }, 'int64');
  const norm = (x: Value, at: string): Value => g.layerNormalization(x, g.weight(`${at}.weight`, [E]), g.weight(`${at}.bias`, [E]), 1e-5).normalized;
  const linear = (x: Value, at: string, inputs: number, outputs: number): Value => g.op('Add', [g.op('MatMul', [x, g.weight(`${at}.weight`, [inputs, outputs])]), g.weight(`${at}.bias`, [outputs])]);
  const heads = (x: Value): Value => g.op('Transpose', [g.op('Reshape', [x, g.whole(1, -1, H, D)])], { perm: { ints: [0, 2, 1, 3] } });

  const ids = integers('input_ids', 'pos');
  const attended = integers('attention_mask', 'key');
  const positions = integers('position_ids', 'pos');
  const scalar = (x: Value): Value => g.op('Squeeze', [x]);
  const keys = g.op('Range', [scalar(g.whole(0)), scalar(g.op('Slice', [g.op('Shape', [attended]), g.whole(1), g.whole(2)])), scalar(g.whole(1))]);
  const later = g.op('Greater', [keys, g.op('Reshape', [positions, g.whole(1, 1, -1, 1)])]); // [1, 1, pos, key]
  const mask = g.op('Where', [later, g.scalar(-Infinity), g.scalar(0)]);

  const embedding = g.weight('wte.weight', [V, E]);
  let x = g.op('Add', [g.op('Gather', [embedding, ids], { axis: { int: 0 } }), g.op('Gather', [g.weight('wpe.weight', [n_positions, E]), positions], { axis: { int: 0 } })]);
  for (let layer = 0; layer < n_layer; layer++) {
    const at = `h.${String(layer)}`;
    const [q, k, v] = g.split3(linear(norm(x, `${at}.ln_1`), `${at}.attn.c_attn`, E, 3 * E), 2);
    const withPast = (value: Value, name: 'key' | 'value'): Value => {
      const past = g.input(`past_key_values.${String(layer)}.${name}`, [1, H, 'past', D], { from: 'past', hook: name });
      return g.hook(`present.${String(layer)}.${name}`, g.op('Concat', [past, heads(value)], { axis: { int: 2 } }), [1, H, 'key', D]);
    };
    const transposedK = g.op('Transpose', [withPast(k, 'key')], { perm: { ints: [0, 1, 3, 2] } });
    const scores = g.op('MatMul', [g.op('Mul', [heads(q), g.scalar(1 / Math.sqrt(D))]), transposedK]);
    const z = g.op('MatMul', [g.op('Softmax', [g.op('Add', [scores, mask])], { axis: { int: -1 } }), withPast(v, 'value')]);
    x = g.op('Add', [x, linear(g.op('Reshape', [g.op('Transpose', [z], { perm: { ints: [0, 2, 1, 3] } }), g.whole(1, -1, E)]), `${at}.attn.c_proj`, E, E)]);
    const post = g.op('Gelu', [linear(norm(x, `${at}.ln_2`), `${at}.mlp.c_fc`, E, 4 * E)], { approximate: { text: 'tanh' } });
    x = g.op('Add', [x, linear(post, `${at}.mlp.c_proj`, 4 * E, E)]);
  }
  const last = g.op('Slice', [norm(x, 'ln_f'), g.whole(-1), g.whole(2 ** 31 - 1), g.whole(1)]);
  const logits = g.op('Gemm', [g.op('Reshape', [last, g.whole(-1, E)]), embedding], { transB: { int: 1 } });
  g.hook('logits', g.op('Reshape', [logits, g.whole(1, -1, V)]), [1, 'logit', V]);
  return g;
}
