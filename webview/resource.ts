/**
 * A question that asks itself again whenever what it depends on changes. The newest ask wins:
 * an older one is dropped, and its answer, should it still come, changes nothing.
 */
import { effect, signal, type ReadonlySignal } from '@preact/signals';
import type { Answer, Ask, RunId, Trouble } from '../src/protocol.ts';
import { AnswerCache } from './answerCache.ts';
import type { PageQuestion, Pending } from './bridge.ts';

/** What to ask about which run. */
export interface Asked<Q extends PageQuestion> {
  readonly run: RunId;
  readonly ask: Ask<Q>;
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

  const request = (wanted: Asked<Q>, key: string): void => {
    const mine = put(wanted.run, question, wanted.ask);
    pending = mine;
    void mine.answer.then((outcome) => {
      if (pending !== mine) return;
      pending = null;
      if (outcome.ok) {
        const answered = { ...wanted, key, value: outcome.value };
        cache.set(key, answered);
        current.value = { state: 'ready', last: answered };
      } else {
        // The next change asks again: a failure is never kept.
        wantedKey = null;
        current.value = { state: 'failed', last: null, trouble: outcome.trouble };
      }
    });
  };

  const callOff = (): void => {
    pending?.drop();
    pending = null;
    wantedKey = null;
  };

  effect(() => {
    const wanted = wants.value;
    if (wanted === 'hold' || wanted === 'nothing') {
      callOff();
      if (wanted === 'nothing') current.value = { state: 'none', last: null };
      return;
    }
    const key = `${wanted.run} ${JSON.stringify(wanted.ask)}`;
    if (key === wantedKey) return;
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
