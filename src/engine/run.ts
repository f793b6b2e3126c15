import type { Sequence, Token } from '../protocol.ts';
import type { AttentionViews } from './probes/attentionViews.ts';
import type { HeldLogits } from './probes/positionLogits.ts';
import type { Trace } from './trace.ts';

/** The tokens of a run's sequences. */
export type RunTokens = Readonly<Record<Sequence, readonly Token[]>>;

/** A run that is held: what questions are asked about. While a decoder writes, each step is a run of its own. */
export interface Run {
  readonly trace: Trace;
  readonly tokens: RunTokens;
  readonly views: AttentionViews;
  readonly logits: HeldLogits;
  /** Where the tokens of its text were among all, before some were left out; absent where none was. */
  readonly kept?: readonly number[];
}
