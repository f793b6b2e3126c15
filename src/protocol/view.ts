/** How a panel is looked at. */
import type { Sink } from './attention.ts';
import type { AttentionPart } from './models.ts';
import type { Sampling } from './prediction.ts';
import type { HeadScores } from './runs.ts';
import type { Place } from './tokens.ts';

/** How a panel is looked at: everything the user chose. */
export interface ViewState {
  /** `states` is a recurrent network's in place of attention's pictures. */
  readonly picture: 'graph' | 'map' | 'states' | 'influence';
  readonly part: AttentionPart;
  readonly layer: number;
  /** Heads shown, ascending; empty means all. */
  readonly heads: readonly number[];
  readonly average: boolean;
  /** Links shown carry this share of each row: 5–100. */
  readonly percent: number;
  readonly sink: Sink;
  readonly unit: 'token' | 'word';
  readonly direction: 'from' | 'to';
  readonly layout: 'vertical' | 'horizontal';
  /** Zoom of the graph, pixels from token to token; 0 fits. */
  readonly spacing: number;
  readonly pinned: Place | null;
  readonly gridSort: 'layer' | keyof HeadScores;
  readonly navigator: boolean;
  /** Candidates shown as bars. */
  readonly top: number;
  /** Each candidate alone, or with the pieces that complete its word. */
  readonly candidates: 'token' | 'word';
  /** How a token would be drawn; null while that is not looked at. */
  readonly sampling: Sampling | null;
  /** Where the numbers that draw begin: the same seed draws the same. */
  readonly seed: number;
}
