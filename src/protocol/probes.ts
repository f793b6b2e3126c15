/** Probes: an experiment that is kept in a file, and what has become of it. */
import type { ModelKind, Precision } from './models.ts';
import type { Trouble } from './page.ts';
import type { Experiment, ViewState } from './view.ts';

/** How a probe is looked at: only what differs from the first view. */
export type ProbeView = Partial<Omit<ViewState, 'target' | 'rival' | 'experiments'>>;

/** A token of the vocabulary that the model predicts. */
export interface ProbeToken {
  readonly id: number;
  /** As it was when the probe was saved: ids alone say nothing to a reader. */
  readonly text: string;
}

/** What a `*.probe.json` file holds. */
export interface Probe {
  readonly model: {
    readonly name: string;
    readonly kind: ModelKind;
    readonly precision: Precision;
    /** What the model's files were known by (`EngineApi.fingerprint`). */
    readonly fingerprint: string;
  };
  readonly text: string;
  /** Code of the target language, for models that translate. */
  readonly language?: string;
  /** First token of the window; absent: 0. */
  readonly windowStart?: number;
  readonly experiments: readonly Experiment[];
  /** Which prediction; null for a model that predicts nothing. */
  readonly aim: { readonly position: number; readonly target: ProbeToken | null; readonly rival: ProbeToken | null } | null;
  readonly view: ProbeView;
  /** What came of it when it was saved; null where nothing could be computed. */
  readonly result: ProbeResult | null;
}

/** Natural log-probabilities and bits, rounded to four places. */
export interface ProbeResult {
  readonly target: TokenResult;
  readonly rival: TokenResult | null;
  /** D(before ‖ after) of the whole prediction, bits. */
  readonly divergence: number;
  /** The likeliest tokens without the experiments, and with those that are on. */
  readonly before: readonly LikelyToken[];
  readonly after: readonly LikelyToken[];
}

export interface TokenResult extends ProbeToken {
  readonly before: number;
  readonly after: number;
}

export interface LikelyToken {
  readonly text: string;
  readonly logProbability: number;
}

/** Something that is not as it was when the probe was saved. */
export type ProbeDifference =
  | { readonly what: 'fingerprint' | 'kind' | 'precision'; readonly saved: string; readonly now: string }
  /** The id stands for another token. */
  | { readonly what: 'token'; readonly of: 'target' | 'rival'; readonly saved: string; readonly now: string }
  | { readonly what: 'likeliest'; readonly when: 'before' | 'after'; readonly saved: string; readonly now: string }
  | { readonly what: 'logProbability'; readonly of: 'target' | 'rival'; readonly when: 'before' | 'after'; readonly token: string; readonly saved: number; readonly now: number }
  | { readonly what: 'divergence'; readonly saved: number; readonly now: number };

/** A probe as its page shows it. */
export interface ShownProbe {
  /** Grows with each change that the page is told: what the page says of an older one is no longer true. */
  readonly version: number;
  /** Name of the file. */
  readonly file: string;
  /** The file cannot be read: what is shown is the last of it that could. */
  readonly trouble: Trouble | null;
  /** Null while it is being run again; empty: nothing differs. */
  readonly differences: readonly ProbeDifference[] | null;
}

/** How the page of a probe is to look at it: what is left out is as in the first view. */
export interface ProbeLook extends ProbeView {
  readonly target: number | null;
  readonly rival: number | null;
  readonly experiments: readonly Experiment[];
  /** Which prediction; null: the one that a page looks at by itself. */
  readonly position: number | null;
}

export type ProbeHostMessage = { readonly type: 'probe'; readonly shown: ShownProbe; readonly look: ProbeLook | null };

export type ProbePageMessage =
  /** How a run is looked at, and the position whose prediction is in question: what a probe of it would say. */
  | { readonly type: 'looked'; readonly version: number; readonly view: ViewState; readonly differs: readonly string[]; readonly position: number | null }
  /** Keep what is shown as a file; take what it gives now for what it gave; open the file as text. */
  | { readonly type: 'probe'; readonly action: 'save' | 'accept' | 'text' };
