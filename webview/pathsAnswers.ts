/** The paths of the prediction in question, as far as they add enough: in the shown run, or with the experiments in that run. */
import { computed, signal, type ReadonlySignal } from '@preact/signals';
import type { PathsAnswer } from '../src/protocol.ts';
import { logitAfter, logitBefore } from './aimedLogit.ts';
import { drawnAfter } from './attended.ts';
import { ask } from './bridge.ts';
import { showing } from './experimentRun.ts';
import { headSequence } from './headTokens.ts';
import { resource, type Resource, type Wanted } from './resource.ts';
import { shown, view } from './store.ts';

/** What adds less than this share of all direct contributions is left out, 0–1. */
export const leastShare = signal(0.005);

/** Graphs of two runs have nodes and edges of their own: in place of their difference there is the one with the experiments. */
export const paths: ReadonlySignal<Resource<'paths'>> = resource(
  'paths',
  computed((): Wanted<'paths'> => {
    if (view.value.picture !== 'paths') return 'nothing';
    const logit = showing.value === 'before' ? logitBefore() : logitAfter();
    return logit ? { run: logit.run, ask: { ...logit.ask, least: leastShare.value } } : 'hold';
  }),
  ask,
  32,
);

/** The graph that is drawn, over the tokens of the shown run, and of which of the two it is. */
export const drawnPaths = computed((): { readonly answer: PathsAnswer; readonly of: 'before' | 'after' } | null => {
  const { last } = paths.value;
  if (!last) return null;
  if (last.run === shown.value?.info.run) return { answer: last.value, of: 'before' };
  const after = drawnAfter.value;
  if (last.run !== after?.info.run) return null;
  const { kept } = after;
  const own = headSequence.value === 'text';
  const nodes = last.value.nodes.map((node) => ({ ...node, token: own ? (kept[node.token] ?? node.token) : node.token }));
  return { answer: { ...last.value, nodes }, of: 'after' };
});
