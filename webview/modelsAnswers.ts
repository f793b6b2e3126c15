/** Another model on the shown text: what each expects next, and how each is surprised by the tokens. */
import { computed, effect, signal, type ReadonlySignal } from '@preact/signals';
import type { RunInfo, Trouble } from '../src/protocol.ts';
import { aim } from './aim.ts';
import { beside, runBeside } from './beside.ts';
import { ask } from './bridge.ts';
import { ended } from './ended.ts';
import { tokensByRange } from './modelTokens.ts';
import { comparable } from './recurrentAnswers.ts';
import { resource, type Resource, type Wanted } from './resource.ts';
import { view } from './store.ts';

const isShown = computed(() => view.value.picture === 'models');

/** The model that was chosen; the first that there is, as long as nobody has. */
const chosen = signal<string | null>(null);
export const otherModel = computed((): string | null => (chosen.value !== null && comparable.value.includes(chosen.value) ? chosen.value : (comparable.value[0] ?? null)));
export function chooseModel(name: string): void {
  chosen.value = name;
}

effect(() => {
  const info = ended.value;
  const name = otherModel.value;
  if (!isShown.value || !info || name === null) return;
  const now = beside.model.peek();
  if (now.state === 'none' || now.of !== info.run || now.wanted.model !== name) runBeside('model', { model: name }, info.run);
});

/** The other model's run, once it has ended. */
export const modelRun = computed((): RunInfo | null => {
  const run = beside.model.value;
  return run.state === 'ready' && run.of === ended.value?.run && run.wanted.model === otherModel.value ? run.info : null;
});

/** For each token of the shown model the other's of the same stretch of text, or null where that is cut otherwise. */
export const modelTokens = computed(() => (ended.value && modelRun.value ? tokensByRange(ended.value.tokens, modelRun.value.tokens) : []));

export interface ModelAnswers {
  readonly surprisal: ReadonlySignal<Resource<'surprisal'>>;
  readonly next: ReadonlySignal<Resource<'next'>>;
}

/** Candidates of each model. */
const candidates = 10;

function answersOf(run: ReadonlySignal<RunInfo | null>, position: ReadonlySignal<number | null>): ModelAnswers {
  return {
    surprisal: resource(
      'surprisal',
      computed((): Wanted<'surprisal'> => (isShown.value && run.value ? { run: run.value.run, ask: { from: 0, to: run.value.tokens.length } } : 'nothing')),
      ask,
      4,
    ),
    next: resource(
      'next',
      computed((): Wanted<'next'> => (isShown.value && run.value && position.value !== null ? { run: run.value.run, ask: { position: position.value, top: candidates } } : 'nothing')),
      ask,
      32,
    ),
  };
}

export const shownAnswers = answersOf(ended, computed(() => aim.value?.position ?? null));

/** Where the other model's tokens end at another place, it has no such prediction. */
export const otherAnswers = answersOf(modelRun, computed(() => (aim.value ? (modelTokens.value[aim.value.position] ?? null) : null)));

export const modelsTrouble = computed((): Trouble | null => {
  const run = beside.model.value;
  if (run.state === 'failed' && run.wanted.model === otherModel.value) return run.trouble;
  const failed = [shownAnswers.surprisal.value, otherAnswers.surprisal.value, shownAnswers.next.value, otherAnswers.next.value].find(({ state }) => state === 'failed');
  return failed?.state === 'failed' ? failed.trouble : null;
});
