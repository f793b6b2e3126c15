/**
 * Two runs of one model on two texts, the clean one and the corrupted one: what they have in common, and what of the
 * clean run brings its answer back in the corrupted one (activation patching: Meng et al. 2022, Wang et al. 2022).
 */
import type { Aim } from './interventions.ts';
import type { AttentionPart } from './models.ts';
import type { Candidate } from './prediction.ts';
import type { HeadScores, RunId } from './runs.ts';

/** Tokens that stand for each other, in parallel arrays, `[pair]`, ascending in both texts. */
export interface TokenPairs {
  readonly clean: Uint16Array;
  readonly corrupted: Uint16Array;
  /** 1 where both are the same token, 0 where one stands in the other's place. */
  readonly same: Uint8Array;
}

/** Put to the clean run. */
export interface AlignmentAsk {
  readonly corrupted: RunId;
  /** As in the question `next`, of the clean run. */
  readonly position: number;
  /** Candidates of each run. */
  readonly top: number;
}

export interface AlignmentAnswer {
  /** Of the text, all of it. */
  readonly pairs: TokenPairs;
  /** The position of the corrupted run that stands for the one asked about. */
  readonly corruptedPosition: number;
  /** Likeliest first; of an encoder–decoder both after the clean run's output. */
  readonly clean: readonly Candidate[];
  readonly corrupted: readonly Candidate[];
}

/** What is taken over from the clean run: TransformerLens's hook points of a layer at one position, or one head's result at all of them. */
export type PatchOver = 'resid_pre' | 'attn_out' | 'mlp_out' | 'z';

/** Put to the clean run, whose prediction is looked at. */
export interface PatchAsk extends Aim {
  readonly corrupted: RunId;
  readonly over: PatchOver;
  /** Of one part of an encoder–decoder only; default: all that have it. */
  readonly part?: AttentionPart;
  /** Sites of this answer: a page takes few at a time, and stops by asking no more. */
  readonly from: number;
  readonly to: number;
}

/** Where the corrupted run is given what the clean one had. */
export type PatchSite =
  /** A position of the clean run that has a partner; of the output in the decoder of an encoder–decoder. */
  | { readonly kind: 'position'; readonly part: AttentionPart; readonly layer: number; readonly position: number }

  | { readonly kind: 'head'; readonly part: AttentionPart; readonly layer: number; readonly head: number };

/** What is measured of a prediction. */
export interface PatchMeasure {
  /** Natural, of the target. */
  readonly logProbability: number;
  /** Logit of the target − logit of the rival; null without a rival. */
  readonly logitDifference: number | null;
}

export interface PatchAnswer {
  /** All sites there are: layer by layer of each part, positions or heads as they come. */
  readonly total: number;
  readonly sites: readonly PatchSite[];
  /** Of the corrupted run with one site patched, `[site]`. */
  readonly logProbability: Float32Array;
  readonly logitDifference: Float32Array | null;
  /**
   * (patched − corrupted) ÷ (clean − corrupted) of the logit difference, without a rival of the log-probability: 0 where
   * nothing came back, 1 where all did, `[site]`. NaN where both runs measure the same.
   */
  readonly restored: Float32Array;
  readonly clean: PatchMeasure;
  readonly corrupted: PatchMeasure;
  /** In the clean run. */
  readonly target: Candidate;
  readonly rival: Candidate | null;
}

/** The standard test of induction heads: random tokens, several times the same row of them (Olsson et al. 2022). */
export interface RepeatedAsk {
  /** The same seed draws the same tokens. */
  readonly seed: number;
  /** Tokens of the row, and how often it comes. */
  readonly length: number;
  readonly repeats: number;
}

export interface RepeatedAnswer {
  /** The tokens that were run: those that a tokenizer puts around a text, and the row between them. */
  readonly ids: readonly number[];
  /** Of the attention of the text to itself, layer by layer, `[layer][head]`. */
  readonly part: AttentionPart;
  readonly layers: readonly (readonly HeadScores[])[];
}
