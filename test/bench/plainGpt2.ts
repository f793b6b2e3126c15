/**
 * The peer of the capture: the same weights in the same runtime as one plain graph that gives the last
 * logits and nothing else: no hook point, no intervention, no past.
 */
import { StageBuilder, type Value } from '../../src/engine/onnx/stage.ts';
import type { Checkpoint } from '../../src/engine/safetensors.ts';
import type { Runtime } from '../../src/engine/session.ts';
import { floats, ints, type FloatTensor, type Tensor } from '../../src/engine/tensor.ts';
import { SHAPE } from './randomCheckpoint.ts';

/** Returns the function from token ids to the logits after the last, `[1, vocabulary]`. */
export async function plainGpt2(checkpoint: Checkpoint, runtime: Runtime): Promise<(ids: readonly number[]) => Promise<FloatTensor>> {
  const { n_layer, n_head: H, n_embd: E, vocab_size: V } = SHAPE;
  const D = E / H;
  const g = new StageBuilder('plain', checkpoint);
  const norm = (x: Value, at: string): Value => g.layerNormalization(x, g.weight(`${at}.weight`, [E]), g.weight(`${at}.bias`, [E]), 1e-5).normalized;
  const linear = (x: Value, at: string, inputs: number, outputs: number): Value => g.op('Add', [g.op('MatMul', [x, g.weight(`${at}.weight`, [inputs, outputs])]), g.weight(`${at}.bias`, [outputs])]);
  const heads = (x: Value, perm: readonly number[]): Value => g.op('Transpose', [g.op('Reshape', [x, g.whole(1, -1, H, D)])], { perm: { ints: perm } });

  const mask = g.input('mask', [1, 1, 'pos', 'key'], { from: 'mask', causal: true, window: null });
  let x = g.op('Add', [g.input('tokens', [1, 'pos', E], { from: 'rows', weight: 'wte.weight', of: 'tokens' }), g.input('positions', [1, 'pos', E], { from: 'rows', weight: 'wpe.weight', of: 'positions' })]);
  for (let layer = 0; layer < n_layer; layer++) {
    const at = `h.${String(layer)}`;
    const [q, k, v] = g.split3(linear(norm(x, `${at}.ln_1`), `${at}.attn.c_attn`, E, 3 * E), 2);
    const scores = g.op('MatMul', [g.op('Mul', [heads(q, [0, 2, 1, 3]), g.scalar(1 / Math.sqrt(D))]), heads(k, [0, 2, 3, 1])]);
    const z = g.op('MatMul', [g.op('Softmax', [g.op('Add', [scores, mask])], { axis: { int: -1 } }), heads(v, [0, 2, 1, 3])]);
    x = g.op('Add', [x, linear(g.op('Reshape', [g.op('Transpose', [z], { perm: { ints: [0, 2, 1, 3] } }), g.whole(1, -1, E)]), `${at}.attn.c_proj`, E, E)]);
    const post = g.op('Gelu', [linear(norm(x, `${at}.ln_2`), `${at}.mlp.c_fc`, E, 4 * E)], { approximate: { text: 'tanh' } });
    x = g.op('Add', [x, linear(post, `${at}.mlp.c_proj`, 4 * E, E)]);
  }
  const wanted = g.input('wanted', ['logit'], { from: 'logitPositions' }, 'int64');
  const last = g.op('Reshape', [g.op('Gather', [norm(x, 'ln_f'), wanted], { axis: { int: 1 } }), g.whole(-1, E)]);
  g.hook('logits', g.op('Gemm', [last, g.weight('wte.weight', [V, E])], { transB: { int: 1 } }), ['logit', V]);

  const stage = g.build();
  const packed = new ArrayBuffer(stage.weightBytes);
  for (const { tensor, offset, values } of stage.weights) await checkpoint.read(tensor, new Float32Array(packed, offset, values));
  const session = await runtime.createSession(stage.graph, new Uint8Array(packed));
  return async (ids) => {
    const length = ids.length;
    const mask = floats([1, 1, length, length]);
    for (let query = 0; query < length; query++) mask.data.fill(-Infinity, query * length + query + 1, (query + 1) * length);
    const rows = async (name: string, of: readonly number[]) => floats([1, length, E], await checkpoint.rows(name, of));
    const inputs = new Map<string, Tensor>([
      ['tokens', await rows('wte.weight', ids)],
      ['positions', await rows('wpe.weight', ids.map((_, i) => i))],
      ['mask', mask],
      ['wanted', ints([length - 1])],
    ]);
    const logits = (await session.run(inputs, ['logits'])).get('logits');
    if (!logits) throw new Error('no logits');
    return logits;
  };
}
