/**
 * Attention that is one operator keeps its pattern to itself. It is computed again from the operator's own inputs:
 * softmax(q · kᵀ · scale + mask), by nodes beside it. The same nodes go on to the operator's result, which is
 * compared with its own when the model is opened: a pattern that does not lead there is never shown.
 */
import { ProblemError } from '../../problemError.ts';
import { CONTRIB } from '../model.ts';
import type { Appendix, Value } from './appendix.ts';
import { partOf, type FoundAttention } from './attentions.ts';
import type { Dataflow } from './dataflow.ts';
import { ELEMENT } from './elementTypes.ts';
import type { GraphFile } from './graphFile.ts';
import type { ReadNode } from './node.ts';
import { byHead, fromHeads, part, pattern, weighted, type PatternOptions } from './patternNodes.ts';
import { weightOf } from './tables.ts';

/** What was computed beside an operator. */
export interface Recomputed {
  readonly pattern: Value;
  /** Largest difference from the operator's own result, as a share of its largest number. */
  readonly error: Value;
}

type Recompute = (node: ReadNode, at: Place) => Recomputed;

interface Place {
  readonly graph: GraphFile;
  readonly flow: Dataflow;
  readonly a: Appendix;
}

const RECOMPUTED: Readonly<Record<string, Recompute>> = {
  Attention: onnxAttention,
  'com.microsoft:Attention': packedAttention,
  'com.microsoft:MultiHeadAttention': multiHeadAttention,
  'com.microsoft:GroupQueryAttention': groupQueryAttention,
};

/** Operators whose names say that they attend. */
const ATTENDS = /Attention$/;

/** The attention of a fused operator, or null where it is none. @throws ProblemError `onnx.fused` for one that cannot be computed again */
export function fusedAt(node: ReadNode, graph: GraphFile, flow: Dataflow, two: boolean): FoundAttention | null {
  if (!ATTENDS.test(node.op)) return null;
  if (!(node.op in RECOMPUTED)) throw cannot(graph.file, node, 'its inputs and masks are of a kind of their own');
  const [queries = '', second = ''] = node.inputs;
  const keys = node.op === 'com.microsoft:Attention' || second === '' ? queries : second;
  return { part: partOf(queries, keys, flow, two), node, pattern: null, keys };
}

/** Adds the nodes that compute a fused operator's pattern. @throws ProblemError `onnx.fused` */
export function recompute(node: ReadNode, at: Place): Recomputed {
  const found = RECOMPUTED[node.op];
  if (!found) throw cannot(at.graph.file, node, 'its inputs and masks are of a kind of their own');
  return found(node, at);
}

/** @throws ProblemError `onnx.fused` */
export const cannot = (file: string, { op }: ReadNode, detail: string): ProblemError => new ProblemError('onnx.fused', { file, op: op.split(':').at(-1) ?? op, detail });

const int = (node: ReadNode, name: string): number => node.attributes.get(name)?.int ?? 0;
const float = (node: ReadNode, name: string): number => node.attributes.get(name)?.float ?? 0;
const input = (node: ReadNode, index: number): Value | null => node.inputs[index] || null;
const refuse = (when: boolean, node: ReadNode, { graph }: Place, why: string): void => {
  if (when) throw cannot(graph.file, node, why);
};

/** com.microsoft.Attention: projects its input `[1, pos, width]` by one matrix to queries, keys and values, side by side. */
function packedAttention(node: ReadNode, at: Place): Recomputed {
  const { a, graph, flow } = at;
  const [x = '', matrix = ''] = node.inputs;
  refuse(int(node, 'do_rotary') !== 0, node, at, 'it turns its queries and keys by itself');
  requireFullMask(node, 3, at);
  const width = weightOf(matrix, flow, graph.weights)?.shape[1];
  const sizes = node.attributes.get('qkv_hidden_sizes')?.ints ?? [];
  const [q, k, v] = sizes.length === 3 ? sizes : [0, 0, 0].map(() => (width ?? NaN) / 3);
  if (q === undefined || k === undefined || v === undefined || !Number.isInteger(q + k + v)) throw cannot(graph.file, node, 'how wide its queries are is not said');
  const product = a.op('MatMul', [a.cast(x, ELEMENT.float32), a.cast(matrix, ELEMENT.float32)]);
  const bias = input(node, 2);
  const qkv = bias === null ? product : a.op('Add', [product, a.cast(bias, ELEMENT.float32)]);
  const heads = int(node, 'num_heads');
  const take = (start: number, size: number): Value => byHead(a, part(a, qkv, start, start + size, 2), heads);
  const options = { scale: float(node, 'scale'), softcap: 0, causal: int(node, 'unidirectional') !== 0, window: null, bias: bias4(node, 5, at) };
  return checked(node, at, take(0, q), take(q, k), take(q + k, v), options, fromHeads);
}

/** com.microsoft.MultiHeadAttention: queries, keys and values `[1, pos, width]`, to which it adds a bias. */
function multiHeadAttention(node: ReadNode, at: Place): Recomputed {
  const { a, graph, flow } = at;
  const [q = '', k = '', v = '', bias = ''] = node.inputs;
  refuse(k === '' || v === '', node, at, 'queries, keys and values come packed into one');
  requireFullMask(node, 4, at);
  const third = (weightOf(bias, flow, graph.weights)?.shape[0] ?? NaN) / 3;
  refuse(bias !== '' && !Number.isInteger(third), node, at, 'how its bias is shared out is not said');
  const heads = int(node, 'num_heads');
  const ready = (value: Value, index: number): Value => {
    const plain = a.cast(value, ELEMENT.float32);
    return byHead(a, bias === '' ? plain : a.op('Add', [plain, part(a, a.cast(bias, ELEMENT.float32), index * third, (index + 1) * third, 0)]), heads);
  };
  const options = { scale: float(node, 'scale'), softcap: 0, causal: int(node, 'unidirectional') !== 0, window: null, bias: bias4(node, 5, at) };
  return checked(node, at, ready(q, 0), ready(k, 1), ready(v, 2), options, fromHeads);
}

/** com.microsoft.GroupQueryAttention: heads of queries share heads of keys; it may turn both by their positions. */
function groupQueryAttention(node: ReadNode, at: Place): Recomputed {
  const { a } = at;
  const [q = '', k = '', v = ''] = node.inputs;
  const heads = int(node, 'num_heads');
  const keyHeads = int(node, 'kv_num_heads');
  refuse(int(node, 'smooth_softmax') > 0 || input(node, 11) !== null, node, at, 'part of its attention goes to no token');
  const own = (value: Value, count: number): Value => byHead(a, a.cast(value, ELEMENT.float32), count);
  const packed = k === '' ? own(q, heads + 2 * keyHeads) : null;
  const [queries, keys, values] = packed
    ? [part(a, packed, 0, heads, 1), part(a, packed, heads, heads + keyHeads, 1), part(a, packed, heads + keyHeads, heads + 2 * keyHeads, 1)]
    : [own(q, heads), own(k, keyHeads), own(v, keyHeads)];
  const turned = (value: Value, count: number): Value => (int(node, 'do_rotary') ? rotary(node, at, value, count) : value);
  const window = int(node, 'local_window_size');
  const options = { scale: float(node, 'scale'), softcap: float(node, 'softcap'), causal: true, window: window > 0 ? window : null, bias: bias4(node, 10, at) };
  return checked(node, at, turned(queries, heads), turned(keys, keyHeads), values, options, fromHeads);
}

/** ONNX's own Attention (since version 23): `[1, pos, width]` with counts of heads, or `[1, head, pos, width]`. */
function onnxAttention(node: ReadNode, at: Place): Recomputed {
  const { a } = at;
  const [q = '', k = '', v = ''] = node.inputs;
  const flat = int(node, 'q_num_heads') > 0;
  refuse(input(node, 6) !== null, node, at, 'it leaves out padding by itself');
  const own = (value: Value, heads: number): Value => (flat ? byHead(a, a.cast(value, ELEMENT.float32), heads) : a.cast(value, ELEMENT.float32));
  const keyHeads = int(node, 'kv_num_heads');
  const options = { scale: float(node, 'scale'), softcap: float(node, 'softcap'), causal: int(node, 'is_causal') !== 0, window: null, bias: bias4(node, 3, at) };
  return checked(node, at, own(q, int(node, 'q_num_heads')), own(k, keyHeads), own(v, keyHeads), options, flat ? fromHeads : (_, z) => z);
}

/** Queries or keys `[1, head, pos, width]` turned as com.microsoft.RotaryEmbedding does, from position 0 on unless the operator is told positions. */
function rotary(node: ReadNode, { a, graph, flow }: Place, value: Value, heads: number): Value {
  const [cos, sin] = [input(node, 7), input(node, 8)];
  const pairs = cos === null ? undefined : weightOf(cos, flow, graph.weights)?.shape[1];
  if (cos === null || sin === null || pairs === undefined) throw cannot(graph.file, node, 'by how much it turns queries and keys is not said');
  const attributes = { interleaved: { int: int(node, 'rotary_interleaved') }, num_heads: { int: heads }, rotary_embedding_dim: { int: 2 * pairs } };
  const positions = input(node, 9) ?? a.whole(0);
  return a.op('RotaryEmbedding', [value, positions, a.cast(cos, ELEMENT.float32), a.cast(sin, ELEMENT.float32)], attributes, { domain: CONTRIB });
}

/** A mask over keys that says how long the text is lets all of it be seen. @throws ProblemError `onnx.fused` for one that depends on the tokens */
function requireFullMask(node: ReadNode, index: number, at: Place): void {
  const mask = input(node, index);
  refuse(mask !== null && at.flow.isData(mask), node, at, 'its mask depends on what the tokens are');
}

/** What is added to the scores, or which keys may be seen, `[1 or all, 1 or head, query, key]`. */
function bias4(node: ReadNode, index: number, { a, flow }: Place): PatternOptions['bias'] {
  const bias = input(node, index);
  if (bias === null) return null;
  return isBoolean(bias, flow) ? { visible: bias } : { add: a.cast(bias, ELEMENT.float32) };
}

const BOOLEAN: ReadonlySet<string> = new Set(['And', 'Or', 'Xor', 'Not', 'Equal', 'Less', 'LessOrEqual', 'Greater', 'GreaterOrEqual', 'IsNaN', 'IsInf']);
const RESHAPED: ReadonlySet<string> = new Set(['Identity', 'Expand', 'Reshape', 'Unsqueeze', 'Squeeze', 'Transpose', 'Slice', 'Gather', 'GatherND', 'Concat', 'Tile']);

function isBoolean(value: Value, flow: Dataflow): boolean {
  const maker = flow.makers.get(value);
  if (!maker) return false;
  if (maker.op === 'Cast') return int(maker, 'to') === ELEMENT.bool;
  if (maker.op === 'Where') return isBoolean(maker.inputs[1] ?? '', flow);
  return BOOLEAN.has(maker.op) || (RESHAPED.has(maker.op) && isBoolean(maker.inputs[0] ?? '', flow));
}

/** The pattern, and how far the result that it leads to lies from the operator's. */
function checked(node: ReadNode, { a }: Place, q: Value, k: Value, v: Value, options: PatternOptions, join: (a: Appendix, z: Value) => Value): Recomputed {
  const weights = pattern(a, q, k, options);
  const own = a.cast(node.outputs[0] ?? '', ELEMENT.float32);
  const largest = (value: Value): Value => a.op('ReduceMax', [a.op('Abs', [value])], { keepdims: { int: 0 } });
  const difference = largest(a.op('Sub', [join(a, weighted(a, weights, v)), own]));
  return { pattern: weights, error: a.op('Div', [difference, a.op('Add', [largest(own), a.scalar(1e-9)])]) };
}
