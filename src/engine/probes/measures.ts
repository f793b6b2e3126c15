/** What the weight of a link can stand for, beside attention itself. */
import { attentionName } from '../interventions.ts';
import { breathe } from '../breathe.ts';
import { ProblemError } from '../problemError.ts';
import { floats, type FloatTensor } from '../tensor.ts';
import type { Trace } from '../trace.ts';
import type { AttentionPart } from '../../protocol.ts';

/**
 * α ‖v‖: attention times the Euclidean length of the value it hands on, each row scaled to sum to 1, `[1, head, query, key]`.
 * After Kobayashi et al. (2020), who take the vector that has gone through the output matrix. A row that hands on nothing
 * stays empty. @throws ProblemError `model.exported`
 */
export async function valueWeighted(trace: Trace, part: AttentionPart, layer: number): Promise<FloatTensor> {
  const { model } = trace;
  if (model.info.door === 'onnx') throw new ProblemError('model.exported', { name: model.info.name });
  const attention = model.attention(part);
  const pattern = await trace.pattern(part, layer);
  const lengths = valueLengths(await trace.get(`${attentionName(attention, layer)}.hook_v`));
  const [, heads = 0, queries = 0, keys = 0] = pattern.shape;
  const sharing = heads / attention.keyHeads;
  const weighted = floats(pattern.shape);
  for (let row = 0; row < heads * queries; row++) {
    const own = Math.floor(Math.floor(row / queries) / sharing) * keys;
    let sum = 0;
    for (let key = 0; key < keys; key++) sum += weighted.data[row * keys + key] = (pattern.data[row * keys + key] ?? 0) * (lengths[own + key] ?? 0);
    if (sum > 0) for (let key = 0; key < keys; key++) weighted.data[row * keys + key] = (weighted.data[row * keys + key] ?? 0) / sum;
  }
  return weighted;
}

/** `[1, key, K, D]` → `[K, key]`. */
function valueLengths({ shape, data }: FloatTensor): Float32Array {
  const [, keys = 0, heads = 0, width = 0] = shape;
  const lengths = new Float32Array(heads * keys);
  for (let key = 0; key < keys; key++) {
    for (let head = 0; head < heads; head++) lengths[head * keys + key] = Math.hypot(...data.subarray((key * heads + head) * width, (key * heads + head + 1) * width));
  }
  return lengths;
}

/**
 * Attention rollout (Abnar & Zuidema 2020): in each layer the mean of all heads, half of it replaced by the token itself
 * for what the residual stream carries past it, rows scaled to sum to 1, and multiplied up the layers. Layers that have
 * been rolled out are kept.
 */
export class Rollout {
  private readonly layers = new Map<AttentionPart, Float32Array[]>();

  constructor(private readonly trace: Trace) {}

  /** Up to and with a layer, `[1, 1, query, key]`. @throws ProblemError `attention.noRollout`, `run.cancelled` when the trace is released meanwhile */
  async upTo(part: AttentionPart, layer: number): Promise<FloatTensor> {
    const { queries, keys } = this.trace.model.attention(part);
    if (queries !== keys) throw new ProblemError('attention.noRollout');
    const done = this.layers.get(part) ?? [];
    this.layers.set(part, done);
    for (let next = done.length; next <= layer; next = done.length) {
      const mixed = withResidual(await this.trace.pattern(part, next));
      await breathe();
      this.trace.requireHeld();
      // Another question may have come this far meanwhile.
      if (done.length === next) done.push(next === 0 ? mixed : product(mixed, done[next - 1] ?? mixed));
    }
    const tokens = this.trace.ids(queries).length;
    return floats([1, 1, tokens, tokens], done[layer] ?? new Float32Array(tokens * tokens));
  }
}

/** ½ mean over heads + ½ identity, rows scaled to sum to 1, `[query, key]`. */
function withResidual({ shape, data }: FloatTensor): Float32Array {
  const [, heads = 0, tokens = 0] = shape;
  const mixed = new Float32Array(tokens * tokens);
  for (const [i, weight] of data.entries()) mixed[i % mixed.length] = (mixed[i % mixed.length] ?? 0) + weight / (2 * heads);
  for (let query = 0; query < tokens; query++) {
    const row = mixed.subarray(query * tokens, (query + 1) * tokens);
    row[query] = (row[query] ?? 0) + 0.5;
    const sum = row.reduce((total, weight) => total + weight, 0);
    for (const [key, weight] of row.entries()) row[key] = weight / sum;
  }
  return mixed;
}

/** `a · b`, square; what is zero in `a`, the future of a decoder, costs nothing. */
function product(a: Float32Array, b: Float32Array): Float32Array {
  const size = Math.sqrt(a.length);
  const out = new Float32Array(a.length);
  for (let row = 0; row < size; row++) {
    const target = out.subarray(row * size, (row + 1) * size);
    for (let middle = 0; middle < size; middle++) {
      const weight = a[row * size + middle] ?? 0;
      if (weight === 0) continue;
      for (let column = 0; column < size; column++) target[column] = (target[column] ?? 0) + weight * (b[middle * size + column] ?? 0);
    }
  }
  return out;
}
