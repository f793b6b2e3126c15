/**
 * A sweep: things switched off one at a time, some with each question, so that results come as they are there and
 * nothing else waits for long. Nothing runs before it is started.
 */
import { effect, signal, type ReadonlySignal } from '@preact/signals';
import type { Answer, Ask, Candidate, Intervention, RunId, Trouble } from '../src/protocol.ts';
import { AnswerCache } from './answerCache.ts';
import type { Pending } from './bridge.ts';

export type SweepOf = Omit<Ask<'sweep'>, 'from' | 'to'>;

export interface SweepWanted {
  readonly run: RunId;
  readonly ask: SweepOf;
}

/** What is known of one sweep; arrays are `[item]`, as in the answer. */
export interface Sweep extends SweepWanted {
  readonly state: 'idle' | 'asking' | 'stopped' | 'ready' | 'failed';
  /** Null before the first answer. */
  readonly total: number | null;
  readonly items: readonly Intervention[];
  readonly logProbability: readonly number[];
  /** Null without a rival. */
  readonly logitDifference: readonly number[] | null;
  readonly divergence: readonly number[];
  readonly target: Candidate | null;
  readonly rival: Candidate | null;
  readonly trouble: Trouble | null;
}

export interface Sweeping {
  /** Null where nothing can be swept. */
  readonly current: ReadonlySignal<Sweep | null>;
  /** Begins, or goes on where it was stopped. */
  start(): void;
  /** Asks no more; what is there stays. */
  stop(): void;
}

/** Each item is a run of its own: so many are asked about at a time. */
const portion = 8;

/** Sweeps that are remembered, with as much as is known of them. */
const remembered = 16;

export function sweepOf(wants: ReadonlySignal<SweepWanted | null>, put: (run: RunId, question: 'sweep', ask: Ask<'sweep'>) => Pending<'sweep'>): Sweeping {
  const current = signal<Sweep | null>(null);
  const known = new AnswerCache<Sweep>(remembered);
  let pending: Pending<'sweep'> | null = null;

  const show = (next: Sweep): void => {
    known.set(keyOf(next), next);
    current.value = next;
  };

  const callOff = (): void => {
    pending?.drop();
    pending = null;
  };

  const goOn = (about: Sweep): void => {
    const from = about.items.length;
    const mine = put(about.run, 'sweep', { ...about.ask, from, to: from + portion });
    pending = mine;
    void mine.answer.then((outcome) => {
      if (pending !== mine) return;
      pending = null;
      if (!outcome.ok) {
        show({ ...about, state: 'failed', trouble: outcome.trouble });
        return;
      }
      const next = withAnswer(about, outcome.value);
      show(next);
      if (next.state === 'asking') goOn(next);
    });
  };

  effect(() => {
    const wanted = wants.value;
    const before = current.peek();
    if (before && wanted && keyOf(before) === keyOf(wanted)) return;
    callOff();
    if (before?.state === 'asking') known.set(keyOf(before), { ...before, state: 'stopped' });
    current.value = wanted && (known.get(keyOf(wanted)) ?? { ...wanted, state: 'idle', total: null, items: [], logProbability: [], logitDifference: null, divergence: [], target: null, rival: null, trouble: null });
  });

  return {
    current,
    start() {
      const about = current.peek();
      if (!about || about.state === 'asking' || about.state === 'ready') return;
      const begun: Sweep = { ...about, state: 'asking', trouble: null };
      show(begun);
      goOn(begun);
    },
    stop() {
      const about = current.peek();
      if (about?.state !== 'asking') return;
      callOff();
      show({ ...about, state: 'stopped' });
    },
  };
}

const keyOf = ({ run, ask }: SweepWanted): string => `${run} ${JSON.stringify(ask)}`;

function withAnswer(about: Sweep, { total, items, logProbability, logitDifference, divergence, target, rival }: Answer<'sweep'>): Sweep {
  const all = [...about.items, ...items];
  return {
    ...about,
    // An answer without items would be asked for again and again.
    state: all.length >= total || items.length === 0 ? 'ready' : 'asking',
    total,
    items: all,
    logProbability: [...about.logProbability, ...logProbability],
    logitDifference: logitDifference && [...(about.logitDifference ?? []), ...logitDifference],
    divergence: [...about.divergence, ...divergence],
    target,
    rival,
  };
}
