/** The paths of the prediction in question, as far as they add enough. */
import { computed, signal, type ReadonlySignal } from '@preact/signals';
import { aimed } from './aim.ts';
import { ask } from './bridge.ts';
import { resource, type Resource, type Wanted } from './resource.ts';
import { view } from './store.ts';

/** What adds less than this share of all direct contributions is left out, 0–1. */
export const leastShare = signal(0.005);

export const paths: ReadonlySignal<Resource<'paths'>> = resource(
  'paths',
  computed((): Wanted<'paths'> => {
    if (view.value.picture !== 'paths') return 'nothing';
    const about = aimed.value;
    if (!about) return 'hold';
    return { run: about.run, ask: { position: about.position, id: about.target.id, ...(about.rival ? { rival: about.rival.id } : {}), least: leastShare.value } };
  }),
  ask,
  32,
);
