/** The way of one token through the layers, as signals: its vector, what is added to it, and the word that could be read off. */
import { computed, type ReadonlySignal } from '@preact/signals';
import type { Candidate, WayAnswer, WayPart } from '../src/protocol.ts';
import { ask } from './bridge.ts';
import { steppedQuery } from './headAnswers.ts';
import { headSequence } from './headTokens.ts';
import { resource, type Resource, type Wanted } from './resource.ts';
import { attention, output, queries, shown, view } from './store.ts';
import { insideRun } from './vectorRun.ts';

const wanted = computed((): { readonly run: number; readonly position: number } | 'nothing' | 'hold' => {
  if (view.value.picture !== 'way' || !attention.value || steppedQuery.value === null) return 'nothing';
  return insideRun.value === null ? 'hold' : { run: insideRun.value, position: steppedQuery.value };
});

/** What has been written so far, where the token is one of it. */
const version = computed(() => (queries.value === 'output' ? { version: output.value?.tokens.length ?? 0 } : {}));

export const way: ReadonlySignal<Resource<'way'>> = resource(
  'way',
  computed((): Wanted<'way'> => {
    if (typeof wanted.value === 'string') return wanted.value;
    return { run: wanted.value.run, ask: { part: attention.value?.part ?? 'decoder', position: wanted.value.position }, ...version.value };
  }),
  ask,
  16,
);

/** Whether the head reads this stream at all: of an encoder–decoder, the decoder's only. */
export const isRead = computed(() => shown.value?.info.model.predicts !== 'nothing' && queries.value === headSequence.value);

export const wayLens: ReadonlySignal<Resource<'lens'>> = resource(
  'lens',
  computed((): Wanted<'lens'> => {
    if (typeof wanted.value === 'string') return wanted.value;
    return isRead.value ? { run: wanted.value.run, ask: { positions: [wanted.value.position], top: 3 }, ...version.value } : 'nothing';
  }),
  ask,
  16,
);

/** A stretch of the way: the embedding (−1), then each layer. */
export interface WayStep {
  readonly layer: number;
  readonly parts: readonly WayPart[];
  /** Length of the stream after it. */
  readonly length: number;
  /** Cosine with the stream before it; null for the embedding. */
  readonly kept: number | null;
  /** What could be read off there, likeliest first; null while not known, or where nothing is read. */
  readonly top: readonly Candidate[] | null;
}

export const waySteps = computed((): readonly WayStep[] | null => {
  const { last } = way.value;
  if (!last) return null;
  const lens = wayLens.value.last;
  const fits = lens?.run === last.run && lens.ask.positions[0] === last.ask.position ? lens.value : null;
  return stepsOf(last.value, (layer) => (fits ? (fits.top[fits.layers.indexOf(layer)] ?? null) : null));
});

function stepsOf({ layers, end }: WayAnswer, topAfter: (layer: number) => readonly Candidate[] | null): WayStep[] {
  const embedding: WayStep = { layer: -1, parts: [], length: layers[0]?.before ?? end, kept: null, top: topAfter(-1) };
  return [embedding, ...layers.map(({ parts, kept }, layer): WayStep => ({ layer, parts, kept, length: layers[layer + 1]?.before ?? end, top: topAfter(layer) }))];
}
