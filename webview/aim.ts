/** Which prediction is in question, for all that explains or changes one: what is pointed at in passing does not count. */
import { computed, signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Aim, Candidate, EffectAnswer, Place, Trouble } from '../src/protocol.ts';
import { ask } from './bridge.ts';
import { ended } from './ended.ts';
import { nextPosition } from './nextPosition.ts';
import { resource, type Wanted } from './resource.ts';
import { caret, output, pinned, setView, shown, view } from './store.ts';

/** Null without a run, or where the model predicts nothing. */
export const aim = computed((): Aim | null => {
  const info = shown.value?.info;
  if (!info || info.model.predicts === 'nothing' || info.tokens.length === 0) return null;
  const cursor = caret.value;
  const place: Place | null = pinned.value ?? (cursor === null ? null : { sequence: 'text', token: cursor });
  const { target, rival } = view.value;
  return {
    position: nextPosition(info, output.value, place),
    ...(target === null ? {} : { target }),
    ...(rival === null ? {} : { rival }),
  };
});

/** Makes a token the target; the one that is already chosen is let go. A token is not held against itself. */
export function lookAt(id: number): void {
  const { target, rival } = view.peek();
  setView(target === id ? { target: null } : { target: id, ...(rival === id ? { rival: null } : {}) });
}

/** Makes a token the rival; the one that is already chosen is let go. */
export function holdAgainst(id: number): void {
  setView({ rival: view.peek().rival === id ? null : id });
}

/** Candidates to choose target and rival from. */
const offered = 20;

/** Parts of the page that want to know what the aim comes to. */
const watchers = signal(0);

/** Has the aim's candidates asked for as long as the component is there. */
export function useAimed(): void {
  useEffect(() => {
    watchers.value++;
    return () => {
      watchers.value--;
    };
  }, []);
}

/** Nothing is switched off: what is told is the prediction itself, the target and the rival with it. */
const answered = resource(
  'effect',
  computed((): Wanted<'effect'> => {
    if (!aim.value || watchers.value === 0) return 'nothing';
    return ended.value ? { run: ended.value.run, ask: { ...aim.value, interventions: [], top: offered } } : 'hold';
  }),
  ask,
  64,
);

/** The aim with its tokens as candidates. */
export interface Aimed {
  readonly run: number;
  readonly position: number;
  readonly predicts: EffectAnswer['predicts'];
  readonly target: Candidate;
  readonly rival: Candidate | null;
  /** Likeliest first. */
  readonly top: readonly Candidate[];
}

/** Null while it is not known. */
export const aimed = computed((): Aimed | null => {
  const { state, last } = answered.value;
  const at = aim.value;
  if (state !== 'ready' || !at || last.run !== ended.value?.run || last.ask.position !== at.position) return null;
  const { predicts, target, rival, topBefore } = last.value;
  return { run: last.run, position: at.position, predicts, target: target.before, rival: rival?.before ?? null, top: topBefore.map(({ before }) => before) };
});

/** A token that target and rival can be chosen from. */
export type Offer = Pick<Candidate, 'id' | 'text' | 'logProbability'>;

export interface Offers {
  /** Likeliest first. */
  readonly top: readonly Offer[];
  /** Target and rival, whether they are among those or not. */
  readonly chosen: readonly Offer[];
}

/** What can be chosen from at the position in question, target and rival among it: stays while another choice is looked up. */
export const aimOffers = computed((): Offers => {
  const { last } = answered.value;
  if (!last || last.run !== ended.value?.run || last.ask.position !== aim.value?.position) return { top: [], chosen: [] };
  const { target, rival, topBefore } = last.value;
  return { top: topBefore.map(({ before }) => before), chosen: [target.before, ...(rival ? [rival.before] : [])] };
});

/** Why it cannot be known. */
export const aimTrouble = computed((): Trouble | null => (answered.value.state === 'failed' ? answered.value.trouble : null));
