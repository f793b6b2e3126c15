/** The single steps of a head as numbers: what one has after so many of them. */
import type { HeadStepsAnswer } from '../src/protocol.ts';

/** `product`: the components of q·k; `softmax`: the exponentials and their sum; `values`: weight · value, key by key. */
export type StepKind = 'product' | 'softmax' | 'values';

/** Rows of keys that the query may look at; the others have no exponential and no weight. */
export const seenRows = ({ scores }: HeadStepsAnswer): number[] => [...scores.keys()].filter((row) => scores[row] !== -Infinity);

export function runningSteps(answer: HeadStepsAnswer, kind: StepKind): number {
  return kind === 'product' ? answer.width : seenRows(answer).length;
}

/** A row of `[key, D]`. */
export const rowOf = (vectors: Float32Array, row: number, width: number): Float32Array => vectors.subarray(row * width, (row + 1) * width);

export interface ProductStep {
  /** q_i · k_i of all components, `[D]`. */
  readonly products: Float32Array;
  /** The last one that was added; null before the first. */
  readonly last: { readonly component: number; readonly q: number; readonly k: number; readonly product: number } | null;
  readonly sum: number;
}

/** One key's product after so many components. */
export function productStep(answer: HeadStepsAnswer, row: number, done: number): ProductStep {
  const k = rowOf(answer.k, row, answer.width);
  const products = answer.q.map((value, i) => value * (k[i] ?? 0));
  const component = done - 1;
  const last = done === 0 ? null : { component, q: answer.q[component] ?? 0, k: k[component] ?? 0, product: products[component] ?? 0 };
  return { products, last, sum: products.subarray(0, done).reduce((sum, product) => sum + product, 0) };
}

export interface SoftmaxStep {
  /** e^(score − largest) of the keys that are seen, in their order. */
  readonly exponentials: Float32Array;
  /** Row of the last key that was added; null before the first. */
  readonly last: number | null;
  readonly sum: number;
}

export function softmaxStep(answer: HeadStepsAnswer, done: number): SoftmaxStep {
  const rows = seenRows(answer);
  const exponentials = Float32Array.from(rows, (row) => Math.exp((answer.scores[row] ?? -Infinity) - answer.largest));
  return { exponentials, last: rows[done - 1] ?? null, sum: exponentials.subarray(0, done).reduce((sum, value) => sum + value, 0) };
}

export interface ValuesStep {
  readonly last: number | null;
  /** Weight · value of that key, `[D]`. */
  readonly added: Float32Array;
  /** Sum up to it, `[D]`. */
  readonly sum: Float32Array;
  /** Share of the row's attention in that sum. */
  readonly share: number;
}

export function valuesStep(answer: HeadStepsAnswer, done: number): ValuesStep {
  const { width, v, pattern } = answer;
  const rows = seenRows(answer).slice(0, done);
  const sum = new Float32Array(width);
  let share = 0;
  for (const row of rows) {
    const weight = pattern[row] ?? 0;
    share += weight;
    for (const [i, value] of rowOf(v, row, width).entries()) sum[i] = (sum[i] ?? 0) + weight * value;
  }
  const last = rows.at(-1) ?? null;
  return { last, added: last === null ? new Float32Array(width) : rowOf(v, last, width).map((value) => value * (pattern[last] ?? 0)), sum, share };
}

/** The largest absolute value, for a scale of colours. */
export const reachOf = (...vectors: readonly Float32Array[]): number => vectors.reduce((most, vector) => vector.reduce((best, value) => Math.max(best, Math.abs(value)), most), 0);

/** Whether scores are divided by the root of the width, as in most models. */
export const dividesByRoot = ({ scale, width }: HeadStepsAnswer): boolean => Math.abs(scale * Math.sqrt(width) - 1) < 1e-6;
