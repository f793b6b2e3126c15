/** A patching of two runs: what one has put into the other, one site at a time. */
import type { ReadonlySignal } from '@preact/signals';
import type { Answer, Ask, Candidate, PatchMeasure, PatchSite, RunId } from '../src/protocol.ts';
import type { Pending } from './bridge.ts';
import { inPortions, notBegun, stateAfter, type Portioned, type Progress } from './portions.ts';

export interface PatchingWanted {
  readonly run: RunId;
  readonly ask: Omit<Ask<'patch'>, 'from' | 'to'>;
}

/** A site and what came of it; numbers as in the answer. */
export interface PatchedSite {
  readonly site: PatchSite;
  readonly restored: number;
  readonly logProbability: number;
  readonly logitDifference: number | null;
}

/** What is known of one patching. */
export interface Patching extends PatchingWanted, Progress {
  readonly sites: readonly PatchedSite[];
  /** What both runs measure by themselves. */
  readonly around: { readonly clean: PatchMeasure; readonly corrupted: PatchMeasure; readonly target: Candidate; readonly rival: Candidate | null } | null;
}

export type PatchingControl = Portioned<Patching>;

export function patchingOf(wants: ReadonlySignal<PatchingWanted | null>, put: (run: RunId, question: 'patch', ask: Ask<'patch'>) => Pending<'patch'>): PatchingControl {
  return inPortions<PatchingWanted, Patching, Answer<'patch'>>({
    wants,
    begin: (wanted) => ({ ...wanted, ...notBegun, sites: [], around: null }),
    ask: ({ run, ask }, from, to) => put(run, 'patch', { ...ask, from, to }),
    countOf: ({ sites }) => sites.length,
    withAnswer,
  });
}

function withAnswer(about: Patching, { total, sites, restored, logProbability, logitDifference, clean, corrupted, target, rival }: Answer<'patch'>): Patching {
  const all = [...about.sites, ...sites.map((site, i): PatchedSite => ({ site, restored: restored[i] ?? NaN, logProbability: logProbability[i] ?? NaN, logitDifference: logitDifference?.[i] ?? null }))];
  return { ...about, state: stateAfter(all.length, sites.length, total), total, sites: all, around: { clean, corrupted, target, rival } };
}
