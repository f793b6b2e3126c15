/** Embeddings of the text's tokens on a plane, as signals: the pinned token's neighbours are among them. */
import { computed, signal, type ReadonlySignal } from '@preact/signals';
import type { ProjectionAnswer } from '../src/protocol.ts';
import { ask } from './bridge.ts';
import { ended } from './ended.ts';
import { tokenIn } from './place.ts';
import { resource, type Resource, type Wanted } from './resource.ts';
import { focused, pinned, tokensOf, view } from './store.ts';

/** Neighbours of a token that are shown. */
const neighboursShown = 10;

/** How much closer than the whole plane. */
export const planeZoom = signal(1);

/** Token whose neighbours are shown, in the vocabulary. */
export const chosenId = computed((): number | null => {
  const token = tokenIn('text', pinned.value);
  return token === null ? null : (tokensOf('text')[token]?.id ?? null);
});

/** Where each token of the text occurs, by its id. */
export const occurrences = computed((): ReadonlyMap<number, readonly number[]> => {
  const found = new Map<number, number[]>();
  for (const [index, { id }] of tokensOf('text').entries()) found.set(id, [...(found.get(id) ?? []), index]);
  return found;
});

/** The token in focus, in the vocabulary. */
export const focusedId = computed((): number | null => {
  const token = tokenIn('text', focused.value);
  return token === null ? null : (tokensOf('text')[token]?.id ?? null);
});

export const projection: ReadonlySignal<Resource<'projection'>> = resource(
  'projection',
  computed((): Wanted<'projection'> => {
    if (view.value.picture !== 'embeddings') return 'nothing';
    return ended.value ? { run: ended.value.run, ask: { id: chosenId.value, neighbours: neighboursShown } } : 'hold';
  }),
  ask,
  16,
);

/** What is drawn: the last answer about this run, also while a newer one is on its way. */
export const plane = computed((): ProjectionAnswer | null => projection.value.last?.value ?? null);
