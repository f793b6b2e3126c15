/** What the experiments change in attention, as a signal: asked while a picture shows the difference. */
import { computed, type ReadonlySignal } from '@preact/signals';
import type { LinksAnswer } from '../src/protocol.ts';
import { linksAsk, patternAsk } from './asks.ts';
import { ask } from './bridge.ts';
import { afterRun, showing } from './experimentRun.ts';
import { resource, type Answered, type Resource, type Wanted } from './resource.ts';
import { attention, shown, view } from './store.ts';

export const difference: ReadonlySignal<Resource<'difference'>> = resource(
  'difference',
  computed((): Wanted<'difference'> => {
    const of = attention.value;
    const run = shown.value?.info.run;
    if (showing.value !== 'difference' || !of || run === undefined) return 'nothing';
    const { picture } = view.value;
    if (picture !== 'graph' && picture !== 'map') return 'nothing';
    if (!afterRun.value) return 'hold';
    const { percent, limit } = linksAsk(view.value, of);
    const whose = picture === 'map' ? patternAsk(view.value, of) : linksAsk(view.value, of);
    // The map tells single cells exactly whatever the slider of the graph says.
    return { run, ask: { ...whose, percent: picture === 'map' ? 100 : percent, limit, against: afterRun.value.info.run } };
  }),
  ask,
  16,
);

/** As links whose weights are changes. */
export function changedLinks({ value }: Answered<'difference'>): LinksAnswer {
  const { query, key, head, change, hidden, hiddenShare } = value;
  return { query, key, head, weight: change, hidden, hiddenShare, sinkShare: new Float32Array() };
}
