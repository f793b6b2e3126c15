/** What tells positions apart, and what the order of words does to the prediction with and without that, as signals. */
import { computed, signal, type ReadonlySignal } from '@preact/signals';
import type { Candidate, Intervention, PositionsAnswer, RunId, Trouble } from '../src/protocol.ts';
import { aim } from './aim.ts';
import { beside, runBeside } from './beside.ts';
import { ask } from './bridge.ts';
import { ended } from './ended.ts';
import { nextPosition } from './nextPosition.ts';
import { resource, type Resource, type Wanted } from './resource.ts';
import { shuffleWords } from './shuffleWords.ts';
import { attention, queries, shown, tokensOf, view } from './store.ts';

/** Positions that are shown: those of the text, and of a short one some more, since only many show a pattern. */
const [fewest, most] = [64, 256];

export const positionsOff: Intervention = { kind: 'positions', by: 'zero' };

/** Vectors, or how alike they are. */
export const positionSight = signal<'vectors' | 'similarity'>('vectors');

const isShown = computed(() => view.value.picture === 'positions');

export const positions: ReadonlySignal<Resource<'positions'>> = resource(
  'positions',
  computed((): Wanted<'positions'> => {
    const of = attention.value;
    if (!isShown.value || !of) return 'nothing';
    if (!ended.value) return 'hold';
    const count = Math.min(most, Math.max(fewest, tokensOf(queries.value).length));
    return { run: ended.value.run, ask: { part: of.part, layer: Math.min(view.value.layer, of.layers - 1), count } };
  }),
  ask,
  16,
);

export const positionsTold = computed((): PositionsAnswer | null => positions.value.last?.value ?? null);

/** Vectors that are added to embeddings can be left out; what is part of the attention itself cannot. */
export const canLeaveOut = computed(() => positionsTold.value?.kind === 'learned' || positionsTold.value?.kind === 'sinusoidal');

// ── The words in another order ───────────────────────────────────────────────────────────

/** Where a prediction is most asked about. */
const endOf = (info: Parameters<typeof nextPosition>[0] | null): number => (info ? nextPosition(info, null, null) : 0);

/** Whether a prediction is made from the text itself, so that its order can be tried. */
export const canShuffle = computed(() => {
  const model = shown.value?.info.model;
  return model !== undefined && model.predicts !== 'nothing' && model.kind !== 'encoder-decoder';
});

/** Whose prediction is tried: after the pinned token, after the last one, or in place of the first mask. */
export const triedPosition = computed((): number => {
  const info = shown.value?.info;
  return info?.model.predicts === 'next' ? (aim.value?.position ?? 0) : endOf(info ?? null);
});

/** Counts orders that were tried there; 0 before the first. */
const tried = signal<{ readonly run: RunId; readonly position: number; readonly seed: number }>({ run: 0, position: 0, seed: 0 });

/** The words in another order than the last time: those up to the token after which the model predicts, which sees no others. */
export function shuffle(): void {
  const drawn = shown.peek();
  if (!drawn || !ended.peek()) return;
  const { run, model, tokens } = drawn.info;
  const position = triedPosition.peek();
  const seed = tried.peek().run === run && tried.peek().position === position ? tried.peek().seed + 1 : 1;
  tried.value = { run, position, seed };
  const goesOn = model.predicts === 'next';
  const text = drawn.text.slice(tokens[0]?.start ?? 0, goesOn ? tokens[position]?.end : tokens.at(-1)?.end);
  runBeside('text', { text: shuffleWords(text, { seed, keepLast: goesOn, mask: model.mask }) }, run);
}

/** The text in the order that was tried last, while its run is the one beside. */
export const shuffledText = computed((): string | null => {
  const other = beside.text.value;
  const own = ended.value;
  if (!own || tried.value.run !== own.run || tried.value.position !== triedPosition.value || other.state === 'none' || other.of !== own.run) return null;
  return other.wanted.text ?? null;
});

/** How the model predicts on one order of the words: `with` positions and, where they can be left out, without. */
function predicted(run: ReadonlySignal<RunId | null>, position: ReadonlySignal<number>, target: ReadonlySignal<number | undefined>): ReadonlySignal<Resource<'effect'>> {
  return resource(
    'effect',
    computed((): Wanted<'effect'> => {
      if (!isShown.value || !canShuffle.value || positionsTold.value === null) return 'nothing';
      if (run.value === null) return 'nothing';
      return { run: run.value, ask: { position: position.value, interventions: canLeaveOut.value ? [positionsOff] : [], top: 1, ...(target.value === undefined ? {} : { target: target.value }) } };
    }),
    ask,
    16,
  );
}

const original = predicted(
  computed(() => ended.value?.run ?? null),
  triedPosition,
  computed(() => view.value.target ?? undefined),
);

const shuffledInfo = computed(() => (shuffledText.value !== null && beside.text.value.state === 'ready' ? beside.text.value.info : null));

/** The token whose probability is compared: the likeliest on the text as it is, unless another one is in question. */
const followed = computed(() => original.value.last?.value.target.before.id);

const shuffled = predicted(
  computed(() => (followed.value === undefined ? null : (shuffledInfo.value?.run ?? null))),
  computed(() => endOf(shuffledInfo.value)),
  followed,
);

export interface OrderBar {
  readonly words: 'original' | 'shuffled';
  readonly positions: boolean;
  /** The token that is followed, and the likeliest one here. */
  readonly target: Candidate;
  readonly likeliest: Candidate | null;
}

/** What is known so far: two bars of the text as it is, and two of the other order. */
export const orderBars = computed((): readonly OrderBar[] => [...barsOf('original', original.value), ...barsOf('shuffled', shuffled.value)]);

function barsOf(words: OrderBar['words'], { last }: Resource<'effect'>): OrderBar[] {
  if (!last || (words === 'shuffled' && last.run !== shuffledInfo.value?.run)) return [];
  const { target, top, topBefore } = last.value;
  return [
    { words, positions: true, target: target.before, likeliest: topBefore[0]?.before ?? null },
    ...(last.ask.interventions.length > 0 ? [{ words, positions: false, target: target.after, likeliest: top[0]?.after ?? null }] : []),
  ];
}

/** Another order is being run. */
export const isShuffling = computed(() => shuffledText.value !== null && (beside.text.value.state === 'running' || shuffled.value.state === 'waiting'));

export const orderTrouble = computed((): Trouble | null => {
  const other = beside.text.value;
  if (shuffledText.value !== null && other.state === 'failed') return other.trouble;
  const failed = [original.value, shuffled.value].find(({ state }) => state === 'failed');
  return failed?.state === 'failed' ? failed.trouble : null;
});
