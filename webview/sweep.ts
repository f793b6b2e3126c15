/** A sweep: things switched off one at a time. */
import type { ReadonlySignal } from '@preact/signals';
import type { Answer, Ask, Candidate, Intervention, RunId } from '../src/protocol.ts';
import type { Pending } from './bridge.ts';
import { inPortions, notBegun, stateAfter, type Portioned, type Progress } from './portions.ts';

export type SweepOf = Omit<Ask<'sweep'>, 'from' | 'to'>;

export interface SweepWanted {
  readonly run: RunId;
  readonly ask: SweepOf;
}

/** What is known of one sweep; arrays are `[item]`, as in the answer. */
export interface Sweep extends SweepWanted, Progress {
  readonly items: readonly Intervention[];
  readonly logProbability: readonly number[];
  /** Null without a rival. */
  readonly logitDifference: readonly number[] | null;
  readonly divergence: readonly number[];
  readonly target: Candidate | null;
  readonly rival: Candidate | null;
}

export type Sweeping = Portioned<Sweep>;

export function sweepOf(wants: ReadonlySignal<SweepWanted | null>, put: (run: RunId, question: 'sweep', ask: Ask<'sweep'>) => Pending<'sweep'>): Sweeping {
  return inPortions<SweepWanted, Sweep, Answer<'sweep'>>({
    wants,
    begin: (wanted) => ({ ...wanted, ...notBegun, items: [], logProbability: [], logitDifference: null, divergence: [], target: null, rival: null }),
    ask: ({ run, ask }, from, to) => put(run, 'sweep', { ...ask, from, to }),
    countOf: ({ items }) => items.length,
    withAnswer,
  });
}

function withAnswer(about: Sweep, { total, items, logProbability, logitDifference, divergence, target, rival }: Answer<'sweep'>): Sweep {
  const all = [...about.items, ...items];
  return {
    ...about,
    state: stateAfter(all.length, items.length, total),
    total,
    items: all,
    logProbability: [...about.logProbability, ...logProbability],
    logitDifference: logitDifference && [...(about.logitDifference ?? []), ...logitDifference],
    divergence: [...about.divergence, ...divergence],
    target,
    rival,
  };
}
