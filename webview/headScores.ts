/** The heads of the attention that is looked at with their scores, on the text or on repeated random tokens, and which of them a filter leaves. */
import { computed, type ReadonlySignal } from '@preact/signals';
import type { LayerSummary } from '../src/protocol.ts';
import { attendedSummaries } from './attended.ts';
import { ask } from './bridge.ts';
import { ended } from './ended.ts';
import { headFilter, type HeadFilter } from './headFilter.ts';
import { resource, type Resource, type Wanted } from './resource.ts';
import { attention, view } from './store.ts';

/** The test as it is usually made: 25 random tokens, twice (Olsson et al. 2022). */
const test = { seed: 1, length: 25, repeats: 2 } as const;

/** Whether scores are to be those on repeated tokens. */
export const testing = computed(() => view.value.repeatedTokens);

/** Only where the text looks at itself there is something to repeat. */
export const canTest = computed(() => attention.value?.queries === 'text' && attention.value.keys === 'text');

export const repeatedScores: ReadonlySignal<Resource<'repeated'>> = resource(
  'repeated',
  computed((): Wanted<'repeated'> => {
    if (!testing.value || !canTest.value) return 'nothing';
    return ended.value ? { run: ended.value.run, ask: test } : 'hold';
  }),
  ask,
  8,
);

/** Whether the scores that are shown are those on repeated tokens. */
export const isTested = computed(() => testing.value && canTest.value && repeatedScores.value.state === 'ready');

/** Layers that have arrived; patterns are those of the text whatever the scores are of. */
export const scoredLayers = computed((): readonly LayerSummary[] => {
  const arrived = attendedSummaries.value.filter(({ part }) => part === attention.value?.part);
  const { last } = repeatedScores.value;
  if (!isTested.value || !last) return arrived;
  const { layers } = last.value;
  return arrived.map((summary) => ({ ...summary, heads: summary.heads.map((head, index) => ({ ...head, scores: layers[summary.layer]?.[index] ?? head.scores })) }));
});

const filterText = computed(() => view.value.headFilter);

export const filter = computed((): HeadFilter => headFilter(filterText.value));

/** Whether a head is left; all are while there is no filter that can be read. */
export const isLeft = computed((): ((layer: number, head: number) => boolean) => {
  const chosen = filter.value;
  if (chosen.state !== 'ready') return () => true;
  const layers = new Map(scoredLayers.value.map((summary) => [summary.layer, summary.heads]));
  return (layer, head) => {
    const scores = layers.get(layer)?.[head]?.scores;
    return scores !== undefined && chosen.test({ ...scores, layer, head });
  };
});

/** Heads that are left, of all that have arrived. */
export const leftOf = computed(() => {
  const all = scoredLayers.value.flatMap(({ layer, heads }) => heads.map((_, head) => isLeft.value(layer, head)));
  return { left: all.filter(Boolean).length, all: all.length };
});
