/** What the picture of the lens is made from. */
import type { LensColumn } from '../lens.ts';
import type { UnitLabel } from './labels.ts';
import type { LensCellPlace } from './lensLayout.ts';

export interface LensData {
  readonly labels: readonly UnitLabel[];
  /** After which layer each row is read, ascending; −1 is the embedding. */
  readonly layers: readonly number[];
  /** By position. */
  readonly columns: ReadonlyMap<number, LensColumn>;
  /** Without experiments, where what they change is to be marked. */
  readonly before: ReadonlyMap<number, LensColumn> | null;
  readonly shade: 'probability' | 'divergence';
  /** Whose prediction is in question. */
  readonly position: number;
  readonly focus: number | null;
  /** Under the pointer or the keyboard's focus. */
  readonly cell: LensCellPlace | null;
  readonly followed: readonly FollowedToken[];
}

/** One token at the position in question, `[row]`. */
export interface FollowedToken {
  readonly text: string;
  readonly rank: Uint32Array;
  readonly logProbability: Float32Array;
}

/** The largest divergence that is known, for the scale; never finer than a bit. */
export function mostDivergence(columns: ReadonlyMap<number, LensColumn>): number {
  let most = 1;
  for (const { divergence } of columns.values()) for (const bits of divergence) if (bits > most) most = bits;
  return most;
}
