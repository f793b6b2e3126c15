/** Runs: one model on one text, and what is told of it as it goes. */
import type { Intervention } from './interventions.ts';
import type { AttentionPart, ModelInfo, ModelSource } from './models.ts';
import type { Problem } from './problems.ts';
import type { Token, Window } from './tokens.ts';

/** One run of one model on one text; given out by the host's engine client. */
export type RunId = number;

export interface RunRequest {
  readonly model: ModelSource;
  readonly text: string;
  /** Token ids instead of text (command line); `text` is then ignored. */
  readonly ids?: readonly number[];
  /** Every hook point is wanted (for an export): fetch them in the same pass. */
  readonly capture?: boolean;
  /** Only predictions will be asked about: nothing is told of layers, and patterns are computed when asked for. */
  readonly predictionsOnly?: boolean;
  /** First token of the window when the text holds more than the model can see. Default 0. */
  readonly windowStart?: number;
  /** Codes of target languages, the one wanted most first: the first one that the model knows is put in front of the text. */
  readonly targets?: readonly string[];
  /** Encoder–decoder: the decoder's input instead of what it would write itself, start token included. */
  readonly outputIds?: readonly number[];
  /** What is switched off, all of it at once. The tokens of the run are those that are not left out. */
  readonly interventions?: readonly Intervention[];
}

export interface RunInfo {
  readonly run: RunId;
  readonly model: ModelInfo;
  /** The tokens of the window; every index in questions and answers refers to this list, or to the output's. */
  readonly tokens: readonly Token[];
  readonly window: Window;
  /** The target language's code in front of the text, put there or written in it; null where there is none. */
  readonly target: string | null;
}

/** What happened to a run, in this order: started, then layers, states and output as they come, then finished or failed. */
export type RunEvent =
  | { readonly type: 'started'; readonly run: RunId; readonly info: RunInfo }

  | { readonly type: 'layer'; readonly run: RunId; readonly summary: LayerSummary }
  | { readonly type: 'state'; readonly run: RunId; readonly summary: StateSummary }
  /** All that the decoder has written so far; ranges are in the text they spell. Questions see the same. */
  | { readonly type: 'output'; readonly run: RunId; readonly tokens: readonly Token[]; readonly complete: boolean }
  | { readonly type: 'finished'; readonly run: RunId; readonly milliseconds: number }
  | { readonly type: 'failed'; readonly run: RunId; readonly problem: Problem };

/** One layer at a glance: what the head grid shows. */
export interface LayerSummary {
  readonly part: AttentionPart;
  readonly layer: number;
  readonly heads: readonly HeadSummary[];
}

export interface HeadSummary {
  /**
   * `[rows, columns]` thumbnail of the pattern, rows are queries; each cell is the largest weight in it,
   * written as `round(255 · √weight)`.
   */
  readonly thumbnail: Uint8Array;
  readonly rows: number;
  readonly columns: number;
  readonly scores: HeadScores;
}

/** One layer of a recurrent network at a glance. */
export interface StateSummary {
  readonly layer: number;
  /** How much each token moved the state, `‖h_t − h_{t−1}‖ ÷ √units`, from a state of zeros: `[token]`. */
  readonly change: Float32Array;
}

/** Means over all queries that have more than one key to choose from, where nothing else is said; places are compared for self-attention only, else they are 0. */
export interface HeadScores {
  /** Shannon entropy of the row in bits ÷ log2(number of keys it may see): 0 one key, 1 uniform. */
  readonly entropy: number;
  /** Share of attention on the first token. */
  readonly first: number;
  /** Share on the token just before. */
  readonly previous: number;
  /** Share on the token itself. */
  readonly self: number;
  /** Share on other occurrences of the same token id. */
  readonly same: number;
  /**
   * Share on tokens that came just after an earlier occurrence of the query's token (induction: Olsson et al. 2022), mean
   * over the queries whose token came before, at least two tokens ago; NaN where there is none.
   */
  readonly induction: number;
  /** Share on tokens that are nothing but punctuation. */
  readonly punctuation: number;
  /** Mean distance from query to key in tokens, weighted by attention. */
  readonly distance: number;
}
