/** The probe file that a page shows, where it shows one; for every page, what a probe of it would say. */
import { signal, type ReadonlySignal } from '@preact/signals';
import type { ProbeHostMessage, ProbeLook, ShownProbe, ViewState } from '../src/protocol.ts';
import { initialView } from './viewState.ts';

const probeSignal = signal<ShownProbe | null>(null);
/** A position that the file names and that nothing is pinned for yet. */
let wanted: number | null = null;

/** Null in a panel. */
export const probe: ReadonlySignal<ShownProbe | null> = probeSignal;

/** @param show makes the page look as the file says. */
export function receiveProbe({ shown, look }: ProbeHostMessage, show: (view: ViewState) => void): void {
  probeSignal.value = shown;
  if (!look) return;
  const { position, ...view } = look;
  wanted = view.pinned ? null : position;
  show(viewOf(view));
}

/** The position that the file names, once. */
export function takeWanted(): number | null {
  const position = wanted;
  wanted = null;
  return position;
}

/** What the file says, and the rest as in the first view. */
function viewOf(look: Omit<ProbeLook, 'position'>): ViewState {
  return { ...initialView, ...look };
}

/** Settings that are not as in the first view. */
export function differing(view: ViewState): string[] {
  const first = new Map<string, unknown>(Object.entries(initialView));
  return Object.entries(view).flatMap(([setting, value]) => (JSON.stringify(first.get(setting)) === JSON.stringify(value) ? [] : [setting]));
}
