/** How the shown model tells positions apart, asked of it while a lesson is taken. */
import { computed } from '@preact/signals';
import type { PositionsAnswer } from '../../src/protocol.ts';
import { ask } from '../bridge.ts';
import { ended } from '../ended.ts';
import { resource, type Wanted } from '../resource.ts';
import { shown } from '../store.ts';
import { taken } from './lessonStore.ts';

/** Enough to tell sinusoids from what was learned. */
const looked = 64;

const answered = resource(
  'positions',
  computed((): Wanted<'positions'> => {
    const { attentions, door, positions } = shown.value?.info.model ?? {};
    const part = attentions?.[0]?.part;
    if (!taken.value || !part || door !== 'weights') return 'nothing';
    return ended.value ? { run: ended.value.run, ask: { part, layer: 0, count: Math.min(looked, positions ?? looked) } } : 'hold';
  }),
  ask,
  4,
);

/** Null while it is not known, and for a model that has none. */
export const positionKind = computed((): PositionsAnswer['kind'] | null => {
  const { last } = answered.value;
  return last && last.run === shown.value?.info.run ? last.value.kind : null;
});
