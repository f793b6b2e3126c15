/** What a model that translates writes with the experiments on: in a run of its own, in which it is not given what it wrote without them. */
import { computed, effect, signal, type ReadonlySignal } from '@preact/signals';
import * as l10n from '@vscode/l10n';
import type { Trouble } from '../src/protocol.ts';
import { announce } from './announce.ts';
import { beside, leaveBeside, runBeside } from './beside.ts';
import { settled, wanted } from './experimentRun.ts';
import { output, shown } from './store.ts';
import { textChanges, type TextChange } from './textChanges.ts';

const wished = signal(false);

/** Whether there is an output, and experiments to write another with. */
export const canRewrite = computed(() => shown.value?.info.model.kind === 'encoder-decoder' && wanted.value.length > 0);

/** Whether an output with the experiments stands beside the one without. */
export const rewrites = computed(() => wished.value && canRewrite.value);

/** Has the model write with the experiments, again whenever they or the text change; or calls that off and goes back to the output alone. */
export function setRewrites(on: boolean): void {
  wished.value = on;
}

effect(() => {
  const now = settled.value;
  if (now && rewrites.value) runBeside('writing', { interventions: now.interventions }, now.run);
  else leaveBeside('writing');
});

export interface Rewritten {
  readonly complete: boolean;
  readonly changes: readonly TextChange[];
  readonly trouble: Trouble | null;
}

/** What has been written so far, against what was written without the experiments; null where it is not wanted. */
export const rewritten: ReadonlySignal<Rewritten | null> = computed(() => {
  if (!rewrites.value) return null;
  const run = beside.writing.value;
  if (run.state === 'none' || run.of !== shown.value?.info.run) return { complete: false, changes: [], trouble: null };
  if (run.state === 'failed') return { complete: false, changes: [], trouble: run.trouble };
  const complete = run.state === 'ready';
  return { complete, changes: textChanges(output.value?.tokens ?? [], run.output, complete), trouble: null };
});

effect(() => {
  const run = beside.writing.value;
  if (run.state === 'ready') announce(l10n.t('With the experiments the model writes: {0}', textChanges([], run.output, true).map(({ text }) => text).join('')));
});
