/** A patching of two runs, some sites with each question: results come as they are there, and nothing runs before it is started. */
import { effect, signal, type ReadonlySignal } from '@preact/signals';
import type { Answer, Ask, Candidate, PatchMeasure, PatchSite, RunId, Trouble } from '../src/protocol.ts';
import type { Pending } from './bridge.ts';

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
export interface Patching extends PatchingWanted {
  readonly state: 'idle' | 'asking' | 'stopped' | 'ready' | 'failed';
  /** Null before the first answer. */
  readonly total: number | null;
  readonly sites: readonly PatchedSite[];
  /** What both runs measure by themselves. */
  readonly around: { readonly clean: PatchMeasure; readonly corrupted: PatchMeasure; readonly target: Candidate; readonly rival: Candidate | null } | null;
  readonly trouble: Trouble | null;
}

export interface PatchingControl {
  /** Null where nothing can be patched. */
  readonly current: ReadonlySignal<Patching | null>;
  /** Begins, or goes on where it was stopped. */
  start(): void;
  /** Asks no more; what is there stays. */
  stop(): void;
}

/** Each site is a run of its own: so many are asked about at a time. */
const portion = 8;

export function patchingOf(wants: ReadonlySignal<PatchingWanted | null>, put: (run: RunId, question: 'patch', ask: Ask<'patch'>) => Pending<'patch'>): PatchingControl {
  const current = signal<Patching | null>(null);
  let pending: Pending<'patch'> | null = null;

  const callOff = (): void => {
    pending?.drop();
    pending = null;
  };

  const goOn = (about: Patching): void => {
    const from = about.sites.length;
    const mine = put(about.run, 'patch', { ...about.ask, from, to: from + portion });
    pending = mine;
    void mine.answer.then((outcome) => {
      if (pending !== mine) return;
      pending = null;
      const next = outcome.ok ? withAnswer(about, outcome.value) : { ...about, state: 'failed' as const, trouble: outcome.trouble };
      current.value = next;
      if (next.state === 'asking') goOn(next);
    });
  };

  effect(() => {
    const wanted = wants.value;
    const before = current.peek();
    if (before && wanted && keyOf(before) === keyOf(wanted)) return;
    callOff();
    current.value = wanted && { ...wanted, state: 'idle', total: null, sites: [], around: null, trouble: null };
  });

  return {
    current,
    start() {
      const about = current.peek();
      if (!about || about.state === 'asking' || about.state === 'ready') return;
      const begun: Patching = { ...about, state: 'asking', trouble: null };
      current.value = begun;
      goOn(begun);
    },
    stop() {
      const about = current.peek();
      if (about?.state !== 'asking') return;
      callOff();
      current.value = { ...about, state: 'stopped' };
    },
  };
}

const keyOf = ({ run, ask }: PatchingWanted): string => `${run} ${JSON.stringify(ask)}`;

function withAnswer(about: Patching, { total, sites, restored, logProbability, logitDifference, clean, corrupted, target, rival }: Answer<'patch'>): Patching {
  const all = [...about.sites, ...sites.map((site, i): PatchedSite => ({ site, restored: restored[i] ?? NaN, logProbability: logProbability[i] ?? NaN, logitDifference: logitDifference?.[i] ?? null }))];
  // An answer without sites would be asked for again and again.
  return { ...about, state: all.length >= total || sites.length === 0 ? 'ready' : 'asking', total, sites: all, around: { clean, corrupted, target, rival } };
}
