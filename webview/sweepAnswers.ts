/** What is swept over, and what came of it. */
import { computed } from '@preact/signals';
import type { SweepMeasure, SweepOver } from '../src/protocol.ts';
import { aim } from './aim.ts';
import { ask } from './bridge.ts';
import { ended } from './ended.ts';
import { shown, view } from './store.ts';
import { sweepOf, type SweepWanted } from './sweep.ts';

/** A model without attention has only tokens to leave out. */
export const oversOf = computed((): readonly SweepOver[] => (shown.value?.info.model.attentions.length ? ['heads', 'parts', 'tokens'] : ['tokens']));
export const over = computed((): SweepOver => (oversOf.value.includes(view.value.sweepOver) ? view.value.sweepOver : 'tokens'));

/** With a rival the difference of the two logits tells most, as long as nobody has chosen. */
export const measure = computed((): SweepMeasure => {
  const hasRival = aim.value?.rival !== undefined;
  const chosen = view.value.sweepMeasure ?? (hasRival ? 'logitDifference' : 'logProbability');
  return chosen === 'logitDifference' && !hasRival ? 'logProbability' : chosen;
});

const sweeping = sweepOf(
  computed((): SweepWanted | null => {
    if (view.value.picture !== 'sweep' || !ended.value || !aim.value) return null;
    // A token that is left out has nothing in its place.
    return { run: ended.value.run, ask: { ...aim.value, over: over.value, by: over.value === 'tokens' ? 'zero' : view.value.sweepBy } };
  }),
  ask,
);

export const sweep = sweeping.current;
export const startSweep = sweeping.start;
export const stopSweep = sweeping.stop;
