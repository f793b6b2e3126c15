import type { Token } from '../protocol.ts';
import type { AttentionViews } from './probes/attentionViews.ts';
import type { Trace } from './trace.ts';

/** A run that is held: what questions are asked about. */
export interface Run {
  readonly trace: Trace;
  readonly tokens: readonly Token[];
  readonly views: AttentionViews;
}
