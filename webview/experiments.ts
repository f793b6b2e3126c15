/** What the user switches off: the list in the view, and what was done to it. */
import { computed, effect, signal, type ReadonlySignal } from '@preact/signals';
import * as l10n from '@vscode/l10n';
import type { AttentionInfo, FeedForwardPart, Intervention, Replacement } from '../src/protocol.ts';
import { announce } from './announce.ts';
import { added, addedTogether, changed, headsOff, interventionsOf, removed, renamed, replacedBy, type Experiments } from './experimentList.ts';
import { noHistory, redone, stepped, undone, type History } from './history.ts';
import { attention, setView, shown, view } from './store.ts';
import { shownHeads } from './viewState.ts';

const history = signal<History<Experiments>>(noHistory);

export const experiments: ReadonlySignal<Experiments> = computed(() => view.value.experiments);
export const canUndo = computed(() => history.value.past.length > 0);
export const canRedo = computed(() => history.value.future.length > 0);

/** Of a graph that runs as it is nothing can be changed; of no text there is nothing to leave out. */
export const canIntervene = computed(() => {
  const info = shown.value?.info;
  return info !== undefined && info.model.door === 'weights' && info.tokens.length > 0;
});

/** Steps back lead to lists about the same text and model only. */
const about = computed(() => {
  const drawn = shown.value;
  return drawn ? JSON.stringify([drawn.info.model.name, drawn.text, drawn.info.window.start, drawn.info.target]) : null;
});
effect(() => {
  if (about.value !== null) history.value = noHistory;
});

/** Puts another list in place, one step that can be taken back: also for a lesson that shows an experiment. */
export function setExperiments(next: Experiments): void {
  const before = view.peek().experiments;
  if (next === before) return;
  history.value = stepped(history.peek(), before);
  setView({ experiments: next });
}

/** Switches something off; what is off already comes on again. */
export function switchOff(intervention: Intervention): void {
  if (canIntervene.peek()) setExperiments(added(view.peek().experiments, intervention));
}

/** Switches several things off as one step; where all are off already, all come on again. */
export function switchOffTogether(interventions: readonly Intervention[]): void {
  if (canIntervene.peek() && interventions.length > 0) setExperiments(addedTogether(view.peek().experiments, interventions));
}

export const toggle = (at: number): void => setExperiments(changed(view.peek().experiments, at, { on: view.peek().experiments[at]?.on !== true }));
export const remove = (at: number): void => setExperiments(removed(view.peek().experiments, at));
export const rename = (at: number, name: string): void => setExperiments(renamed(view.peek().experiments, at, name));
export const replaceBy = (at: number, by: Replacement): void => setExperiments(replacedBy(view.peek().experiments, at, by));
export const clear = (): void => setExperiments([]);

export function undo(): void {
  walk(undone(history.peek(), view.peek().experiments), l10n.t('There is no experiment to undo.'));
}

export function redo(): void {
  walk(redone(history.peek(), view.peek().experiments), l10n.t('There is no experiment to redo.'));
}

function walk(step: ReturnType<typeof undone<Experiments>>, otherwise: string): void {
  if (!step) {
    announce(otherwise);
    return;
  }
  history.value = step.history;
  setView({ experiments: step.now });
  announce(step.now.length === 1 ? l10n.t('1 experiment is listed.') : l10n.t('{0} experiments are listed.', step.now.length));
}

// ── What is looked at, as things to switch off ───────────────────────────────────────────

/** The heads that are looked at. */
export function headsShown(): Intervention[] {
  const of = attention.peek();
  return of ? shownHeads(view.peek(), of.heads).map((head) => ({ kind: 'head', part: of.part, layer: view.peek().layer, head, by: 'zero' })) : [];
}

/** The part whose layers hold feed-forward parts: a layer of cross-attention is one of the decoder. */
export const feedForwardPart = ({ part }: Pick<AttentionInfo, 'part'>): FeedForwardPart => (part === 'cross' ? 'decoder' : part);

/** Whether a head of the attention that is looked at is switched off. */
export const isHeadOff = computed(() => headsOff(interventionsOf(experiments.value), attention.value?.part ?? 'decoder', attention.value?.heads ?? 0));

/** Tokens of the text that are left out. */
export const tokensOff: ReadonlySignal<ReadonlySet<number>> = computed(() => new Set(interventionsOf(experiments.value).flatMap((one) => (one.kind === 'token' ? [one.token] : []))));
