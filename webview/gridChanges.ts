/** What the experiments change in the pattern of every head, for the grid: asked some layers at a time while the grid is open and shows the difference. */
import { computed, effect } from '@preact/signals';
import type { Answer, HeadChange, HeadChangesAsk, RunId } from '../src/protocol.ts';
import { ask as put } from './bridge.ts';
import { ended } from './ended.ts';
import { afterRun, showing } from './experimentRun.ts';
import { inPortions, notBegun, stateAfter, type Progress } from './portions.ts';
import { attention, view } from './store.ts';

interface Wanted {
  readonly run: RunId;
  readonly ask: Omit<HeadChangesAsk, 'from' | 'to'>;
}

/** `layers` are those that have arrived, `[layer][head]`. */
interface Changes extends Wanted, Progress {
  readonly layers: readonly (readonly HeadChange[])[];
}

const changing = inPortions<Wanted, Changes, Answer<'headChanges'>>({
  wants: computed(() => {
    const of = attention.value;
    if (showing.value !== 'difference' || !view.value.navigator || !of || !ended.value || !afterRun.value) return null;
    return { run: ended.value.run, ask: { part: of.part, against: afterRun.value.info.run } };
  }),
  begin: (wanted) => ({ ...wanted, ...notBegun, layers: [] }),
  ask: ({ run, ask }, from, to) => put(run, 'headChanges', { ...ask, from, to }),
  countOf: ({ layers }) => layers.length,
  withAnswer: (about, { total, layers }) => {
    const all = [...about.layers, ...layers];
    return { ...about, state: stateAfter(all.length, layers.length, total), total, layers: all };
  },
});

effect(() => {
  const state = changing.current.value?.state;
  if (state === 'idle' || state === 'stopped') changing.start();
});

/** How a head changes, while that is shown; undefined until it has arrived. */
export const headChange = computed((): ((layer: number, head: number) => HeadChange | undefined) | null => {
  if (showing.value !== 'difference') return null;
  const layers = changing.current.value?.layers ?? [];
  return (layer, head) => layers[layer]?.[head];
});

export const headChangeTrouble = computed(() => changing.current.value?.trouble ?? null);
