/** How a prediction changes when things are switched off: before and after. */
import type { Aim, Answer, Ask, Candidate, Change } from '../../protocol.ts';
import type { Model } from '../model.ts';
import type { Run } from '../run.ts';
import { Prediction } from './effectOf.ts';
import { klDivergence } from './fidelity.ts';
import { candidates, logProbabilities, rankOf } from './next.ts';
import { positionLogits } from './positionLogits.ts';

export async function effect(run: Run, { interventions, position, top, ...aim }: Ask<'effect'>): Promise<Answer<'effect'>> {
  const prediction = await Prediction.of(run, position);
  try {
    const { before } = prediction;
    const after = positionLogits(await prediction.after(interventions));
    const { model } = run.trace;
    const [was, is] = [before, after].map(({ logits }) => told(model, logits));
    const change = (id: number): Change => ({ before: was?.(id) ?? missing(), after: is?.(id) ?? missing() });
    const measured = measure(before.logits, after.logits, aimed(aim, before.order));
    return {
      predicts: model.info.predicts,
      target: change(measured.target),
      rival: aim.rival === undefined ? null : change(aim.rival),
      logProbability: measured.logProbability,
      logitDifference: measured.logitDifference,
      divergence: measured.divergence,
      top: [...after.order.subarray(0, top)].map(change),
      topBefore: [...before.order.subarray(0, top)].map(change),
      entropyBefore: entropyOf(before.logits),
      entropyAfter: entropyOf(after.logits),
    };
  } finally {
    await prediction.release();
  }
}

const missing = (): never => {
  throw new Error('a prediction has two sides');
};

/** A candidate by its id, given the logits of its position. */
export function told(model: Model, logits: Float32Array): (id: number) => Candidate {
  const candidate = candidates(logits, model);
  return (id) => candidate(id, rankOf(logits, id));
}

/** What a prediction is held against, the likeliest token where none is named. */
export const aimed = ({ target, rival }: Omit<Aim, 'position'>, order: Uint32Array): { readonly target: number; readonly rival?: number } => ({
  target: target ?? order[0] ?? 0,
  ...(rival === undefined ? {} : { rival }),
});

export interface Measured {
  readonly target: number;
  readonly logProbability: number;
  readonly logitDifference: number | null;
  readonly divergence: number;
}

/** After − before, from logits `[vocabulary]`. */
export function measure(before: Float32Array, after: Float32Array, { target, rival }: { readonly target: number; readonly rival?: number }): Measured {
  const logProbability = (logProbabilities(after)[target] ?? 0) - (logProbabilities(before)[target] ?? 0);
  const lead = (logits: Float32Array): number => (logits[target] ?? 0) - (logits[rival ?? target] ?? 0);
  return { target, logProbability, logitDifference: rival === undefined ? null : lead(after) - lead(before), divergence: klDivergence(before, after) };
}

/** Bits; a token that can never come has −∞ and adds nothing. */
function entropyOf(logits: Float32Array): number {
  return logProbabilities(logits).reduce((sum, log) => (log === -Infinity ? sum : sum - Math.exp(log) * log), 0) / Math.LN2;
}
