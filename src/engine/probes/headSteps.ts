/** One attention head at one query, as the run computed it: products, scores, weights, and what is mixed of the values. */
import type { Answer, Ask } from '../../protocol.ts';
import { attentionName } from '../interventions.ts';
import type { FloatTensor } from '../tensor.ts';
import type { Trace } from '../trace.ts';
import { dot } from './attributionWeights.ts';

/**
 * Vectors, scores, weights and result are hook points of the run; the products are multiplied here from its queries and
 * keys, and what was added to them is the rest of the score. Layer, head and query have been checked.
 */
export async function headSteps(trace: Trace, { part, layer, head, query, order, from, count }: Ask<'headSteps'>): Promise<Answer<'headSteps'>> {
  const attention = trace.model.attention(part);
  const name = attentionName(attention, layer);
  const stage = trace.model.network.stages.find(({ hooks }) => hooks.some((hook) => hook.name === `${name}.hook_attn_scores`));
  const scoring = stage?.scorings?.find((one) => one.name === name);
  if (!stage || !scoring) throw new Error(`no stage says how ${name} makes scores`);
  const turned = stage.hooks.some((hook) => hook.name === `${name}.hook_rot_q`);
  const [qName, kName] = turned ? [`${name}.hook_rot_q`, `${name}.hook_rot_k`] : [`${name}.hook_q`, `${name}.hook_k`];
  const own = await trace.together([...new Set([qName, `${name}.hook_q`, `${name}.hook_attn_scores`, `${name}.hook_pattern`, `${name}.hook_z`])]);
  const at = (hook: string): FloatTensor => {
    const tensor = own.get(hook);
    if (!tensor) throw new Error(`${hook} was not computed`);
    return tensor;
  };
  const [k, v] = [await trace.get(kName), await trace.get(`${name}.hook_v`)]; // [1, key, K, D]; of a stage of their own for cross attention
  const [, keys = 0, keyHeads = 1, width = 0] = k.shape;
  const keyHead = Math.floor(head / (attention.heads / keyHeads));
  const scores = rowOf(at(`${name}.hook_attn_scores`), head, query);
  const pattern = rowOf(at(`${name}.hook_pattern`), head, query);
  const q = vectorOf(at(qName), query, head);

  const ordered = Array.from(scores.keys());
  if (order === 'weight') ordered.sort((a, b) => (pattern[b] ?? 0) - (pattern[a] ?? 0) || a - b);
  const told = Int32Array.from(ordered.slice(from, from + count));
  const products = Float32Array.from(told, (key) => dot(q, vectorOf(k, key, keyHead)));
  const ownScores = Float32Array.from(told, (key) => scores[key] ?? NaN);
  // Only where something is added: else the difference would be rounding.
  const isAdded = stage.relative !== undefined || trace.isPatched;
  const added = isAdded ? ownScores.map((score, i) => (score === -Infinity ? 0 : score - bounded((products[i] ?? 0) * scoring.scale, scoring.softcap))) : null;
  const largest = scores.reduce((most, score) => Math.max(most, score), -Infinity);
  return {
    keys,
    visible: scores.reduce((seen, score) => (score === -Infinity ? seen : seen + 1), 0),
    width,
    keyHead,
    turned,
    q,
    q0: turned ? vectorOf(at(`${name}.hook_q`), query, head) : null,
    told,
    k: vectorsOf(k, told, keyHead),
    v: vectorsOf(v, told, keyHead),
    scale: scoring.scale,
    softcap: scoring.softcap,
    products,
    added,
    scores: ownScores,
    largest,
    sum: scores.reduce((sum, score) => sum + Math.exp(score - largest), 0),
    pattern: Float32Array.from(told, (key) => pattern[key] ?? 0),
    z: vectorOf(at(`${name}.hook_z`), query, head),
  };
}

const bounded = (score: number, softcap: number | null): number => (softcap === null ? score : softcap * Math.tanh(score / softcap));

/** A row of `[1, head, query, key]`. */
function rowOf({ shape, data }: FloatTensor, head: number, query: number): Float32Array {
  const [, , queries = 0, keys = 0] = shape;
  return data.subarray((head * queries + query) * keys, (head * queries + query + 1) * keys);
}

/** One vector of `[1, pos, head, D]`, a copy. */
function vectorOf({ shape, data }: FloatTensor, position: number, head: number): Float32Array {
  const [, , heads = 0, width = 0] = shape;
  return data.slice((position * heads + head) * width, (position * heads + head + 1) * width);
}

/** `[key, D]` */
function vectorsOf(tensor: FloatTensor, positions: Int32Array, head: number): Float32Array {
  const width = tensor.shape[3] ?? 0;
  const vectors = new Float32Array(positions.length * width);
  for (const [i, position] of positions.entries()) vectors.set(vectorOf(tensor, position, head), i * width);
  return vectors;
}
