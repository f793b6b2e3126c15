/**
 * Finds where a graph attends: a softmax over a product of two values that depend on the tokens (queries and keys),
 * whose result is multiplied with a third (values). Between them may stand whatever exporters put there: scales,
 * masks, guards against rows without keys, casts, drop-out, other shapes.
 */
import type { AttentionPart } from '../../../protocol.ts';
import type { Dataflow } from './dataflow.ts';
import type { ReadNode } from './node.ts';

/** One layer's attention. */
export interface FoundAttention {
  /** `single` where there is one sequence only: a run tells whether it looks ahead. */
  readonly part: AttentionPart | 'single';
  /** The node that holds it: a softmax, or a fused attention. */
  readonly node: ReadNode;
  /** The value that holds the pattern, `[…, query, key]`; null where the node keeps it to itself. */
  readonly pattern: string | null;
  /** What keys are made of. */
  readonly keys: string;
}

const SOFTMAX: ReadonlySet<string> = new Set(['Softmax', 'com.microsoft:BiasSoftmax']);
const PRODUCT: ReadonlySet<string> = new Set(['MatMul', 'Einsum', 'MatMulInteger', 'com.microsoft:FusedMatMul', 'com.microsoft:MatMulIntegerToFloat']);

/** From scores back to the product. */
const BEFORE: ReadonlySet<string> = new Set([
  ...['Add', 'Sub', 'Mul', 'Div', 'Where', 'Cast', 'Identity', 'Clip', 'Max', 'Min', 'Tanh', 'Reshape', 'Unsqueeze', 'Squeeze', 'Transpose', 'Expand'],
  ...['QuantizeLinear', 'DequantizeLinear', 'DynamicQuantizeLinear'],
]);
/** From the pattern on: the same numbers. */
const SAME: ReadonlySet<string> = new Set(['Where', 'Cast', 'Identity', 'Dropout', 'Mul']);
/** From the pattern on: other numbers or another shape, so that what came before is the pattern. */
const OTHER: ReadonlySet<string> = new Set(['Reshape', 'Unsqueeze', 'Squeeze', 'Transpose', 'Expand', 'QuantizeLinear', 'DequantizeLinear', 'DynamicQuantizeLinear']);

/** Steps between softmax and product at most. */
const FAR = 16;

/** The attention of a softmax, or null where it is another softmax. */
export function attentionAt(node: ReadNode, flow: Dataflow, two: boolean): FoundAttention | null {
  if (!SOFTMAX.has(node.op)) return null;
  const [scores] = node.inputs;
  const [weights] = node.outputs;
  if (scores === undefined || weights === undefined) return null;
  const product = productBefore(scores, flow, FAR, new Set());
  const pattern = patternAfter(weights, flow, FAR);
  if (!product || pattern === null) return null;
  const [queries = '', keys = ''] = product.inputs;
  return { part: partOf(queries, keys, flow, two), node, pattern, keys };
}

/** Who attends to whom, told by what queries and keys are made of. */
export function partOf(queries: string, keys: string, flow: Dataflow, two: boolean): FoundAttention['part'] {
  if (!two) return 'single';
  if (!flow.dependence(queries).output) return 'encoder';
  return flow.dependence(keys).output ? 'decoder' : 'cross';
}

const isProduct = (node: ReadNode, flow: Dataflow): boolean => PRODUCT.has(node.op) && node.inputs.slice(0, 2).filter((value) => flow.isData(value)).length === 2;

/** The product of queries and keys that scores are made of. */
function productBefore(value: string, flow: Dataflow, steps: number, seen: Set<string>): ReadNode | null {
  const maker = flow.makers.get(value);
  if (!maker || steps === 0 || seen.has(value)) return null;
  seen.add(value);
  if (isProduct(maker, flow)) return maker;
  if (!BEFORE.has(maker.op)) return null;
  for (const input of maker.inputs) {
    const found = flow.isData(input) ? productBefore(input, flow, steps - 1, seen) : null;
    if (found) return found;
  }
  return null;
}

/** The last value that holds the pattern on its way to the product with the values; null if none is on its way. */
function patternAfter(value: string, flow: Dataflow, steps: number): string | null {
  for (const user of steps > 0 ? (flow.users.get(value) ?? []) : []) {
    if (isProduct(user, flow)) return value;
    const [output = ''] = user.outputs;
    if (SAME.has(user.op)) {
      const pattern = patternAfter(output, flow, steps - 1);
      if (pattern !== null) return pattern;
    } else if (OTHER.has(user.op) && patternAfter(output, flow, steps - 1) !== null) return value;
  }
  return null;
}
