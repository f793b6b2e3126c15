/** Runs that stand beside the shown one: what was asked of the host, and what it tells of it. */
import { signal, type ReadonlySignal } from '@preact/signals';
import type { Beside, BesidePlace, HostMessage, LayerSummary, RunId, RunInfo, Token, Trouble } from '../src/protocol.ts';
import { post } from './bridge.ts';

export type BesideRun =
  | { readonly state: 'none' }
  /** `of` is the shown run that it stands beside, `layers` those that have arrived, `output` what a decoder has written. */
  | { readonly state: 'running'; readonly wanted: Beside; readonly of: RunId; readonly info: RunInfo | null; readonly layers: readonly LayerSummary[]; readonly output: readonly Token[] }
  | { readonly state: 'ready'; readonly wanted: Beside; readonly of: RunId; readonly info: RunInfo; readonly layers: readonly LayerSummary[]; readonly output: readonly Token[] }
  | { readonly state: 'failed'; readonly wanted: Beside; readonly of: RunId; readonly trouble: Trouble };

const runs = {
  model: signal<BesideRun>({ state: 'none' }),
  experiments: signal<BesideRun>({ state: 'none' }),
  text: signal<BesideRun>({ state: 'none' }),
  writing: signal<BesideRun>({ state: 'none' }),
};

/** Events of an older request are about something else. */
const newest: Record<BesidePlace, number> = { model: 0, experiments: 0, text: 0, writing: 0 };

export const beside: { readonly [Place in BesidePlace]: ReadonlySignal<BesideRun> } = runs;

/** Has the host run something beside the shown run `of`, in place of what was there. */
export function runBeside(place: BesidePlace, wanted: Beside, of: RunId): void {
  runs[place].value = { state: 'running', wanted, of, info: null, layers: [], output: [] };
  post({ type: 'beside', place, request: ++newest[place], wanted });
}

/** Nothing is wanted at that place any more. */
export function leaveBeside(place: BesidePlace): void {
  if (runs[place].peek().state === 'none') return;
  runs[place].value = { state: 'none' };
  post({ type: 'beside', place, request: ++newest[place], wanted: null });
}

export function receiveBeside({ place, request, event }: Extract<HostMessage, { type: 'beside' }>): void {
  const run = runs[place];
  const before = run.peek();
  if (before.state === 'none' || request !== newest[place]) return;
  const { wanted, of } = before;
  if (event.type === 'started') run.value = { state: 'running', wanted, of, info: event.info, layers: [], output: [] };
  if (event.type === 'layer' && before.state === 'running') run.value = { ...before, layers: [...before.layers, event.summary] };
  if (event.type === 'output' && before.state === 'running') run.value = { ...before, output: event.tokens };
  if (event.type === 'finished' && before.state === 'running' && before.info) run.value = { state: 'ready', wanted, of, info: before.info, layers: before.layers, output: before.output };
  // The result of a run that has ended can still be lost with its worker.
  if (event.type === 'failed' && event.trouble.code !== 'run.cancelled') run.value = { state: 'failed', wanted, of, trouble: event.trouble };
}
