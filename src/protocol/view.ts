/** How a panel is looked at. */
import type { Measure, Sink } from './attention.ts';
import type { Intervention, Replacement, SweepMeasure, SweepOver } from './interventions.ts';
import type { AttentionPart } from './models.ts';
import type { Sampling } from './prediction.ts';
import type { HeadScores } from './runs.ts';
import type { Place } from './tokens.ts';
import type { PatchOver } from './twoTexts.ts';

/** What the middle of the page draws. `states` is a recurrent network's in place of attention's pictures. */
export type PictureName = 'graph' | 'map' | 'states' | 'influence' | 'lens' | 'sources' | 'paths' | 'sweep' | 'patching' | 'models' | 'head' | 'embeddings' | 'positions' | 'neurons' | 'way';

/** Something that is switched off, as the list of experiments has it. */
export interface Experiment {
  /** What the user calls it; null: what it is called by itself. */
  readonly name: string | null;
  /** One that is off stays in the list and changes nothing. */
  readonly on: boolean;
  readonly intervention: Intervention;
}

/** How a panel is looked at: everything the user chose. */
export interface ViewState {
  readonly picture: PictureName;
  readonly part: AttentionPart;
  readonly layer: number;
  /** Heads shown, ascending; empty means all. */
  readonly heads: readonly number[];
  readonly average: boolean;
  /** Links shown carry this share of each row: 5–100. */
  readonly percent: number;
  readonly sink: Sink;
  /** What links and cells stand for; a rollout is of all heads. */
  readonly measure: Measure;
  readonly unit: 'token' | 'word';
  readonly direction: 'from' | 'to';
  readonly layout: 'vertical' | 'horizontal';
  /** Zoom of the graph, pixels from token to token; 0 fits. */
  readonly spacing: number;
  readonly pinned: Place | null;
  readonly gridSort: 'layer' | keyof HeadScores;
  /** As it was typed, such as `induction > 0.6`; heads that pass are left. */
  readonly headFilter: string;
  /** Scores of heads are those on repeated random tokens instead of the text. */
  readonly repeatedTokens: boolean;
  readonly navigator: boolean;
  /** Candidates shown as bars. */
  readonly top: number;
  /** Each candidate alone, or with the pieces that complete its word. */
  readonly candidates: 'token' | 'word';
  /** How a token would be drawn; null while that is not looked at. */
  readonly sampling: Sampling | null;
  /** Where the numbers that draw begin: the same seed draws the same. */
  readonly seed: number;
  /** The token whose prediction is in question, and one it is held against, by id; null: the likeliest, and none. */
  readonly target: number | null;
  readonly rival: number | null;
  /** In the order they were made. Those that name tokens fall away with another text. */
  readonly experiments: readonly Experiment[];
  /** With experiments, pictures show the run without them, the one with them, or what they change. */
  readonly showing: 'before' | 'after' | 'difference';
  /** Tokens of the text are shaded by how surprising they are, in place of what they look at. */
  readonly surprisal: boolean;
  readonly sweepOver: SweepOver;
  /** What stands in place of what a sweep switches off. */
  readonly sweepBy: Replacement;
  /** Null: the logits' difference where there is a rival, else the log-probability. */
  readonly sweepMeasure: SweepMeasure | null;
  /** The text that is held against the shown one; null: the shown one itself. Falls away with another text. */
  readonly otherText: string | null;
  /** What of the shown text's run is put into the other's. */
  readonly patchOver: PatchOver;
}
