/** Which run pictures of attention ask about, and where its answers belong among the shown tokens. */
import { computed, effect, signal, type ReadonlySignal } from '@preact/signals';
import type { Sequence } from '../src/protocol.ts';
import { placeAmong, placedLinks, placedPattern, placedRow, unitPlaces, type UnitPlaces } from './afterUnits.ts';
import { afterRun, showing, type After } from './experimentRun.ts';
import type { PageQuestion } from './bridge.ts';
import type { Answered, Resource, Wanted } from './resource.ts';
import { attention, keys, queries, shown, summaries, unitsOf, view } from './store.ts';

/** The last run with experiments: it is drawn until the next one is there. */
const lastAfter = signal<After | null>(null);
effect(() => {
  if (afterRun.value) lastAfter.value = afterRun.value;
});
export const drawnAfter: ReadonlySignal<After | null> = lastAfter;

function placesIn(sequence: Sequence, { kept, info }: After): UnitPlaces {
  return sequence === 'text' ? unitPlaces(kept, info.tokens, unitsOf('text'), shown.value?.info.tokens.length ?? 0, view.value.unit) : null;
}

const places = computed(() => {
  const after = drawnAfter.value;
  return after ? { queries: placesIn(queries.value, after), keys: placesIn(keys.value, after) } : null;
});

/** What is asked of the shown run, asked of the one that is looked at instead. */
export function ofAttended<Q extends PageQuestion>(wanted: Wanted<Q>): Wanted<Q> {
  if (typeof wanted === 'string' || showing.value === 'before') return wanted;
  // Differences are a question of their own.
  if (showing.value === 'difference') return 'nothing';
  return afterRun.value ? { ...wanted, run: afterRun.value.info.run } : 'hold';
}

/** The unit of the run that is looked at; −1 where that has left it out. */
export function attendedUnit(unit: number, direction: 'from' | 'to'): number {
  return showing.value === 'after' ? placeAmong(places.value?.[direction === 'from' ? 'queries' : 'keys'] ?? null, unit) : unit;
}

/** Answers as if they were about the shown run: its units, its number. */
function placed<Q extends PageQuestion>(answer: Resource<Q>, put: (last: Answered<Q>, own: NonNullable<typeof places.value>) => Answered<Q>): Resource<Q> {
  const after = drawnAfter.value;
  const own = places.value;
  const run = shown.value?.info.run;
  const { last } = answer;
  if (!last || !after || !own || run === undefined || last.run !== after.info.run) return answer;
  return { ...answer, last: { ...put(last, own), run } };
}

export const placedLinksOf = (raw: ReadonlySignal<Resource<'links'>>): ReadonlySignal<Resource<'links'>> =>
  computed(() => placed(raw.value, (last, own) => ({ ...last, value: placedLinks(last.value, own.queries, own.keys) })));

export const placedPatternOf = (raw: ReadonlySignal<Resource<'pattern'>>): ReadonlySignal<Resource<'pattern'>> =>
  computed(() => placed(raw.value, (last, own) => ({ ...last, value: placedPattern(last.value, own.queries, own.keys, unitsOf(queries.value).length, unitsOf(keys.value).length) })));

export const placedRowOf = (raw: ReadonlySignal<Resource<'focus'>>): ReadonlySignal<Resource<'focus'>> =>
  computed(() =>
    placed(raw.value, (last, own) => {
      const from = last.ask.direction === 'from';
      const self = from ? own.queries : own.keys;
      const others = from ? own.keys : own.queries;
      const value = placedRow(last.value, others, unitsOf(from ? keys.value : queries.value).length);
      return { ...last, ask: { ...last.ask, unitIndex: self ? (self[last.ask.unitIndex] ?? 0) : last.ask.unitIndex }, value };
    }),
  );

/** Layers of the run that is looked at, for the grid of heads. */
export const attendedSummaries = computed(() => (showing.value === 'after' ? (drawnAfter.value?.layers.filter(({ part }) => part === attention.value?.part) ?? []) : summaries.value));
