/** The logit in question as it is asked of the shown run, and of the one with experiments. */
import type { AttributionAsk, RunId } from '../src/protocol.ts';
import { aimed } from './aim.ts';
import { afterRun, type After } from './experimentRun.ts';
import { headSequence } from './headTokens.ts';

export interface AskedLogit {
  readonly run: RunId;
  readonly ask: AttributionAsk;
}

/** Null while it is not known. */
export function logitBefore(): AskedLogit | null {
  const about = aimed.value;
  return about && { run: about.run, ask: { position: about.position, id: about.target.id, ...(about.rival ? { rival: about.rival.id } : {}) } };
}

/** The same logit with the experiments; null while that run is not there. */
export function logitAfter(): AskedLogit | null {
  const [before, after] = [logitBefore(), afterRun.value];
  return before && after && { run: after.info.run, ask: { ...before.ask, position: positionAfter(before.ask.position, after) } };
}

/** Tokens of the text before the position may have been left out; of an output none is. */
function positionAfter(position: number, { kept }: After): number {
  return headSequence.value === 'output' ? position : Math.max(0, kept.filter((token) => token <= position).length - 1);
}
