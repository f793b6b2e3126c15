/** How surprising the tokens of the text are, without and with the experiments, as signals. */
import { computed, type ReadonlySignal } from '@preact/signals';
import { goesOn } from './answers.ts';
import { ask } from './bridge.ts';
import { ended } from './ended.ts';
import { afterRun, showing, wanted } from './experimentRun.ts';
import { resource, type Resource, type Wanted } from './resource.ts';
import { shown, view } from './store.ts';

/** For models that go on with the text itself. */
export const canSurprise = computed(() => {
  const model = shown.value?.info.model;
  return model !== undefined && goesOn(model);
});

const before: ReadonlySignal<Resource<'surprisal'>> = resource(
  'surprisal',
  computed((): Wanted<'surprisal'> => {
    if (!view.value.surprisal || !canSurprise.value) return 'nothing';
    return ended.value ? { run: ended.value.run, ask: { from: 0, to: ended.value.tokens.length } } : 'hold';
  }),
  ask,
  4,
);

const after: ReadonlySignal<Resource<'surprisal'>> = resource(
  'surprisal',
  computed((): Wanted<'surprisal'> => {
    if (!view.value.surprisal || !canSurprise.value || wanted.value.length === 0) return 'nothing';
    return afterRun.value ? { run: afterRun.value.info.run, ask: { from: 0, to: afterRun.value.info.tokens.length } } : 'hold';
  }),
  ask,
  4,
);

/** Bits of each token, `[token]`; NaN where nothing comes before it, or where it is left out. */
export const bitsBefore = computed((): Float32Array | null => {
  const { last } = before.value;
  return last && last.run === shown.value?.info.run ? last.value.bits : null;
});

/** Rank of each token among all that could have come, 1 is the likeliest, `[token]`; 0 where nothing comes before it. */
export const ranksBefore = computed((): Uint32Array | null => {
  const { last } = before.value;
  return last && last.run === shown.value?.info.run ? last.value.rank : null;
});

export const bitsAfter = computed((): Float32Array | null => {
  const { last } = after.value;
  const now = afterRun.value;
  const tokens = shown.value?.info.tokens.length ?? 0;
  if (!last || !now || last.run !== now.info.run) return null;
  const bits = new Float32Array(tokens).fill(NaN);
  now.kept.forEach((token, at) => {
    bits[token] = last.value.bits[at] ?? NaN;
  });
  return bits;
});

/** What the strip shows: bits, or with `signed` how many more. */
export const shownBits = computed((): { readonly bits: Float32Array; readonly signed: boolean } | null => {
  if (!view.value.surprisal) return null;
  const [was, is] = [bitsBefore.value, bitsAfter.value];
  if (showing.value === 'before') return was && { bits: was, signed: false };
  if (showing.value === 'after') return is && { bits: is, signed: false };
  return was && is && { bits: is.map((bits, token) => bits - (was[token] ?? NaN)), signed: true };
});

export const surprisalTrouble = computed(() => (before.value.state === 'failed' ? before.value.trouble : after.value.state === 'failed' ? after.value.trouble : null));

/** Mean over the tokens that have any. */
export function meanBits(bits: Float32Array): number {
  const known = bits.filter((value) => !Number.isNaN(value));
  return known.reduce((sum, value) => sum + value, 0) / known.length;
}
