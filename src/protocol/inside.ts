/** Questions about what is inside a model: states, layers, neurons, embeddings. */
import type { AttentionPart, Predicts } from './models.ts';
import type { Candidate } from './prediction.ts';

export interface StatesAnswer {
  /** Units of the whole state. */
  readonly width: number;
  /** Which units are here, the one that changes most first (mean of |h_t − h_{t−1}|), `[unit]`. */
  readonly units: Uint16Array;
  /** `[token, unit]`, in thousandths of the largest absolute value of the whole state: −1000…1000. */
  readonly values: Int16Array;
  readonly largest: number;
}

export interface LensAsk {
  /** Of an encoder–decoder: whose residual stream is read, the decoder's where this is left out. */
  readonly part?: Exclude<AttentionPart, 'cross'>;
  /** Of the text for an encoder, of the output for the decoder of an encoder–decoder. */
  readonly positions: readonly number[];
  /** Candidates in each cell. */
  readonly top: number;
  /** A token whose place is told of each cell. */
  readonly id?: number;
}

/** Cells are row by row: `[layer, position]`, layers in the order of `layers`, positions as they were asked. */
export interface LensAnswer {
  readonly predicts: Predicts;
  /** After which layer each row is read; −1 is the embedding. */
  readonly layers: readonly number[];
  /** Likeliest first. */
  readonly top: readonly (readonly Candidate[])[];
  /** Kullback–Leibler divergence of the cell's distribution from that of the last layer, bits. */
  readonly divergence: Float32Array;
  /** The chosen token. */
  readonly followed?: {
    readonly id: number;
    readonly text: string;
    /** Natural logarithm. */
    readonly logProbability: Float32Array;
    /** 1 is the likeliest. */
    readonly rank: Uint32Array;
  };
}

export interface AttributionAsk {
  readonly position: number;
  readonly id: number;
  /** Its logit is taken away. */
  readonly rival?: number;
}

/** What a part adds to the logit, or to the difference. */
export type LogitShare =
  /** The token's embedding, and that of its position where it has one. */
  | { readonly part: 'embedding' | 'position'; readonly value: number }

  | { readonly part: 'head'; readonly layer: number; readonly head: number; readonly value: number }
  /** `attentionBias`: the bias behind the heads, which no head has alone. */
  | { readonly part: 'attentionBias' | 'feedForward'; readonly layer: number; readonly value: number }
  /** Means that stand in place of what experiments have switched off: of a layer's heads or whole parts, and of the position. */
  | { readonly part: 'layerMean'; readonly layer: number; readonly value: number }
  | { readonly part: 'positionMean'; readonly value: number }
  /** The bias of the last norm, and that of the head. */
  | { readonly part: 'normBias' | 'unembeddingBias'; readonly value: number };

export interface AttributionAnswer {
  readonly target: Candidate;
  readonly rival?: Candidate;
  /** The target's logit less the rival's, before logits are squeezed under a bound where the model does that (Gemma 2). */
  readonly logit: number;
  /** In the order they are computed. */
  readonly shares: readonly LogitShare[];
  /** `logit` less the sum of the shares: rounding, and with 8-bit weights what they differ. */
  readonly remainder: number;
}

export interface SourcesAnswer {
  /** The head's share. */
  readonly value: number;
  /** `[token]`; together, `value`. */
  readonly shares: Float32Array;
  /** `value` less the sum of the shares. */
  readonly remainder: number;
}

export interface NeuronsAsk {
  readonly layer: number;
  readonly position: number;
  /** How many neurons, and how many tokens of each. */
  readonly top: number;
  readonly tokens: number;
}

export interface NeuronsAnswer {
  /** Neurons of the layer. */
  readonly count: number;
  /** The largest activation first, whatever its sign. */
  readonly neurons: readonly NeuronAnswer[];
}

export interface NeuronAnswer {
  readonly neuron: number;
  readonly activation: number;
  /** To whose logits it adds most here, and from whose it takes most. */
  readonly promotes: readonly PushedToken[];
  readonly suppresses: readonly PushedToken[];
}

export interface PushedToken {
  readonly id: number;
  readonly text: string;
  /** What the neuron adds to its logit at this position, directly. */
  readonly logit: number;
}

export interface NeighboursAnswer extends EmbeddedToken {
  /** Closest first, the token itself not among them. */
  readonly neighbours: readonly (EmbeddedToken & { readonly cosine: number })[];
}

export interface EmbeddedToken {
  readonly id: number;
  readonly text: string;
  /** Euclidean length of its embedding, as it is stored. */
  readonly length: number;
}

export interface StageInfo {
  readonly name: string;
  readonly hooks: readonly { readonly name: string; readonly shape: readonly number[] }[];
}

export interface CapturedTensor {
  /** TransformerLens's name of the hook point. */
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array;
}
