/** The experiments as they run: beside the shown run, and as an effect on the prediction in question. */
import { computed, effect, signal, type ReadonlySignal } from '@preact/signals';
import type { Intervention, LayerSummary, RunId, RunInfo, Trouble } from '../src/protocol.ts';
import { aim } from './aim.ts';
import { beside, leaveBeside, runBeside } from './beside.ts';
import { ask } from './bridge.ts';
import { ended } from './ended.ts';
import { interventionsOf, subjectOf } from './experimentList.ts';
import { canIntervene, experiments } from './experiments.ts';
import { resource, type Resource, type Wanted } from './resource.ts';
import { output, shown, view } from './store.ts';

/** Changes in quick succession are run once, milliseconds. */
const delay = 120;

/** What is wrong with single experiments, by their subject: they are left out of what is run. */
const faults = signal<ReadonlyMap<string, Trouble>>(new Map());
export const faultOf = (intervention: Intervention): Trouble | null => faults.value.get(subjectOf(intervention)) ?? null;

/** What is switched off of the shown run, as far as it can be. */
export const wanted = computed((): readonly Intervention[] => (canIntervene.value ? interventionsOf(experiments.value).filter((one) => !faults.value.has(subjectOf(one))) : []));

/** The same once it has stood for a moment, with the run that it is about. */
const stood = signal<{ readonly run: RunId; readonly interventions: readonly Intervention[] } | null>(null);
export const settled: ReadonlySignal<typeof stood.value> = stood;
effect(() => {
  const run = ended.value?.run;
  const interventions = wanted.value;
  const before = stood.peek();
  if (run === undefined || interventions.length === 0) {
    stood.value = null;
    return undefined;
  }
  if (before?.run === run && JSON.stringify(before.interventions) === JSON.stringify(interventions)) return undefined;
  const timer = setTimeout(() => (stood.value = { run, interventions }), delay);
  return () => clearTimeout(timer);
});

effect(() => {
  const now = settled.value;
  if (!now) {
    leaveBeside('experiments');
    return;
  }
  // Both look at the same output: what is compared is what the model makes of the same tokens.
  const written = output.peek()?.tokens.map(({ id }) => id);
  runBeside('experiments', { interventions: now.interventions, ...(written ? { outputIds: written } : {}) }, now.run);
});

/** What the experiments change in the prediction in question. */
export const change: ReadonlySignal<Resource<'effect'>> = resource(
  'effect',
  computed((): Wanted<'effect'> => {
    if (!aim.value || wanted.value.length === 0) return 'nothing';
    const now = settled.value;
    if (!now || now.run !== ended.value?.run) return 'hold';
    return { run: now.run, ask: { ...aim.value, interventions: now.interventions, top: view.value.top } };
  }),
  ask,
  64,
);

// ── The run with experiments ─────────────────────────────────────────────────────────────

export interface After {
  readonly info: RunInfo;
  /** Where each token of its text was before any were left out. */
  readonly kept: readonly number[];
  readonly layers: readonly LayerSummary[];
}

/** Null without experiments; `running` until it has ended. */
export const after = computed((): After | Trouble | 'running' | null => {
  if (wanted.value.length === 0) return null;
  const run = beside.experiments.value;
  const now = settled.value;
  const tokens = shown.value?.info.tokens.length ?? 0;
  if (!now || run.state === 'none' || run.of !== shown.value?.info.run || run.wanted.interventions !== now.interventions || run.state === 'running') return 'running';
  if (run.state === 'failed') return run.trouble;
  const left = new Set(now.interventions.flatMap((one) => (one.kind === 'token' ? [one.token] : [])));
  const kept = Array.from({ length: tokens }, (_, token) => token).filter((token) => !left.has(token));
  return { info: run.info, kept, layers: run.layers };
});

/** The run with experiments once it is there. */
export const afterRun = computed((): After | null => (after.value !== null && typeof after.value === 'object' && 'kept' in after.value ? after.value : null));

/** Whether pictures show what was before, after, or the difference: without experiments there is but one. */
export const showing = computed(() => (wanted.value.length === 0 ? 'before' : view.value.showing));

// ── Which of them cannot be ──────────────────────────────────────────────────────────────

/** Why the experiments together cannot be run. */
export const trouble = computed((): Trouble | null => {
  if (wanted.value.length === 0) return null;
  const failed = after.value;
  if (failed !== null && typeof failed === 'object' && 'message' in failed) return failed;
  return change.value.state === 'failed' ? change.value.trouble : null;
});

/** Another run may have what this one had not. */
effect(() => {
  if (shown.value) faults.value = new Map();
});

/** When several fail together, each is tried alone: those that cannot be are marked, the others go on without them. */
effect(() => {
  const now = settled.value;
  const failed = trouble.value;
  const position = aim.peek()?.position;
  if (!now || !failed || position === undefined || !/^(intervention|model)\./.test(failed.code)) return;
  void findFaults(now.run, now.interventions, position);
});

async function findFaults(run: RunId, interventions: readonly Intervention[], position: number): Promise<void> {
  const found = new Map(faults.peek());
  for (const one of interventions) {
    const outcome = await ask(run, 'effect', { interventions: [one], position, top: 1 }).answer;
    if (shown.peek()?.info.run !== run) return;
    if (!outcome.ok && /^(intervention|model)\./.test(outcome.trouble.code)) found.set(subjectOf(one), outcome.trouble);
  }
  if (found.size > faults.peek().size) faults.value = found;
}
