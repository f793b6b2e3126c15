/** The lens of the shown run, or of the one with experiments, as far as it is in sight; and the way of one token through the layers. */
import { computed, signal, type ReadonlySignal } from '@preact/signals';
import type { RunId } from '../src/protocol.ts';
import { aimed } from './aim.ts';
import { beside } from './beside.ts';
import { ask } from './bridge.ts';
import { ended } from './ended.ts';
import { headTokens } from './headTokens.ts';
import { lensOf, type Lens, type LensWanted } from './lens.ts';
import { resource, type Resource, type Wanted } from './resource.ts';
import { view } from './store.ts';

/** What the colour of a cell says. */
export const lensShade = signal<'probability' | 'divergence'>('probability');

/** Positions that are looked at: `from` up to `to`. */
export const lensSight = signal<{ readonly from: number; readonly to: number }>({ from: 0, to: 0 });

const isShown = computed(() => view.value.picture === 'lens');

/** The same text with experiments, where they leave its tokens as they are. */
export const experimentRun = computed((): RunId | null => {
  const other = beside.experiments.value;
  if (other.state !== 'ready' || other.of !== ended.value?.run || view.value.showing === 'before') return null;
  return other.info.tokens.length === ended.value.tokens.length ? other.info.run : null;
});

/** Experiments leave tokens out, so that the places of the two runs are not the same. */
export const otherTokens = computed((): boolean => {
  const other = beside.experiments.value;
  return view.value.showing !== 'before' && other.state === 'ready' && other.of === ended.value?.run && experimentRun.value === null;
});

const wantedOf = (run: RunId | null): LensWanted | null => (isShown.value && run !== null ? { run, positions: headTokens.value.length, ...lensSight.value } : null);

export const lensBefore: ReadonlySignal<Lens | null> = lensOf(computed(() => wantedOf(ended.value?.run ?? null)), ask);

export const lensAfter: ReadonlySignal<Lens | null> = lensOf(computed(() => wantedOf(experimentRun.value)), ask);

/** Whose cells are drawn. */
export const drawnLens = computed((): Lens | null => (experimentRun.value === null ? lensBefore.value : lensAfter.value));

/** One token's rank and probability after each layer, at the position in question. */
function followed(which: 'target' | 'rival'): ReadonlySignal<Resource<'lens'>> {
  return resource(
    'lens',
    computed((): Wanted<'lens'> => {
      const about = aimed.value;
      if (!isShown.value) return 'nothing';
      if (!about) return 'hold';
      const token = about[which];
      return token ? { run: experimentRun.value ?? about.run, ask: { positions: [about.position], top: 1, id: token.id } } : 'nothing';
    }),
    ask,
    64,
  );
}

export const followedTarget = followed('target');
export const followedRival = followed('rival');
