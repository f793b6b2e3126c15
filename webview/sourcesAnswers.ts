/**
 * Where a logit comes from: each part's share in it, and one head's by the tokens it looked at; of the shown run, of
 * the one with experiments, or what those change.
 */
import { computed, signal, type ReadonlySignal } from '@preact/signals';
import type { AttributionAnswer, LogitShare, SourcesAnswer } from '../src/protocol.ts';
import { logitAfter, logitBefore, type AskedLogit } from './aimedLogit.ts';
import { ask } from './bridge.ts';
import { afterRun, showing } from './experimentRun.ts';
import { headTokens } from './headTokens.ts';
import { resource, type Resource, type Wanted } from './resource.ts';
import { view } from './store.ts';

export interface HeadOf {
  readonly layer: number;
  readonly head: number;
}

/** Parts in the order they are computed, each where the former ends, or the largest first. */
export const sourcesOrder = signal<'computed' | 'size'>('computed');

/** Layers whose parts are seen. */
export const openLayers = signal<ReadonlySet<number>>(new Set());

/** The head whose tokens are seen. */
export const openHead = signal<HeadOf | null>(null);

/** The logit in question, in the run without experiments or with them; null where it is not wanted. */
function logitOf(which: 'before' | 'after'): AskedLogit | 'hold' | null {
  if (view.value.picture !== 'sources') return null;
  if (which === 'after') return showing.value === 'before' ? null : logitAfter();
  return showing.value === 'after' && afterRun.value ? null : (logitBefore() ?? 'hold');
}

const attributionOf = (which: 'before' | 'after'): ReadonlySignal<Resource<'attribution'>> =>
  resource('attribution', computed((): Wanted<'attribution'> => logitOf(which) ?? 'nothing'), ask, 32);

const sourcesOf = (which: 'before' | 'after'): ReadonlySignal<Resource<'attributionSources'>> =>
  resource(
    'attributionSources',
    computed((): Wanted<'attributionSources'> => {
      const logit = logitOf(which);
      const head = openHead.value;
      if (!logit || !head) return 'nothing';
      return logit === 'hold' ? logit : { run: logit.run, ask: { ...logit.ask, ...head } };
    }),
    ask,
    64,
  );

const [before, after] = [attributionOf('before'), attributionOf('after')];
const [sourcesBefore, sourcesAfter] = [sourcesOf('before'), sourcesOf('after')];

/** What is drawn: one run, or the difference of two. */
export const shownAs = computed((): 'before' | 'after' | 'difference' => (showing.value !== 'before' && afterRun.value ? showing.value : 'before'));

export const attribution = computed((): AttributionAnswer | null => {
  const [was, is] = [before.value.last?.value ?? null, after.value.last?.value ?? null];
  if (shownAs.value === 'before') return was;
  if (shownAs.value === 'after') return is;
  return was && is ? changed(was, is) : null;
});

export const attributionFailed = computed(() => [before.value, after.value].find(({ state }) => state === 'failed') ?? null);

/** Shares of the shown run's tokens in the open head's share. */
export const sources = computed((): SourcesAnswer | null => {
  const head = openHead.value;
  const fitting = ({ last }: Resource<'attributionSources'>): SourcesAnswer | null => (last && head && last.ask.layer === head.layer && last.ask.head === head.head ? last.value : null);
  const [was, is] = [fitting(sourcesBefore.value), placed(fitting(sourcesAfter.value))];
  if (shownAs.value === 'before') return was;
  if (shownAs.value === 'after') return is;
  return was && is ? { value: is.value - was.value, shares: is.shares.map((share, token) => share - (was.shares[token] ?? 0)), remainder: is.remainder - was.remainder } : null;
});

/** What the run with experiments tells of its tokens, by the tokens of the shown run. */
function placed(answer: SourcesAnswer | null): SourcesAnswer | null {
  const kept = afterRun.value?.kept;
  if (!answer || !kept) return null;
  const shares = new Float32Array(headTokens.value.length);
  for (const [at, share] of answer.shares.entries()) shares[kept[at] ?? at] = share;
  return { ...answer, shares };
}

/** Each part's share after, less that before; what only stands there with the experiments had none before. */
function changed(was: AttributionAnswer, is: AttributionAnswer): AttributionAnswer {
  const before = new Map(was.shares.map((share): [string, number] => [partOf(share), share.value]));
  return {
    ...is,
    logit: is.logit - was.logit,
    shares: is.shares.map((share) => ({ ...share, value: share.value - (before.get(partOf(share)) ?? 0) })),
    remainder: is.remainder - was.remainder,
  };
}

const partOf = (share: LogitShare): string => JSON.stringify({ ...share, value: 0 });
