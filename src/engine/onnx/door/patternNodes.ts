/** Attention (Vaswani et al. 2017) as nodes: `S` queries, `L` keys, `N` heads of queries, `K` heads of keys, `D` width of a head. */
import type { Appendix, Value } from './appendix.ts';

export interface PatternOptions {
  /** 0: 1 / √D. */
  readonly scale: number;
  /** Scores are squeezed to ± this; 0: they are not. */
  readonly softcap: number;
  /** Queries see themselves and what is before them only. */
  readonly causal: boolean;
  /** So many keys a query sees at most, itself and those just before; null: all. */
  readonly window: number | null;
  readonly bias: { readonly add: Value } | { readonly visible: Value } | null;
}

/** `[1, S, N · D]` → `[1, N, S, D]` */
export const byHead = (a: Appendix, value: Value, heads: number): Value => a.op('Transpose', [a.op('Reshape', [value, a.whole(0, 0, heads, -1)])], { perm: { ints: [0, 2, 1, 3] } });

/** `[1, N, S, D]` → `[1, S, N · D]` */
export const fromHeads = (a: Appendix, value: Value): Value => a.op('Reshape', [a.op('Transpose', [value], { perm: { ints: [0, 2, 1, 3] } }), a.whole(0, 0, -1)]);

/** From `start` to before `end` along an axis. */
export const part = (a: Appendix, value: Value, start: number, end: number, axis: number): Value => a.op('Slice', [value, a.whole(start), a.whole(end), a.whole(axis)]);

/** softmax(q · kᵀ · scale + mask), `[1, N, S, L]`, of queries `[1, N, S, D]` and keys `[1, K, L, D]`. */
export function pattern(a: Appendix, q: Value, k: Value, { scale, softcap, causal, window, bias }: PatternOptions): Value {
  const keys = a.op('Reshape', [k, a.op('Concat', [lengths(a, k, 0, 2), a.whole(1), lengths(a, k, 2, 4)], { axis: { int: 0 } })]); // [1, K, 1, L, D]
  const product = a.op('MatMul', [grouped(a, q, k), a.op('Transpose', [keys], { perm: { ints: [0, 1, 2, 4, 3] } })]); // [1, K, N / K, S, L]
  const scaled = a.op('Mul', [ungrouped(a, product), scale ? a.scalar(scale) : inverseRoot(a, q)]);
  const capped = softcap ? a.op('Mul', [a.op('Tanh', [a.op('Div', [scaled, a.scalar(softcap)])]), a.scalar(softcap)]) : scaled;
  let scores = capped;
  if (bias && 'add' in bias) scores = a.op('Add', [scores, bias.add]);
  if (bias && 'visible' in bias) scores = a.op('Where', [bias.visible, scores, a.scalar(-Infinity)]);
  const hidden = causal ? after(a, q, k, window) : null;
  if (hidden !== null) scores = a.op('Where', [hidden, a.scalar(-Infinity), scores]);
  return a.op('Softmax', [scores], { axis: { int: -1 } });
}

/** Pattern times values: `[1, N, S, L]` and `[1, K, L, D]` give `[1, N, S, D]`. */
export function weighted(a: Appendix, weights: Value, v: Value): Value {
  const values = a.op('Reshape', [v, a.op('Concat', [lengths(a, v, 0, 2), a.whole(1), lengths(a, v, 2, 4)], { axis: { int: 0 } })]); // [1, K, 1, L, D]
  return ungrouped(a, a.op('MatMul', [grouped(a, weights, v), values]));
}

/** `[1, N, …]` → `[1, K, N / K, …]` with the heads of `keys` `[1, K, …]`. */
const grouped = (a: Appendix, value: Value, keys: Value): Value =>
  a.op('Reshape', [value, a.op('Concat', [lengths(a, keys, 0, 2), a.whole(-1), lengths(a, value, 2, 4)], { axis: { int: 0 } })]);

/** `[1, K, N / K, …]` → `[1, N, …]` */
const ungrouped = (a: Appendix, value: Value): Value => a.op('Reshape', [value, a.op('Concat', [a.whole(1, -1), lengths(a, value, 3, 5)], { axis: { int: 0 } })]);

/** Dimensions `start` to before `end`, as a list. */
const lengths = (a: Appendix, value: Value, start: number, end: number): Value => part(a, a.op('Shape', [value]), start, end, 0);

/** 1 / √D of `[1, N, S, D]`. */
function inverseRoot(a: Appendix, q: Value): Value {
  const width = a.cast(a.op('Gather', [a.op('Shape', [q]), a.index(3)]), 1);
  return a.op('Div', [a.scalar(1), a.op('Sqrt', [width])]);
}

/** Where a key lies after its query, or too far before it, `[S, L]`. Both end with the same token. */
function after(a: Appendix, q: Value, k: Value, window: number | null): Value {
  const count = (value: Value): Value => a.op('Gather', [a.op('Shape', [value]), a.index(2)]);
  const places = (length: Value): Value => a.op('Range', [a.index(0), length, a.index(1)]);
  const past = a.op('Sub', [count(k), count(q)]);
  const queries = a.op('Reshape', [a.op('Add', [places(count(q)), past]), a.whole(-1, 1)]);
  const keys = a.op('Reshape', [places(count(k)), a.whole(1, -1)]);
  const later = a.op('Greater', [keys, queries]);
  return window === null ? later : a.op('Or', [later, a.op('Less', [keys, a.op('Sub', [queries, a.index(window - 1)])])]);
}
