/** Questions about attention: whose it is, and slices of it. */
import type { AttentionPart } from './models.ts';
import type { RunId } from './runs.ts';

/** The first token draws most of the attention in most heads: shown, drawn faintly, or taken out and the rest renormalised. */
export type Sink = 'show' | 'dim' | 'remove';

/**
 * What a link's weight is. `weight`: attention. `valueNorm`: attention times the length of the value it hands on, each
 * row scaled to sum to 1 (after Kobayashi et al. 2020, whose vectors have gone through the output matrix as well).
 * `rollout`: attention followed back through all layers up to this one, the mean of all heads, half of each layer being
 * what the residual stream carries past it (Abnar & Zuidema 2020): one pattern, whatever heads are asked for.
 */
export type Measure = 'weight' | 'valueNorm' | 'rollout';

/** Whose attention: one layer of a part, some of its heads. */
export interface AttentionOf {
  readonly part: AttentionPart;
  readonly layer: number;
  /** Non-empty, ascending. */
  readonly heads: readonly number[];
  /** Average the heads into one pattern. */
  readonly average: boolean;
  /** Only `remove` changes numbers; `dim` is drawing. */
  readonly sink: Sink;
  /** Words: weights to a word's pieces add up, rows of a word's pieces are averaged. */
  readonly unit: 'token' | 'word';
  /** Default: `weight`. */
  readonly measure?: Measure;
}

export interface LinksAnswer {
  /** Links in parallel arrays, `[link]`; `head` counts in the asked-for heads (0 when averaged). */
  readonly query: Uint16Array;
  readonly key: Uint16Array;
  readonly head: Uint8Array;
  readonly weight: Float32Array;
  /** Links with any weight that are not among these, and the share of all attention that they carry. */
  readonly hidden: number;
  readonly hiddenShare: number;
  /** Mean share of each row on the first token, before any removal, `[unit]`. */
  readonly sinkShare: Float32Array;
}

export interface FocusAnswer {
  /** `[head, unit]` weights over the units of the other axis, head counted in the asked-for heads; one row when averaged. */
  readonly weights: Float32Array;
  /** `[head, unit]` 1 where the link is among the fewest that carry `percent` of its query's row. */
  readonly kept: Uint8Array;
  /** Share of this unit's row on the first token, before any removal, `[head]`; 0 where the unit is a key of another sequence. */
  readonly sinkShare: Float32Array;
}

export interface PatternAnswer {
  /** Units on each axis. */
  readonly queries: number;
  readonly keys: number;
  /** `[query, key]`, `round(255 · √weight)`. */
  readonly weights: Uint8Array;
  /** Mean share of a row on the first token, before any removal. */
  readonly sinkShare: number;
}

export interface DifferenceAsk extends AttentionOf {
  /** A run of the same tokens, or of those that an experiment leaves of them. */
  readonly against: RunId;
  /** Links told of carry this share of what changes in their row, `limit` of them at most. */
  readonly percent: number;
  readonly limit: number;
}

/** After − before, between the units of the run that is asked; what the other run leaves out cannot be compared. */
export interface DifferenceAnswer {
  /** Units on each axis. */
  readonly queries: number;
  readonly keys: number;
  /** `[query, key]`, mean over the heads: `round(127 · √|change|)` with the sign of the change; −128 where nothing can be compared. */
  readonly changes: Int8Array;
  /** Links that change most, in parallel arrays, the largest change first; `head` as in `LinksAnswer`. */
  readonly query: Uint16Array;
  readonly key: Uint16Array;
  readonly head: Uint8Array;
  /** Signed change of the weight, −1…1. */
  readonly change: Float32Array;
  /** Links that change and are not among these, and the share of all that changes which they have. */
  readonly hidden: number;
  readonly hiddenShare: number;
}

export interface HeadChangesAsk {
  readonly part: AttentionPart;
  /** As in `DifferenceAsk`. */
  readonly against: RunId;
  /** Layers of this answer, the end excluded: a page takes few at a time. */
  readonly from: number;
  readonly to: number;
}

export interface HeadChangesAnswer {
  /** Layers there are. */
  readonly total: number;
  /** `[layer, head]` of those that were asked for, from `from` on. */
  readonly layers: readonly (readonly HeadChange[])[];
}

/** How the pattern of one head changes, after − before, at a glance. */
export interface HeadChange {
  /**
   * `[rows, columns]`, rows are queries of the run that is asked; each cell is the change in it that is largest in size, as in
   * `DifferenceAnswer.changes`.
   */
  readonly thumbnail: Int8Array;
  readonly rows: number;
  readonly columns: number;
  /** Half of all that changes in a row, mean over the rows that both runs have: where rows sum to 1 the share of attention that moves. */
  readonly moved: number;
}
