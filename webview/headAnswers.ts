/** One head at one query, as signals: which, which of its keys, and which of the steps is gone through. */
import { computed, signal, type ReadonlySignal } from '@preact/signals';
import type { HeadStepsAnswer } from '../src/protocol.ts';
import { ask } from './bridge.ts';
import { runningSteps, type StepKind } from './headSteps.ts';
import { nextPosition } from './nextPosition.ts';
import { tokenIn } from './place.ts';
import { resource, type Resource, type Wanted } from './resource.ts';
import { attention, caret, output, pinned, queries, shown, tokensOf, view } from './store.ts';
import { insideRun } from './vectorRun.ts';

/** Keys that are shown at a time. */
export const keysAtOnce = 40;

/** Masked keys that are shown after the query's own. */
const maskedShown = 3;

export const stepOrder = signal<'text' | 'weight'>('text');

/** The head that is gone through: the chosen one, or the first of several. */
export const steppedHead = computed(() => Math.min(view.value.heads[0] ?? 0, (attention.value?.heads ?? 1) - 1));

/** The layer, of the attention that is looked at. */
export const steppedLayer = computed(() => Math.min(view.value.layer, (attention.value?.layers ?? 1) - 1));

/** The pinned token that looks, else the one under the editor's cursor, else the one whose prediction is most asked about. */
export const steppedQuery = computed((): number | null => {
  const info = shown.value?.info;
  const tokens = tokensOf(queries.value).length;
  if (!info || tokens === 0) return null;
  const cursor = queries.value === 'text' ? caret.value : null;
  return Math.min(tokens - 1, tokenIn(queries.value, pinned.value) ?? cursor ?? nextPosition(info, queries.value === 'output' ? output.value : null, null));
});

// ── Which keys ───────────────────────────────────────────────────────────────────────────

const about = computed(() => JSON.stringify([insideRun.value, attention.value?.part, steppedQuery.value, stepOrder.value]));
const turned = signal<{ readonly about: string; readonly from: number }>({ about: '', from: 0 });

/** Place of the first key that is shown: where queries look back, those up to the query come into sight first. */
export const firstKey = computed(() => {
  if (turned.value.about === about.value) return turned.value.from;
  const back = attention.value?.causal === true && stepOrder.value === 'text';
  return back ? Math.max(0, (steppedQuery.value ?? 0) + 1 + maskedShown - keysAtOnce) : 0;
});

export function turnTo(from: number): void {
  turned.value = { about: about.peek(), from: Math.max(0, from) };
}

// ── What is asked ────────────────────────────────────────────────────────────────────────

export const headSteps: ReadonlySignal<Resource<'headSteps'>> = resource(
  'headSteps',
  computed((): Wanted<'headSteps'> => {
    const of = attention.value;
    const query = steppedQuery.value;
    if (view.value.picture !== 'head' || !of || query === null) return 'nothing';
    const run = insideRun.value;
    if (run === null) return 'hold';
    const wanted = { run, ask: { part: of.part, layer: steppedLayer.value, head: steppedHead.value, query, order: stepOrder.value, from: firstKey.value, count: keysAtOnce } };
    return output.value ? { ...wanted, version: output.value.tokens.length } : wanted;
  }),
  ask,
  32,
);

/** What is drawn: the last answer, also while a newer one is on its way. */
export const drawnSteps = computed((): HeadStepsAnswer | null => headSteps.value.last?.value ?? null);

// ── The step that is gone through ────────────────────────────────────────────────────────

export const stepKind = signal<StepKind>('product');
const clicked = signal<{ readonly about: string; readonly key: number } | null>(null);
const taken = signal<{ readonly about: string; readonly steps: number } | null>(null);

/** Row of the key whose product is gone through: the one that was clicked, else the one that is looked at most. */
export const steppedRow = computed((): number => {
  const answer = drawnSteps.value;
  if (!answer) return 0;
  const own = clicked.value?.about === about.value ? answer.told.indexOf(clicked.value.key) : -1;
  return own >= 0 ? own : answer.pattern.indexOf(Math.max(...answer.pattern));
});

export function stepThrough(key: number): void {
  clicked.value = { about: about.peek(), key };
}

const takenAbout = computed(() => JSON.stringify([about.value, steppedLayer.value, steppedHead.value, firstKey.value, stepKind.value, stepKind.value === 'product' ? steppedRow.value : 0]));

/** So many single steps there are of the kind that is gone through. */
export const stepCount = computed(() => (drawnSteps.value ? runningSteps(drawnSteps.value, stepKind.value) : 0));

/** So many of them are done: all, until one goes back to look. */
export const stepsDone = computed(() => (taken.value?.about === takenAbout.value ? Math.min(taken.value.steps, stepCount.value) : stepCount.value));

export function goToStep(steps: number): void {
  taken.value = { about: takenAbout.peek(), steps: Math.max(0, Math.min(stepCount.peek(), steps)) };
}
