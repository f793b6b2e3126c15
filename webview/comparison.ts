/** Another model's run on the shown text, to be asked the same: what the host tells of it. */
import { signal, type ReadonlySignal } from '@preact/signals';
import type { HostRunEvent, RunId, RunInfo, Trouble } from '../src/protocol.ts';

export type Comparison =
  | { readonly state: 'none' }
  /** `beside` is the run that it is compared with. */
  | { readonly state: 'running'; readonly name: string; readonly beside: RunId; readonly info: RunInfo | null }
  | { readonly state: 'ready'; readonly name: string; readonly beside: RunId; readonly info: RunInfo }
  | { readonly state: 'failed'; readonly name: string; readonly beside: RunId; readonly trouble: Trouble };

const current = signal<Comparison>({ state: 'none' });

export const comparison: ReadonlySignal<Comparison> = current;

/** The host has been asked to run the model; what it tells from now on is about that. */
export function expectCompared(name: string, beside: RunId): void {
  current.value = { state: 'running', name, beside, info: null };
}

export function forgetCompared(): void {
  current.value = { state: 'none' };
}

/** What the host tells of a model that was asked for before comes to nothing. */
export function receiveCompared(event: HostRunEvent): void {
  const before = current.peek();
  if (before.state === 'none') return;
  const { name, beside } = before;
  if (event.type === 'started' && event.info.model.name === name) current.value = { state: 'running', name, beside, info: event.info };
  if (event.type === 'finished' && before.state === 'running' && before.info?.run === event.run) current.value = { state: 'ready', name, beside, info: before.info };
  // The result of a run that has ended can still be lost with its worker.
  if (event.type === 'failed' && event.trouble.code !== 'run.cancelled') current.value = { state: 'failed', name, beside, trouble: event.trouble };
}
