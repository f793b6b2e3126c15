/** Questions about what a model predicts. */
import type { Predicts } from './models.ts';

export interface NextAsk {
  readonly position: number;
  readonly top: number;
  /** How a token would be drawn; absent: from the softmax as it is. */
  readonly sampling?: Sampling;
  /** A number of 0 up to 1 that draws a token: the one in whose part of the kept probability it falls, likeliest first. */
  readonly draw?: number;
  /** Tokens that are told of whatever their rank, by id. */
  readonly also?: readonly number[];
}

/** What is done to the scores before a token is drawn, in this order. */
export interface Sampling {
  /** Scores are divided by it. */
  readonly temperature: number;
  /** So many tokens are kept; 0 keeps all. */
  readonly topK: number;
  /** The fewest tokens that carry this share are kept (nucleus sampling, Holtzman et al. 2020); 1 keeps all. */
  readonly topP: number;
  /** Tokens of at least this share of the likeliest one's probability are kept; 0 keeps all. */
  readonly minP: number;
}

export interface NextAnswer {
  readonly position: number;
  /** After the position, or in its place. */
  readonly predicts: Predicts;
  /** Likeliest first. */
  readonly top: readonly Candidate[];
  /** Probability that lies outside `top`. */
  readonly rest: number;
  /** Entropy of the whole distribution, bits. */
  readonly entropy: number;
  /** The token that is really there in the text, where one is. */
  readonly actual?: Candidate;
  /** Those asked for by id, in that order. */
  readonly also?: readonly Candidate[];
  /** What sampling leaves, where it was asked for. */
  readonly sampled?: Sampled;
}

export interface Sampled {
  /** Probability of the top candidates at the temperature, before any is left out, `[candidate]`. */
  readonly tempered: Float32Array;
  /** Probability with which they are drawn, 0 for one that is left out, `[candidate]`. */
  readonly drawn: Float32Array;
  /** Which rule leaves them out, `[candidate]`. */
  readonly rule: readonly (SamplingRule | null)[];
  /** Tokens that are kept. */
  readonly kept: number;
  /** What each rule leaves out, at the temperature: tokens of the vocabulary and their share of the probability. */
  readonly excluded: Readonly<Record<SamplingRule, { readonly tokens: number; readonly share: number }>>;
  /** The token that was drawn, its probability, and where its part begins. */
  readonly choice?: { readonly candidate: Candidate; readonly probability: number; readonly from: number };
}

export type SamplingRule = 'topK' | 'topP' | 'minP';

export interface WordCandidate {
  /** The candidate and what follows it. */
  readonly ids: readonly number[];
  /** What they spell, exactly. */
  readonly text: string;
  /** Natural logarithm of the probability of all of them. */
  readonly logProbability: number;
  /** Whether the word has come to its end, as far as it was followed. */
  readonly complete: boolean;
}

/** Of the tokens `from` up to `to`. */
export interface SurprisalAnswer {
  /** −log₂ of the probability of each token, bits, `[token]`; NaN for the text's first token, before which there is nothing. */
  readonly bits: Float32Array;
  /** Its rank among all tokens, 1 is the likeliest, `[token]`; 0 for the first token. */
  readonly rank: Uint32Array;
}

export interface InfluenceAnswer {
  /** Kullback–Leibler divergence of the prediction without the token from that with it, bits, `[token]` as asked. */
  readonly divergence: Float32Array;
  /** Log₂-probability that the likeliest next token loses when the token is left out, bits, `[token]` as asked. */
  readonly loss: Float32Array;
  /** The likeliest next token of the whole text. */
  readonly likeliest: Candidate;
}

export interface SpelledToken {
  readonly id: number;
  readonly text: string;
}

export interface Candidate {
  readonly id: number;
  /** The token as text, exactly (may be blank, a part of a character shows as U+FFFD). */
  readonly text: string;
  readonly logit: number;
  /** Natural logarithm of the full-vocabulary softmax. */
  readonly logProbability: number;
  /** 1 is the likeliest. */
  readonly rank: number;
  /** It stands for no text: the end of a text, a padding, a mask. */
  readonly special: boolean;
}

/** 8-bit beside float32 on the same tokens. What a model does not have (patterns, predictions) is null. */
export interface FidelityAnswer {
  /** Positions that were compared. */
  readonly positions: number;
  /** Share of positions where the likeliest token is the same. */
  readonly top1: number | null;
  /** Largest absolute difference of a weight in any pattern. */
  readonly patternError: number | null;
  /** Largest absolute difference of a logit. */
  readonly logitError: number | null;
  /** Mean Kullback–Leibler divergence of the 8-bit prediction from that in float32, bits. */
  readonly klMean: number | null;
}
