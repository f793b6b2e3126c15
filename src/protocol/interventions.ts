/** What can be switched off, and what that changes. */
import type { AttentionPart, Predicts } from './models.ts';
import type { Candidate } from './prediction.ts';

/** What stands in place of what is switched off: nothing, or its mean over all positions of the run of the same tokens without interventions. */
export type Replacement = 'zero' | 'mean';

/** Something that is switched off. Tokens, queries and keys count in the window of the text (or the output) before any are left out. */
export type Intervention =
  /** What one head hands on (`hook_z`). */
  | { readonly kind: 'head'; readonly part: AttentionPart; readonly layer: number; readonly head: number; readonly by: Replacement }

  /** What a layer's attention adds to the residual stream. */
  | { readonly kind: 'attention'; readonly part: AttentionPart; readonly layer: number; readonly by: Replacement }
  /** What a layer's feed-forward part adds to the residual stream. */
  | { readonly kind: 'feedForward'; readonly part: FeedForwardPart; readonly layer: number; readonly by: Replacement }
  /** One neuron of a feed-forward part, after its activation (`mlp.hook_post`). */
  | { readonly kind: 'neuron'; readonly part: FeedForwardPart; readonly layer: number; readonly index: number; readonly by: Replacement }
  /** A token of the text is left out, and those after it move up. */
  | { readonly kind: 'token'; readonly token: number }
  /** One query does not look at one key; the weights of its other keys grow to 1 again, or stay what they are. */
  | { readonly kind: 'link'; readonly part: AttentionPart; readonly layer: number; readonly heads: readonly number[]; readonly query: number; readonly key: number; readonly renormalise: boolean }
  /** What is added to the embeddings for the positions of tokens. */
  | { readonly kind: 'positions'; readonly by: Replacement };

/** Where feed-forward parts are. */
export type FeedForwardPart = Exclude<AttentionPart, 'cross'>;

/** Which prediction is looked at, and by which tokens. */
export interface Aim {
  /** As in the question `next`. */
  readonly position: number;
  /** Token id; default: the likeliest before. */
  readonly target?: number;
  /** Token id that the target is held against. */
  readonly rival?: number;
}

export interface EffectAsk extends Aim {
  readonly interventions: readonly Intervention[];
  readonly top: number;
}

/** A candidate without and with the interventions. */
export interface Change {
  readonly before: Candidate;
  readonly after: Candidate;
}

export interface EffectAnswer {
  readonly predicts: Predicts;
  readonly target: Change;
  readonly rival: Change | null;
  /** Natural log-probability of the target, after − before. */
  readonly logProbability: number;
  /** Logit of the target − logit of the rival, after − before; null without a rival. */
  readonly logitDifference: number | null;
  /** D(before ‖ after) of the whole prediction, bits (Kullback & Leibler 1951). */
  readonly divergence: number;
  /** Likeliest after, and likeliest before: first is likeliest. */
  readonly top: readonly Change[];
  readonly topBefore: readonly Change[];
  /** Entropy of the whole prediction, bits. */
  readonly entropyBefore: number;
  readonly entropyAfter: number;
}

/** What is switched off one after another. */
export type SweepOver = 'heads' | 'parts' | 'tokens';

/** Change of the target's log-probability (nats) or of its logit's lead over the rival's, or divergence of the whole prediction (bits). */
export type SweepMeasure = 'logProbability' | 'logitDifference' | 'divergence';

export interface SweepAsk extends Aim {
  readonly over: SweepOver;
  /** Of one part of an encoder–decoder only; default: all. Not for tokens. */
  readonly part?: AttentionPart;
  readonly by: Replacement;
  /** Items of this answer: a page takes few at a time, and stops by asking no more. */
  readonly from: number;
  readonly to: number;
}

export interface SweepAnswer {
  /** All items there are: heads and parts layer by layer, tokens of the text as they come (up to `position`, where that is of the text). */
  readonly total: number;
  /** What was switched off, alone each time; the arrays below are `[item]` of these, and mean the same as in `EffectAnswer`. */
  readonly items: readonly Intervention[];
  readonly logProbability: Float32Array;
  readonly logitDifference: Float32Array | null;
  readonly divergence: Float32Array;
  /** Before anything is switched off. */
  readonly target: Candidate;
  readonly rival: Candidate | null;
}
