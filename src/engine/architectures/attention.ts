/** Multi-head attention. Shapes: `H` heads of queries, `K` of keys and values, `D` head width. Hook points and layouts are TransformerLens's. */
import type { Rotary } from '../rotary.ts';
import type { StageBuilder, Value } from '../onnx/stage.ts';

export interface AttentionShape {
  readonly heads: number;
  /** Heads of keys and values; `heads ÷ keyHeads` consecutive query heads share one (Ainslie et al. 2023). */
  readonly keyHeads: number;
  readonly headWidth: number;
  /** Factor on q·k. */
  readonly scale: number;
  /** Queries see themselves and back, the default; else everything, and nothing comes from an earlier run. */
  readonly causal?: boolean;
  /** So many keys a query sees at most, or all before it. */
  readonly window: number | null;
  /** How positions enter, or null where they are in the residual stream. */
  readonly rotary: Rotary | null;
  /** Bound that scores are squeezed under: c · tanh(score ÷ c). */
  readonly softcap?: number | null;
  /** Added to the scores, `[1, H, pos, key]`: relative positions. */
  readonly bias?: Value;
  /** Normalises each head of the queries and keys before they are turned. */
  readonly normalize?: (x: Value, of: 'q' | 'k', heads: number) => Value;
}

/** Hook points that a later run takes over: values, and keys as scores use them, so turned if they are. */
export function pastOf(layers: number, rotary: boolean, blocks = 'blocks'): string[] {
  return Array.from({ length: layers }, (_, layer) => [`${blocks}.${String(layer)}.attn.${rotary ? 'hook_rot_k' : 'hook_k'}`, `${blocks}.${String(layer)}.attn.hook_v`]).flat();
}

/**
 * Attention (Vaswani et al. 2017, section 3.2) from q `[1, pos, H·D]` and k, v `[1, pos, K·D]` to the
 * joined heads `[1, pos, H·D]`: softmax(q·kᵀ·scale + mask)·v. Keys and values of earlier positions come
 * in front as `{name}.past_k`, `{name}.past_v`. With rotary positions `hook_q` and `hook_k` are what
 * was projected, `hook_rot_q` and `hook_rot_k` what was normalised and turned.
 */
export function attention(g: StageBuilder, name: string, [q0, k0, v0]: readonly [Value, Value, Value], shape: AttentionShape): Value {
  const { heads: H, keyHeads: K, headWidth: D, rotary, causal = true, window, normalize = (x: Value) => x } = shape;
  const split = (x: Value, heads: number): Value => g.op('Reshape', [x, g.whole(1, -1, heads, D)]);
  const withPast = (x: Value, hook: string, past: string): Value => {
    if (!causal) return g.hook(`${name}.${hook}`, x, [1, 'key', K, D]);
    const before = g.input(`${name}.${past}`, [1, 'past', K, D], { from: 'past', hook: `${name}.${hook}` });
    return g.hook(`${name}.${hook}`, g.op('Concat', [before, x], { axis: { int: 1 } }), [1, 'key', K, D]);
  };
  const projectedQ = g.hook(`${name}.hook_q`, split(q0, H), [1, 'pos', H, D]);
  const v = withPast(split(v0, K), 'hook_v', 'past_v');
  const mask = g.input('attention_mask', [1, 1, 'pos', 'key'], { from: 'mask', causal, window });
  if (!rotary) return attend(g, name, [projectedQ, withPast(split(k0, K), 'hook_k', 'past_k'), v], 'key', mask, shape);

  const projectedK = g.hook(`${name}.hook_k`, split(k0, K), [1, 'pos', K, D]);
  const turn = turning(g, rotary, D);
  const q = g.hook(`${name}.hook_rot_q`, turn(normalize(projectedQ, 'q', H)), [1, 'pos', H, D]);
  return attend(g, name, [q, withPast(turn(normalize(projectedK, 'k', K)), 'hook_rot_k', 'past_k'), v], 'key', mask, shape);
}

/**
 * Scores, pattern and mixed values from q `[1, pos, H, D]` and k, v `[1, key, K, D]`, whose positions `keys`
 * counts. Where query heads share a key head, their queries are lined up against it, which spares repeating
 * keys and values. Without a mask every query sees all keys.
 */
export function attend(
  g: StageBuilder,
  name: string,
  [q, k, v]: readonly [Value, Value, Value],
  keys: 'key' | 'text',
  mask: Value | null,
  { heads: H, keyHeads: K, headWidth: D, scale, softcap = null, bias }: Pick<AttentionShape, 'heads' | 'keyHeads' | 'headWidth' | 'scale' | 'softcap' | 'bias'>,
): Value {
  const shared = H > K;
  // [1, H, pos, …] ⇄ [1, K, H/K · pos, …]
  const group = (x: Value, last: number): Value => (shared ? g.op('Reshape', [x, g.whole(1, K, -1, last)]) : x);
  const ungroup = (x: Value, last: number): Value => (shared ? g.op('Reshape', [x, g.whole(1, H, -1, last)]) : x);
  const KEYS = 0; // in a Reshape: as in its input
  g.scoring({ name, scale, softcap });

  // Scaling q is scaling q·k, with fewer multiplications.
  const scaledQ = g.op('Transpose', [g.op('Mul', [q, g.scalar(softcap === null ? scale : scale / softcap)])], { perm: { ints: [0, 2, 1, 3] } }); // [1, H, pos, D]
  const transposedK = g.op('Transpose', [k], { perm: { ints: [0, 2, 3, 1] } }); // [1, K, D, key]
  const products = ungroup(g.op('MatMul', [group(scaledQ, D), transposedK]), KEYS);
  const bounded = softcap === null ? products : g.op('Mul', [g.op('Tanh', [products]), g.scalar(softcap)]);
  const placed = bias === undefined ? bounded : g.op('Add', [bounded, bias]);
  const masked = mask === null ? placed : g.op('Add', [placed, mask]);
  const scores = g.hook(`${name}.hook_attn_scores`, g.op('Add', [masked, g.patch(`${name}.hook_attn_scores.add`, [1, H, 'pos', keys], 0)]), [1, H, 'pos', keys]);
  const pattern = g.scalable(`${name}.hook_pattern`, g.op('Softmax', [scores], { axis: { int: -1 } }), [1, H, 'pos', keys]);

  const transposedV = g.op('Transpose', [v], { perm: { ints: [0, 2, 1, 3] } }); // [1, K, key, D]
  const mixed = ungroup(g.op('MatMul', [group(pattern, KEYS), transposedV]), D); // [1, H, pos, D]
  const z = g.patchable(`${name}.hook_z`, g.op('Transpose', [mixed], { perm: { ints: [0, 2, 1, 3] } }), [1, 'pos', H, D]);
  return g.op('Reshape', [z, g.whole(1, -1, H * D)]);
}

/** A function that turns component `i` and component `pairs + i` of each head, `[1, pos, heads, D]`, by the angle of pair `i`. */
function turning(g: StageBuilder, rotary: Rotary, headWidth: number): (x: Value) => Value {
  const { pairs } = rotary;
  const cos = g.input('rotary_cos', [1, 'pos', 1, pairs], { from: 'rotary', rotary, part: 'cos' });
  const sin = g.input('rotary_sin', [1, 'pos', 1, pairs], { from: 'rotary', rotary, part: 'sin' });
  const slice = (x: Value, start: number, end: number): Value => g.op('Slice', [x, g.whole(start), g.whole(end), g.whole(-1)]);
  return (x) => {
    const first = slice(x, 0, pairs);
    const second = slice(x, pairs, 2 * pairs);
    const turned = [
      g.op('Sub', [g.op('Mul', [first, cos]), g.op('Mul', [second, sin])]),
      g.op('Add', [g.op('Mul', [second, cos]), g.op('Mul', [first, sin])]),
    ];
    const rest = 2 * pairs < headWidth ? [slice(x, 2 * pairs, headWidth)] : [];
    return g.op('Concat', [...turned, ...rest], { axis: { int: -1 } });
  };
}
