/** States of a recurrent network and the influence of earlier tokens, as signals: what is asked follows what is looked at. */
import { computed, effect, signal, type ReadonlySignal } from '@preact/signals';
import type { Token } from '../src/protocol.ts';
import { beside as besideRuns, leaveBeside, runBeside } from './beside.ts';
import { ask } from './bridge.ts';
import { ended } from './ended.ts';
import { influenceOf, type Influence, type InfluenceWanted } from './influence.ts';
import { tokenIn } from './place.ts';
import { resource, type Resource, type Wanted } from './resource.ts';
import { caret, hello, pinned, run, shown, stateSummaries, view } from './store.ts';

/** More units than these cannot be told apart side by side. */
const unitsShown = 32;

/** Tokens that are asked about at first, and with each wish for more. */
const span = 64;

// ── States ───────────────────────────────────────────────────────────────────────────────

/** The layer whose units are shown; the view may be from a deeper model. */
export const stateLayer = computed(() => Math.max(0, Math.min(view.value.layer, (shown.value?.info.model.layers ?? 1) - 1)));

export const states: ReadonlySignal<Resource<'states'>> = resource(
  'states',
  computed((): Wanted<'states'> => {
    const info = shown.value?.info;
    if (info?.model.kind !== 'recurrent') return 'nothing';
    const arrived = ended.value === info || stateSummaries.value.some(({ layer }) => layer === stateLayer.value);
    return arrived && run.value.state !== 'failed' ? { run: info.run, ask: { layer: stateLayer.value, units: unitsShown } } : 'hold';
  }),
  ask,
  16,
);

// ── Influence ────────────────────────────────────────────────────────────────────────────

const isShown = computed(() => view.value.picture === 'influence');

/** The prediction in question comes after the pinned token, or after that under the editor's cursor, or the last. */
export const influencePosition = computed((): number | null => {
  const tokens = shown.value?.info.tokens.length ?? 0;
  if (tokens === 0) return null;
  return Math.min(tokens - 1, tokenIn('text', pinned.value) ?? caret.value ?? tokens - 1);
});

const more = signal<{ readonly run: number; readonly tokens: number }>({ run: 0, tokens: span });

/** So many tokens up to the position are asked about. */
export const influenceSpan = computed(() => (more.value.run === shown.value?.info.run ? more.value.tokens : span));

export function askFurtherBack(): void {
  const id = shown.peek()?.info.run;
  if (id !== undefined) more.value = { run: id, tokens: influenceSpan.peek() + span };
}

/** Nothing comes before the first token. */
const wantedOf = (id: number): InfluenceWanted | null => {
  const position = influencePosition.value;
  return position === null || position === 0 ? null : { run: id, position, tokens: influenceSpan.value };
};

export const influence: ReadonlySignal<Influence | null> = influenceOf(
  computed(() => (isShown.value && ended.value ? wantedOf(ended.value.run) : null)),
  ask,
);

// ── Beside another model ─────────────────────────────────────────────────────────────────

/** The other model's run. */
export const comparison = besideRuns.model;
export const comparedName = computed(() => (comparison.value.state === 'none' ? '' : comparison.value.wanted.model ?? ''));

/** Not chosen yet, none, or a model's name. */
const chosenBeside = signal<string | null | undefined>(undefined);

export function compareWith(name: string | null): void {
  chosenBeside.value = name;
}

/** Models that may stand beside the shown one. */
export const comparable = computed((): readonly string[] => {
  const own = shown.value?.info.model.name;
  const models = hello.value?.models ?? [];
  return models.filter(({ name, kind }) => name !== own && (kind === null || kind === 'decoder' || kind === 'recurrent')).map(({ name }) => name);
});

/** A recurrent network stands beside a transformer as long as nobody has chosen. */
export const beside = computed((): string | null => {
  const chosen = chosenBeside.value;
  if (chosen !== undefined) return chosen === null || comparable.value.includes(chosen) ? chosen : null;
  if (shown.value?.info.model.kind !== 'recurrent') return null;
  const decoders = (hello.value?.models ?? []).filter(({ kind }) => kind === 'decoder').map(({ name }) => name);
  return comparable.value.find((name) => decoders.includes(name)) ?? comparable.value[0] ?? null;
});

effect(() => {
  const info = ended.value;
  if (!isShown.value || !info) return;
  const name = beside.value;
  const now = comparison.peek();
  if (name === null) leaveBeside('model');
  else if (now.state === 'none' || now.of !== info.run || now.wanted.model !== name) runBeside('model', { model: name }, info.run);
});

/** Whether the other model cuts the text into the same tokens: else its numbers are about other things. */
export const sameTokens = computed((): boolean => {
  const other = comparison.value;
  const info = shown.value?.info;
  if (other.state !== 'ready' || !info) return false;
  const position = influencePosition.value ?? 0;
  const same = (a: Token | undefined, b: Token | undefined): boolean => a !== undefined && b !== undefined && a.text === b.text && a.start === b.start && a.end === b.end;
  return Array.from({ length: position + 1 }, (_, token) => token).every((token) => same(info.tokens[token], other.info.tokens[token]));
});

export const comparedInfluence: ReadonlySignal<Influence | null> = influenceOf(
  computed(() => {
    const other = comparison.value;
    const fits = isShown.value && other.state === 'ready' && other.of === ended.value?.run && other.info.model.predicts === 'next' && sameTokens.value;
    return fits ? wantedOf(other.info.run) : null;
  }),
  ask,
);
