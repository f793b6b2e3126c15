/** What is swept over, and what came of it. */
import { computed, signal } from '@preact/signals';
import type { Ask, Replacement } from '../src/protocol.ts';
import { aim } from './aim.ts';
import { ask } from './bridge.ts';
import { ended } from './ended.ts';
import type { Measure } from './graphs/sweepData.ts';
import { shown, view } from './store.ts';
import { sweepOf, type SweepWanted } from './sweep.ts';

export type SweepOver = Ask<'sweep'>['over'];

/** What is switched off one after another, and what stands in its place. */
export const sweepOver = signal<SweepOver>('heads');
export const sweepBy = signal<Replacement>('zero');

/** A model without attention has only tokens to leave out. */
export const oversOf = computed((): readonly SweepOver[] => (shown.value?.info.model.attentions.length ? ['heads', 'parts', 'tokens'] : ['tokens']));
export const over = computed((): SweepOver => (oversOf.value.includes(sweepOver.value) ? sweepOver.value : 'tokens'));

const chosenMeasure = signal<Measure | null>(null);
export const chooseMeasure = (measure: Measure): void => {
  chosenMeasure.value = measure;
};

/** With a rival the difference of the two logits tells most, as long as nobody has chosen. */
export const measure = computed((): Measure => {
  const hasRival = aim.value?.rival !== undefined;
  const chosen = chosenMeasure.value ?? (hasRival ? 'logitDifference' : 'logProbability');
  return chosen === 'logitDifference' && !hasRival ? 'logProbability' : chosen;
});

const sweeping = sweepOf(
  computed((): SweepWanted | null => {
    if (view.value.picture !== 'sweep' || !ended.value || !aim.value) return null;
    // A token that is left out has nothing in its place.
    return { run: ended.value.run, ask: { ...aim.value, over: over.value, by: over.value === 'tokens' ? 'zero' : sweepBy.value } };
  }),
  ask,
);

export const sweep = sweeping.current;
export const startSweep = sweeping.start;
export const stopSweep = sweeping.stop;
