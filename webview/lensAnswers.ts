/** The lens of the shown run, or of the one with experiments, as far as it is in sight; and the way of one token through the layers. */
import { computed, signal, type ReadonlySignal } from '@preact/signals';
import type { LensAnswer, RunId } from '../src/protocol.ts';
import { aimOffers, type Offer, type Offers } from './aim.ts';
import { ask } from './bridge.ts';
import { ended } from './ended.ts';
import { afterRun, showing } from './experimentRun.ts';
import { lensOf, type Lens, type LensWanted } from './lens.ts';
import { encoderTop, lensAimed } from './lensAim.ts';
import { askedPart, lensPart, lensSequence, lensTokens } from './lensPart.ts';
import { resource, type Wanted } from './resource.ts';
import { view } from './store.ts';

/** What the colour of a cell says. */
export const lensShade = signal<'probability' | 'divergence'>('probability');

/** Positions that are looked at: `from` up to `to`. */
export const lensSight = signal<{ readonly from: number; readonly to: number }>({ from: 0, to: 0 });

const isShown = computed(() => view.value.picture === 'lens');

/** The run with experiments where it is to be seen, and where each of its tokens was before any were left out. */
const after = computed((): { readonly run: RunId; readonly kept: readonly number[] | null } | null => {
  const other = showing.value === 'before' ? null : afterRun.value;
  return other && { run: other.info.run, kept: lensSequence.value === 'text' ? other.kept : null };
});

/** Whether the lens is that of the run with experiments. */
export const isAfter = computed(() => after.value !== null);

const wantedOf = (run: RunId, positions: number, { from, to } = lensSight.value): LensWanted | null => (isShown.value ? { ...askedPart.value, run, positions, from, to } : null);

export const lensBefore: ReadonlySignal<Lens | null> = lensOf(computed(() => ended.value && wantedOf(ended.value.run, lensTokens.value.length)), ask);

const lensAfter: ReadonlySignal<Lens | null> = lensOf(
  computed(() => {
    const other = after.value;
    if (!other) return null;
    const { from, to } = lensSight.value;
    const kept = other.kept ?? lensTokens.value.map((_, token) => token);
    return wantedOf(other.run, kept.length, { from: kept.filter((token) => token < from).length, to: kept.filter((token) => token < to).length });
  }),
  ask,
);

/** Whose cells are drawn, by the positions of the shown run. */
export const drawnLens = computed((): Lens | null => {
  const other = after.value;
  const lens = other ? lensAfter.value : lensBefore.value;
  if (!lens || !other?.kept) return lens;
  const { kept } = other;
  return { ...lens, columns: new Map([...lens.columns].map(([position, column]) => [kept[position] ?? position, column])) };
});

/** One token's rank and probability after each layer, at the position in question. */
function followed(which: 'target' | 'rival'): ReadonlySignal<LensAnswer | null> {
  const asked = resource(
    'lens',
    computed((): Wanted<'lens'> => {
      const about = lensAimed.value;
      if (!isShown.value) return 'nothing';
      if (!about) return 'hold';
      const token = about[which];
      const other = after.value;
      const position = other?.kept ? Math.max(0, other.kept.filter((one) => one <= about.position).length - 1) : about.position;
      return token === null ? 'nothing' : { run: other?.run ?? about.run, ask: { ...askedPart.value, positions: [position], top: 1, id: token } };
    }),
    ask,
    64,
  );
  // What is still known of the other half has other layers.
  return computed(() => {
    const { last } = asked.value;
    return last && last.ask.part === askedPart.value.part ? last.value : null;
  });
}

export const followedTarget = followed('target');
export const followedRival = followed('rival');

/** What target and rival can be chosen from: in an encoder's half, what its last layer resembles. */
export const lensOffers = computed((): Offers => {
  if (lensPart.value !== 'encoder') return aimOffers.value;
  const chosen = [followedTarget.value, followedRival.value].flatMap((answer): Offer[] => {
    const one = answer?.followed;
    return one ? [{ id: one.id, text: one.text, logProbability: one.logProbability.at(-1) ?? -Infinity }] : [];
  });
  return { top: encoderTop.value, chosen };
});
