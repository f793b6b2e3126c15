/** Questions about the vectors of tokens and positions, and about what a token's vector goes through. */
import type { AttentionPart } from './models.ts';
import type { EmbeddedToken } from './inside.ts';

export interface ProjectionAsk {
  /** A token of the text's vocabulary whose neighbours are shown too; null: only the tokens of the text. */
  readonly id: number | null;
  readonly neighbours: number;
}

/** Embeddings as points of the plane on which they differ most (principal components). */
export interface ProjectionAnswer {
  /** Components of an embedding. */
  readonly width: number;
  /** Share of the variance of these embeddings that each of the two directions holds. */
  readonly variance: readonly [number, number];
  /** Each token of the text once, in the order they first occur; then the neighbours that are not in it, closest first. */
  readonly points: readonly ProjectedToken[];
}

export interface ProjectedToken extends EmbeddedToken {
  readonly x: number;
  readonly y: number;
  readonly inText: boolean;
  /** Cosine with the chosen token's embedding; null without one. */
  readonly cosine: number | null;
}

export interface PositionsAsk {
  /** Whose positions: those of the decoder of an encoder–decoder differ from its encoder's. */
  readonly part: AttentionPart;
  /** Where positions enter in each layer, which one. */
  readonly layer: number;
  /** Positions from the first on. */
  readonly count: number;
}

/**
 * How a model tells positions apart. `learned` and `sinusoidal`: a vector each, added to the embeddings. `rotary`: the
 * angles by which pairs of components of queries and keys are turned. `relative`: a bias on scores by distance.
 */
export type PositionsAnswer =
  | PositionVectors
  | {
      readonly kind: 'relative';
      readonly heads: number;
      /** Key − query: from −(count − 1) on; up to 0 where queries look back only. */
      readonly first: number;
      readonly distances: number;
      /** `[head, distance]`, what is added to the score. */
      readonly bias: Float32Array;
      readonly largest: number;
    };

export interface PositionVectors {
  readonly kind: 'learned' | 'sinusoidal' | 'rotary';
  /** Positions that are told. */
  readonly count: number;
  /** Components of a vector; of rotary positions the cosines of all pairs, then their sines. */
  readonly width: number;
  /** `[position, component]`, in thousandths of the largest absolute value. */
  readonly values: Int16Array;
  readonly largest: number;
  /** Cosine of the angle between the vectors of two positions, in thousandths, `[position, position]`. */
  readonly similarity: Int16Array;
  /** Rotary: radians by which each pair is turned from one position to the next; else null. */
  readonly frequencies: Float32Array | null;
}

export interface WayAsk {
  readonly part: AttentionPart;
  readonly position: number;
}

/** What happens to the vector of one token from layer to layer. Lengths are Euclidean. */
export interface WayAnswer {
  /** Components of the residual stream. */
  readonly width: number;
  readonly layers: readonly WayLayer[];
  /** Length after the last layer. */
  readonly end: number;
}

export interface WayLayer {
  /** Length of the stream that the layer is given. */
  readonly before: number;
  /** What the layer's parts add, in the order they are computed. */
  readonly parts: readonly WayPart[];
  /** Cosine of the stream after the layer with the one before. */
  readonly kept: number;
}

export interface WayPart {
  readonly part: 'attention' | 'cross' | 'feedForward';
  readonly length: number;
  /** Cosine with the stream that the layer is given. */
  readonly cosine: number;
}
