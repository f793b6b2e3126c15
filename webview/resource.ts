/**
 * A question that asks itself again whenever what it depends on changes. The newest ask wins:
 * an older one is dropped, and its answer, should it still come, changes nothing. Only while a run
 * writes, when the same is asked again and again, is each question waited for, or none would be answered.
 */
import { effect, signal, type ReadonlySignal } from '@preact/signals';
import type { Answer, Ask, RunId, Trouble } from '../src/protocol.ts';
import { AnswerCache } from './answerCache.ts';
import type { PageQuestion, Pending } from './bridge.ts';

/** What to ask about which run. */
export interface Asked<Q extends PageQuestion> {
  readonly run: RunId;
  readonly ask: Ask<Q>;
  /** Counts what the run has written, where the answer changes with that. */
  readonly version?: number;
}

/** `hold`: nothing can be asked just now; what was answered last stays. */
export type Wanted<Q extends PageQuestion> = Asked<Q> | 'nothing' | 'hold';

/** An answer together with the ask that it answers. */
export interface Answered<Q extends PageQuestion> extends Asked<Q> {
  /** Tells answers apart: equal keys mean equal answers. */
  readonly key: string;
  readonly value: Answer<Q>;
}

/**
 * `waiting` may carry the last answer about the same run, to go on drawing meanwhile: it answers
 * an older ask, so read sizes and heads from `last.ask`, not from the view.
 */
export type Resource<Q extends PageQuestion> =
  | { readonly state: 'none'; readonly last: null }
  | { readonly state: 'waiting'; readonly last: Answered<Q> | null }
  | { readonly state: 'ready'; readonly last: Answered<Q> }
  | { readonly state: 'failed'; readonly last: null; readonly trouble: Trouble };

/** Makes the resource of `question`; `wants` is what is wanted now. */
export function resource<Q extends PageQuestion>(
  question: Q,
  wants: ReadonlySignal<Wanted<Q>>,
  put: (run: RunId, question: Q, ask: Ask<Q>) => Pending<Q>,
  capacity: number,
): ReadonlySignal<Resource<Q>> {
  const current = signal<Resource<Q>>({ state: 'none', last: null });
  const cache = new AnswerCache<Answered<Q>>(capacity);
  let pending: Pending<Q> | null = null;
  let wantedKey: string | null = null;
  let pendingAsk: Asked<Q> | null = null;
  /** What is asked next, once the pending question about a run that writes is answered. */
  let later: { readonly wanted: Asked<Q>; readonly key: string } | null = null;

  const request = (wanted: Asked<Q>, key: string): void => {
    const mine = put(wanted.run, question, wanted.ask);
    pending = mine;
    pendingAsk = wanted;
    void mine.answer.then((outcome) => {
      if (pending !== mine) return;
      pending = null;
      const newer = later;
      later = null;
      if (outcome.ok) {
        const answered = { ...wanted, key, value: outcome.value };
        cache.set(key, answered);
        current.value = newer ? { state: 'waiting', last: answered } : { state: 'ready', last: answered };
      } else if (!newer) {
        // The next change asks again: a failure is never kept.
        wantedKey = null;
        current.value = { state: 'failed', last: null, trouble: outcome.trouble };
      }
      if (newer) request(newer.wanted, newer.key);
    });
  };

  const callOff = (): void => {
    pending?.drop();
    pending = null;
    later = null;
    wantedKey = null;
  };

  effect(() => {
    const wanted = wants.value;
    if (wanted === 'hold' || wanted === 'nothing') {
      callOff();
      if (wanted === 'nothing') current.value = { state: 'none', last: null };
      return;
    }
    const key = `${wanted.run} ${wanted.version ?? ''} ${JSON.stringify(wanted.ask)}`;
    if (key === wantedKey) return;
    if (pending && pendingAsk?.run === wanted.run && wanted.version !== pendingAsk.version) {
      wantedKey = key;
      later = { wanted, key };
      return;
    }
    callOff();
    wantedKey = key;
    const cached = cache.get(key);
    if (cached) {
      current.value = { state: 'ready', last: cached };
      return;
    }
    const last = current.peek().last;
    current.value = { state: 'waiting', last: last?.run === wanted.run ? last : null };
    request(wanted, key);
  });
  return current;
}
