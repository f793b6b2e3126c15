/** The strongest neurons of a layer at the token in question, as signals. */
import { computed, signal, type ReadonlySignal } from '@preact/signals';
import type { Intervention, NeuronsAnswer } from '../src/protocol.ts';
import { aim } from './aim.ts';
import { ask } from './bridge.ts';
import { resource, type Resource, type Wanted } from './resource.ts';
import { shown, view } from './store.ts';
import { insideRun } from './vectorRun.ts';

/** Tokens of each neuron, either way. */
const tokensEach = 5;

export const neuronCounts = ['5', '10', '25', '50'] as const;

/** Neurons that are listed. */
export const neuronsListed = signal<(typeof neuronCounts)[number]>('10');

export const neuronLayer = computed(() => Math.min(view.value.layer, (shown.value?.info.model.layers ?? 1) - 1));

export const neurons: ReadonlySignal<Resource<'neurons'>> = resource(
  'neurons',
  computed((): Wanted<'neurons'> => {
    if (view.value.picture !== 'neurons' || !aim.value) return 'nothing';
    if (insideRun.value === null) return 'hold';
    return { run: insideRun.value, ask: { layer: neuronLayer.value, position: aim.value.position, top: Number(neuronsListed.value), tokens: tokensEach } };
  }),
  ask,
  32,
);

/** What is drawn, with the layer and the position it is about: the last answer, also while a newer one is on its way. */
export const neuronsDrawn = computed((): { readonly answer: NeuronsAnswer; readonly layer: number; readonly position: number } | null => {
  const { last } = neurons.value;
  return last && { answer: last.value, layer: last.ask.layer, position: last.ask.position };
});

export const neuronOff = (layer: number, index: number): Intervention => ({ kind: 'neuron', part: 'decoder', layer, index, by: 'zero' });
