/** What the worker answers about the shown run, as signals: each asks itself again when what it depends on changes. */
import { computed, effect, signal, type ReadonlySignal } from '@preact/signals';
import type { AttentionInfo, ModelInfo, NextAnswer, RunId, RunInfo } from '../src/protocol.ts';
import { fidelityAsk, focusAsk, linksAsk, nextAsk, patternAsk } from './asks.ts';
import { attendedUnit, ofAttended, placedLinksOf, placedPatternOf, placedRowOf } from './attended.ts';
import { ask, type PageQuestion } from './bridge.ts';
import { showing } from './experimentRun.ts';
import { nextPosition } from './nextPosition.ts';
import { drawAt } from './sampling.ts';
import { resource, type Asked, type Resource, type Wanted } from './resource.ts';
import { attention, focused, lookedAt, output, run, shown, summaries, view } from './store.ts';

/** `hold` while another run is on its way; else the run that is drawn, or null where there is none. */
const asking = computed(() => {
  const state = run.value;
  if (state.state !== 'ready' && state.state !== 'loading') return null;
  return state.info && state.info === shown.value?.info ? { info: state.info, ended: state.state === 'ready' } : 'hold';
});

/** A decoder that writes is asked about what there is, again with each token, from its first one on. */
const written = computed(() => output.value?.tokens.length ?? 0);

/** Wants nothing without a run, holds on to the last answer while a run starts, waits for the layer. */
function wantAttention<Q extends PageQuestion>(of: (info: RunInfo, attention: AttentionInfo) => Wanted<Q>): Wanted<Q> {
  const asked = asking.value;
  if (!asked) return 'nothing';
  if (asked === 'hold') return 'hold';
  const looked = attention.value;
  if (!looked) return 'nothing';
  const { layer } = view.value;
  const writes = looked.queries === 'output';
  const arrived = asked.ended || (writes ? written.value > 1 : summaries.value.some((summary) => summary.part === looked.part && summary.layer === layer));
  if (!arrived) return 'nothing';
  const wanted = of(asked.info, looked);
  if (asked.ended && showing.value !== 'before') return ofAttended(wanted);
  return writes && typeof wanted !== 'string' ? { ...wanted, version: written.value } : wanted;
}

export const links: ReadonlySignal<Resource<'links'>> = placedLinksOf(
  resource(
    'links',
    computed(() => wantAttention<'links'>((info, of) => ({ run: info.run, ask: linksAsk(view.value, of) }))),
    ask,
    16,
  ),
);

export const pattern: ReadonlySignal<Resource<'pattern'>> = placedPatternOf(
  resource(
    'pattern',
    computed(() => (view.value.picture === 'map' ? wantAttention<'pattern'>((info, of) => ({ run: info.run, ask: patternAsk(view.value, of) })) : 'nothing')),
    ask,
    16,
  ),
);

/** The complete row or column of the focused unit. */
export const focusRow: ReadonlySignal<Resource<'focus'>> = placedRowOf(
  resource(
    'focus',
    computed(() => {
      const looked = lookedAt.value;
      const unit = looked ? attendedUnit(looked.unit, looked.direction) : -1;
      if (!looked || unit < 0) return 'nothing';
      return wantAttention<'focus'>((info, of) => ({ run: info.run, ask: focusAsk(view.value, of, unit, looked.direction) }));
    }),
    ask,
    256,
  ),
);

/** What the model expects after the focused token, or in its place; without a focus at the place that is most asked about. */
export const next: ReadonlySignal<Resource<'next'>> = resource(
  'next',
  computed((): Wanted<'next'> => {
    const asked = asking.value;
    if (!asked) return 'nothing';
    if (asked === 'hold') return 'hold';
    const { info, ended } = asked;
    if (info.model.predicts === 'nothing' || info.tokens.length === 0) return 'nothing';
    if (!ended && written.value < 2) return 'hold';
    const position = nextPosition(info, output.value, focused.value);
    const draw = view.value.sampling ? drawAt(drawPlace(info.run, position)).value : null;
    const wanted: Asked<'next'> = { run: info.run, ask: nextAsk(view.value, position, draw?.number ?? null) };
    return output.value ? { ...wanted, version: written.value } : wanted;
  }),
  ask,
  256,
);

/** Names the place that draws are about. */
export const drawPlace = (run: number, position: number): string => `${String(run)} ${String(position)}`;

/** The candidates' words, where they are wanted and the model goes on with the text itself. */
export const words: ReadonlySignal<Resource<'words'>> = resource(
  'words',
  computed((): Wanted<'words'> => {
    const asked = asking.value;
    const { last } = next.value;
    if (!asked || asked === 'hold' || !last || last.run !== asked.info.run) return asked === 'hold' ? 'hold' : 'nothing';
    if (view.value.candidates !== 'word' || !goesOn(asked.info.model)) return 'nothing';
    return { run: last.run, ask: { position: last.value.position, ids: last.value.top.map(({ id }) => id) } };
  }),
  ask,
  64,
);

/** Whether a model goes on with the text itself. */
export const goesOn = ({ predicts, kind }: ModelInfo): boolean => predicts === 'next' && kind !== 'encoder-decoder';

/** The answer about the shown run, if there is one. */
export const expectation = computed((): NextAnswer | null => {
  const { last } = next.value;
  return last && shown.value?.info.model.predicts === last.value.predicts ? last.value : null;
});

/** The picture that is looked at and the bars have their answers, or none is to come. */
const everythingIsThere = computed(() => {
  const { picture } = view.value;
  const drawn = showing.value === 'difference' || (picture === 'graph' ? links.value.state === 'ready' : picture === 'map' ? pattern.value.state === 'ready' : true);
  return (drawn || attention.value === null) && (next.value.state === 'ready' || shown.value?.info.model.predicts === 'nothing');
});

/** The last run of which everything has been there once: what is looked at later does not take that back. */
const seenRun = signal<RunId | null>(null);
effect(() => {
  const asked = asking.value;
  if (asked && asked !== 'hold' && asked.ended && everythingIsThere.value) seenRun.value = asked.info.run;
});

/** What 8-bit weights cost on this text: asked once, when all else is there, and only of a model that has them. */
export const fidelity: ReadonlySignal<Resource<'fidelity'>> = resource(
  'fidelity',
  computed((): Wanted<'fidelity'> => {
    const asked = asking.value;
    if (!asked) return 'nothing';
    if (asked === 'hold') return 'hold';
    const { model, run: id } = asked.info;
    return model.precision === '8-bit' && seenRun.value === id ? { run: id, ask: fidelityAsk } : 'nothing';
  }),
  ask,
  4,
);
