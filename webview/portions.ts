/**
 * What takes many runs, asked for some at a time: results come as they are there, and nothing else waits for long.
 * Nothing runs before it is started.
 */
import { effect, signal, type ReadonlySignal } from '@preact/signals';
import type { PageOutcome, RunId, Trouble } from '../src/protocol.ts';
import { AnswerCache } from './answerCache.ts';

/** How far it has come. */
export interface Progress {
  readonly state: 'idle' | 'asking' | 'stopped' | 'ready' | 'failed';
  /** Items there are; null before the first answer. */
  readonly total: number | null;
  readonly trouble: Trouble | null;
}

export const notBegun: Progress = { state: 'idle', total: null, trouble: null };

export interface Portioned<About> {
  /** Null where there is nothing to ask. */
  readonly current: ReadonlySignal<About | null>;
  /** Begins, or goes on where it was stopped. */
  start(): void;
  /** Asks no more; what is there stays. */
  stop(): void;
}

interface Wish {
  readonly run: RunId;
  readonly ask: object;
}

interface Answering<Value> {
  readonly answer: Promise<PageOutcome<Value>>;
  drop(): void;
}

export interface PortionedBy<Wanted extends Wish, About extends Wanted & Progress, Value> {
  readonly wants: ReadonlySignal<Wanted | null>;
  /** What is known before anything was asked. */
  readonly begin: (wanted: Wanted) => About;
  /** Items `from` up to `to`. */
  readonly ask: (about: About, from: number, to: number) => Answering<Value>;
  /** Items that have been answered, and what is known with the next ones. */
  readonly countOf: (about: About) => number;
  readonly withAnswer: (about: About, value: Value) => About;
}

/** Each item is a run of its own: so many are asked about at a time. */
const portion = 8;

/** So many are remembered, with as much as is known of them. */
const remembered = 16;

export function inPortions<Wanted extends Wish, About extends Wanted & Progress, Value>({ wants, begin, ask, countOf, withAnswer }: PortionedBy<Wanted, About, Value>): Portioned<About> {
  const current = signal<About | null>(null);
  const known = new AnswerCache<About>(remembered);
  let pending: Answering<Value> | null = null;

  const show = (next: About): void => {
    known.set(keyOf(next), next);
    current.value = next;
  };

  const callOff = (): void => {
    pending?.drop();
    pending = null;
  };

  const goOn = (about: About): void => {
    const from = countOf(about);
    const mine = ask(about, from, from + portion);
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
    current.value = wanted && (known.get(keyOf(wanted)) ?? begin(wanted));
  });

  return {
    current,
    start() {
      const about = current.peek();
      if (!about || about.state === 'asking' || about.state === 'ready') return;
      const begun: About = { ...about, state: 'asking', trouble: null };
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

/** An answer without items would be asked for again and again. */
export function stateAfter(all: number, fresh: number, total: number): 'ready' | 'asking' {
  return all >= total || fresh === 0 ? 'ready' : 'asking';
}

const keyOf = ({ run, ask }: Wish): string => `${run} ${JSON.stringify(ask)}`;
