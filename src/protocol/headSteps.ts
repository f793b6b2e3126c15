/** One attention head, step by step. */
import type { AttentionPart } from './models.ts';

export interface HeadStepsAsk {
  readonly part: AttentionPart;
  readonly layer: number;
  readonly head: number;
  readonly query: number;
  /** Keys as they come in their sequence, or the one that the query looks at most first. */
  readonly order: 'text' | 'weight';
  /** So many keys are told, from that place of the order on. */
  readonly from: number;
  readonly count: number;
}

/** Vectors have `D` components, those of the head's width; arrays by key are of the keys that are told, in their order. */
export interface HeadStepsAnswer {
  /** Keys of the whole sequence, and how many of them the query may look at. */
  readonly keys: number;
  readonly visible: number;
  /** Components of a vector. */
  readonly width: number;
  /** Head of the keys and values that this head reads. */
  readonly keyHead: number;
  /** Whether queries and keys are turned by their position (rotary) before they are multiplied. */
  readonly turned: boolean;
  /** The query as it is multiplied, `[D]`; where it is turned, `q0` is what it was before. */
  readonly q: Float32Array;
  readonly q0: Float32Array | null;
  /** Which keys are told, `[key]`. */
  readonly told: Int32Array;
  /** As they are multiplied, and the values, `[key, D]`. */
  readonly k: Float32Array;
  readonly v: Float32Array;
  /** Factor on q·k: 1 ÷ √D in most models. */
  readonly scale: number;
  /** Bound that scores are squeezed under, c · tanh(score ÷ c), or null. */
  readonly softcap: number | null;
  /** q·k, `[key]`. */
  readonly products: Float32Array;
  /** What is added to the score for the distance, or by an experiment, `[key]`; null where nothing is. 0 on masked keys. */
  readonly added: Float32Array | null;
  /** As softmax reads them, `[key]`: −∞ where the query may not look. */
  readonly scores: Float32Array;
  /** Of all keys: the largest score, and Σ e^(score − largest), by which softmax divides. */
  readonly largest: number;
  readonly sum: number;
  /** Weights, `[key]`. */
  readonly pattern: Float32Array;
  /** Σ weight · value over all keys, `[D]`: what the head hands on. */
  readonly z: Float32Array;
}
