/** What the model expects with the experiments, and what of each candidate it expected without them. */
import { computed, type ReadonlySignal } from '@preact/signals';
import type { Candidate, NextAnswer } from '../src/protocol.ts';
import { expectation, goesOn, next } from './answers.ts';
import { nextAsk } from './asks.ts';
import { ask } from './bridge.ts';
import { afterRun, wanted, type After } from './experimentRun.ts';
import { shareOf } from './ghostShares.ts';
import { resource, type Resource, type Wanted } from './resource.ts';
import { output, shown, view } from './store.ts';

/** Where the prediction is among the tokens that stay; null where its own token is left out. */
export function positionAfter({ position, predicts }: Pick<NextAnswer, 'position' | 'predicts'>, kept: After['kept'], writes: boolean): number | null {
  if (writes) return position;
  const found = predicts === 'masked' ? kept.indexOf(position) : kept.filter((token) => token <= position).length - 1;
  return found < 0 ? null : found;
}

const expectedAfter: ReadonlySignal<Resource<'next'>> = resource(
  'next',
  computed((): Wanted<'next'> => {
    const before = next.value;
    if (wanted.value.length === 0 || !expectation.value) return 'nothing';
    if (!afterRun.value || before.state !== 'ready') return 'hold';
    const { value, ask: asked } = before.last;
    const position = positionAfter(value, afterRun.value.kept, output.value !== null);
    return position === null ? 'nothing' : { run: afterRun.value.info.run, ask: { ...nextAsk(view.value, position, asked.draw ?? null), also: value.top.map(({ id }) => id) } };
  }),
  ask,
  256,
);

/** Newcomers as they were before. */
const newcomersBefore: ReadonlySignal<Resource<'next'>> = resource(
  'next',
  computed((): Wanted<'next'> => {
    const { last } = expectedAfter.value;
    const before = expectation.value;
    const run = shown.value?.info.run;
    if (!last || !before || run === undefined) return 'nothing';
    const ids = last.value.top.map(({ id }) => id).filter((id) => !before.top.some((candidate) => candidate.id === id));
    return ids.length === 0 ? 'nothing' : { run, ask: { position: before.position, top: 1, also: ids } };
  }),
  ask,
  256,
);

/** The candidates' words with the experiments, where they are wanted. */
export const wordsAfter: ReadonlySignal<Resource<'words'>> = resource(
  'words',
  computed((): Wanted<'words'> => {
    const { last } = expectedAfter.value;
    const model = shown.value?.info.model;
    if (!last || !model || view.value.candidates !== 'word' || !goesOn(model)) return 'nothing';
    return { run: last.run, ask: { position: last.value.position, ids: last.value.top.map(({ id }) => id) } };
  }),
  ask,
  64,
);

export interface Ghosts {
  readonly after: NextAnswer;
  /** Candidates before that are not among those after, as they are after. */
  readonly left: readonly Candidate[];
  /** Whether it was among those before. */
  readonly isNew: (id: number) => boolean;
  /** As it was before; null while that is not known. */
  readonly was: (id: number) => Candidate | null;
  /** Probability before, as the bars show it; null while it is not known. */
  readonly before: (id: number) => number | null;
  /** Probability after. */
  readonly now: (candidate: Candidate) => number;
}

/** Null without experiments, and until their answer is there. */
export const ghosts = computed((): Ghosts | null => {
  const { last } = expectedAfter.value;
  const before = expectation.value;
  const temperature = last?.ask.sampling?.temperature ?? 1;
  if (!last || !before || !afterRun.value || last.run !== afterRun.value.info.run) return null;
  if (last.value.position !== positionAfter(before, afterRun.value.kept, output.value !== null)) return null;
  const after = last.value;
  const was = new Map([...before.top, ...(newcomersBefore.value.last?.value.also ?? [])].map((candidate) => [candidate.id, candidate]));
  const stays = new Set(after.top.map(({ id }) => id));
  return {
    after: { ...after, position: before.position },
    left: (after.also ?? []).filter(({ id }) => !stays.has(id)),
    isNew: (id) => !before.top.some((candidate) => candidate.id === id),
    was: (id) => was.get(id) ?? null,
    before: (id) => {
      const candidate = was.get(id);
      return candidate ? shareOf(before, candidate, temperature) : null;
    },
    now: (candidate) => shareOf(after, candidate, temperature),
  };
});
