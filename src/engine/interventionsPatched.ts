/** Interventions as inputs of the graphs: `hook · scale + add`. */
import type { Replacement, Sequence } from '../protocol.ts';
import type { NetworkAttention } from './architectures/architecture.ts';
import { attentionName, attentionOut, blockName, positionHooks, shapeAtOnePosition, type Inside } from './interventions.ts';
import type { Model } from './model.ts';
import { floats, type FloatTensor } from './tensor.ts';
import type { Trace } from './trace.ts';

type Lengths = Readonly<Record<Sequence, number>>;

/**
 * Patches for sequences of these lengths. Means are those of `plain`, a finished run without interventions; without
 * one, there must be none among the interventions, which have been checked. Of two on the same thing the later counts.
 */
export async function patchesOf(model: Model, interventions: readonly Inside[], lengths: Lengths, plain?: Trace): Promise<Map<string, FloatTensor>> {
  const patches = new Map<string, FloatTensor>();
  for (const one of interventions) {
    if (one.kind === 'link') continue;
    if (one.kind === 'positions') {
      for (const hook of positionHooks(model)) await replaceAll(hook, one.by);
      continue;
    }
    const attention = model.attention(one.part);
    const block = blockName(attention, one.layer);
    if (one.kind === 'attention') await replaceAll(attentionOut(attention, one.layer), one.by);
    else if (one.kind === 'feedForward') await replaceAll(`${block}.hook_mlp_out`, one.by);
    else if (one.kind === 'head') await replace(`${attentionName(attention, one.layer)}.hook_z`, one.head, one.by);
    else await replace(`${block}.mlp.hook_post`, one.index, one.by);
  }
  cutLinks(patches, model, interventions, lengths);
  return patches;

  /** A whole hook point `[1, pos, width]`. */
  async function replaceAll(hook: string, by: Replacement): Promise<void> {
    patches.set(`${hook}.scale`, floats([1, 1, 1]));
    if (by === 'zero') patches.delete(`${hook}.add`);
    else patches.set(`${hook}.add`, await meanOf(hook));
  }

  /** A head of `[1, pos, head, width]`, or a neuron of `[1, pos, neuron]`. */
  async function replace(hook: string, index: number, by: Replacement): Promise<void> {
    const shape = shapeAtOnePosition(model, hook);
    const [, , count = 0, width = 1] = shape;
    const scale = patches.get(`${hook}.scale`) ?? floats(shape.map((dim, axis) => (axis === 2 ? dim : 1)), new Float32Array(count).fill(1));
    scale.data[index] = 0;
    patches.set(`${hook}.scale`, scale);
    const known = patches.get(`${hook}.add`);
    if (by === 'zero' && !known) return;
    const add = known ?? floats(shape);
    const values = by === 'mean' ? (await meanOf(hook)).data.subarray(index * width, (index + 1) * width) : new Float32Array(width);
    add.data.set(values, index * width);
    patches.set(`${hook}.add`, add);
  }

  async function meanOf(hook: string): Promise<FloatTensor> {
    if (!plain) throw new Error(`the mean of ${hook} takes a run without interventions`);
    return meanOverPositions(await plain.get(hook));
  }
}

/** `[1, pos, …]` → `[1, 1, …]`. */
function meanOverPositions({ shape, data }: FloatTensor): FloatTensor {
  const [, positions = 0, ...rest] = shape;
  const mean = floats([1, 1, ...rest]);
  for (const i of mean.data.keys()) {
    let sum = 0;
    for (let position = 0; position < positions; position++) sum += data[position * mean.data.length + i] ?? 0;
    mean.data[i] = sum / positions;
  }
  return mean;
}

/**
 * A link that is cut is masked among the scores where the rest of its row grows, and taken out of the pattern where it
 * does not. A row with nothing left attends to nothing: a softmax of −∞ alone has no value.
 */
function cutLinks(patches: Map<string, FloatTensor>, model: Model, interventions: readonly Inside[], lengths: Lengths): void {
  for (const attention of model.network.attentions) {
    const [queries, keys] = [lengths[attention.queries], lengths[attention.keys]];
    for (let layer = 0; layer < attention.layers; layer++) {
      const links = interventions.flatMap((one) => (one.kind === 'link' && one.part === attention.part && one.layer === layer ? [one] : []));
      // What is beyond an output that is still being written is not there yet.
      const there = links.filter(({ query, key }) => query < queries && key < keys);
      if (!there.length) continue;
      const shape = [1, attention.heads, queries, keys];
      const scale = floats(shape).data.fill(1);
      const add = floats(shape);
      for (const { heads, query, key, renormalise } of there) {
        for (const head of heads) {
          const at = (head * queries + query) * keys + key;
          if (renormalise) add.data[at] = -Infinity;
          else scale[at] = 0;
        }
      }
      const name = attentionName(attention, layer);
      emptyRows(model, attention, layer, scale, add);
      patches.set(`${name}.hook_pattern.scale`, floats(shape, scale));
      patches.set(`${name}.hook_attn_scores.add`, add);
    }
  }
}

/** Rows `[head, query, key]` of which every visible key is masked lose their mask and are scaled to nothing. */
function emptyRows(model: Model, { part, causal }: NetworkAttention, layer: number, scale: Float32Array, { shape, data }: FloatTensor): void {
  const [, heads = 0, queries = 0, keys = 0] = shape;
  const window = model.window(part, layer) ?? Infinity;
  for (let row = 0; row < heads * queries; row++) {
    const query = row % queries;
    const visible = data.subarray(row * keys + (causal ? Math.max(0, query + 1 - window) : 0), row * keys + (causal ? query + 1 : keys));
    if (visible.some((value) => value === 0)) continue;
    data.fill(0, row * keys, (row + 1) * keys);
    scale.fill(0, row * keys, (row + 1) * keys);
  }
}
