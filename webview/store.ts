/**
 * What the page knows, as signals: the run, the view, the token in focus, and the answers that
 * follow from them. Views read signals and call the few functions below; only `start` hears the
 * host.
 */
import { batch, computed, signal, type ReadonlySignal } from '@preact/signals';
import type { AttentionInfo, HostMessage, HostRunEvent, LayerSummary, RunInfo, Subject, Trouble, ViewState } from '../src/protocol.ts';
import { focusAsk, linksAsk, nextAsk, patternAsk } from './asks.ts';
import { ask, listen, post, type PageQuestion } from './bridge.ts';
import { keepState } from './keepState.ts';
import { resource, type Resource, type Wanted } from './resource.ts';
import { tokenUnits, unitAt, wordUnits, type Unit } from './units.ts';
import { attentionIn, firstLayer, fitView, initialView, suitableArrangement, type Arrangement } from './viewState.ts';

export { theme } from './theme.ts';

export type RunState =
  | { readonly state: 'empty' }
  /** `info` is known once the text has been cut into tokens; layers follow. */
  | { readonly state: 'loading'; readonly subject: Subject; readonly info: RunInfo | null }
  | { readonly state: 'ready'; readonly subject: Subject; readonly info: RunInfo; readonly milliseconds: number }
  | { readonly state: 'failed'; readonly subject: Subject | null; readonly trouble: Trouble };

/** The run whose picture is drawn. While a new one starts it is still the former. */
export interface Shown {
  readonly info: RunInfo;
  /** The text that `info.tokens` have their ranges in. */
  readonly text: string;
}

export interface Hello {
  readonly locale: string;
  readonly models: readonly string[];
}

const helloSignal = signal<Hello | null>(null);
const runSignal = signal<RunState>({ state: 'empty' });
const shownSignal = signal<Shown | null>(null);
const viewSignal = signal<ViewState>(initialView);
const hoveredSignal = signal<number | null>(null);
const caretSignal = signal<number | null>(null);
const summariesSignal = signal<readonly LayerSummary[]>([]);
/** Whether the panel has never shown anything. */
let fresh = false;
/** The arrangement that the page itself chose last; another one is the user's, and stays. */
let arranged: Arrangement | null = null;
const linkSignal = signal<{ readonly stale: boolean; readonly following: boolean }>({ stale: false, following: false });

/** Null until the host has said which language to speak. */
export const hello: ReadonlySignal<Hello | null> = helloSignal;
export const run: ReadonlySignal<RunState> = runSignal;
/** What the newest run is about. */
export const subject = computed(() => (runSignal.value.state === 'empty' ? null : runSignal.value.subject));
export const shown: ReadonlySignal<Shown | null> = shownSignal;
export const view: ReadonlySignal<ViewState> = viewSignal;
/** Layers of the shown run that have arrived, ascending. */
export const summaries: ReadonlySignal<readonly LayerSummary[]> = summariesSignal;
/** How picture and document belong together now. */
export const link = computed(() => linkSignal.value);

// ── The token in focus: under the pointer or the arrow keys, else pinned, else under the editor's cursor ──

export const hovered: ReadonlySignal<number | null> = hoveredSignal;
export const pinned = computed(() => viewSignal.value.pinned);
export const caret: ReadonlySignal<number | null> = caretSignal;
export const focused = computed(() => hoveredSignal.value ?? pinned.value ?? caretSignal.value);

export function hover(token: number | null): void {
  hoveredSignal.value = token;
}

/** Pins `token`; the token that is already pinned is let go. */
export function pin(token: number | null): void {
  setView({ pinned: token === pinned.peek() ? null : token });
}

export function setView(patch: Partial<ViewState>): void {
  viewSignal.value = { ...viewSignal.peek(), ...patch };
}

// ── Units ────────────────────────────────────────────────────────────────────────────────

const unitKind = computed(() => viewSignal.value.unit);

export const units: ReadonlySignal<readonly Unit[]> = computed(() => {
  const drawn = shownSignal.value;
  if (!drawn) return [];
  return unitKind.value === 'word' ? wordUnits(drawn.info.tokens, drawn.text) : tokenUnits(drawn.info.tokens);
});

/** Index of the unit that holds `token`. */
export function unitOf(token: number): number {
  return unitAt(units.value, token);
}

export const focusedUnit = computed(() => (focused.value === null || units.value.length === 0 ? null : unitOf(focused.value)));

// ── Answers ──────────────────────────────────────────────────────────────────────────────

/** `hold` while another run is on its way; else the run that is drawn, or null where there is none. */
const asking = computed(() => {
  const state = runSignal.value;
  if (state.state !== 'ready' && state.state !== 'loading') return null;
  return state.info && state.info === shownSignal.value?.info ? { info: state.info, ended: state.state === 'ready' } : 'hold';
});

/** Wants nothing without a run, holds on to the last answer while a run starts, waits for the layer. */
function wantAttention<Q extends PageQuestion>(of: (info: RunInfo, attention: AttentionInfo) => Wanted<Q>): Wanted<Q> {
  const asked = asking.value;
  if (!asked) return 'nothing';
  if (asked === 'hold') return 'hold';
  const attention = attentionIn(asked.info.model, viewSignal.value.part);
  const { layer } = viewSignal.value;
  const arrived = asked.ended || summariesSignal.value.some((summary) => summary.part === attention?.part && summary.layer === layer);
  return attention && arrived ? of(asked.info, attention) : 'nothing';
}

export const links: ReadonlySignal<Resource<'links'>> = resource(
  'links',
  computed(() => wantAttention<'links'>((info, attention) => ({ run: info.run, ask: linksAsk(view.value, attention) }))),
  ask,
  16,
);

export const pattern: ReadonlySignal<Resource<'pattern'>> = resource(
  'pattern',
  computed(() =>
    view.value.picture === 'map'
      ? wantAttention<'pattern'>((info, attention) => ({ run: info.run, ask: patternAsk(view.value, attention) }))
      : 'nothing',
  ),
  ask,
  16,
);

/** The complete row or column of the focused unit. */
export const focusRow: ReadonlySignal<Resource<'focus'>> = resource(
  'focus',
  computed(() => {
    const unit = focusedUnit.value;
    if (unit === null) return 'nothing';
    return wantAttention<'focus'>((info, attention) => ({ run: info.run, ask: focusAsk(view.value, attention, unit) }));
  }),
  ask,
  256,
);

/** What the model expects after the focused token, or after the last one. */
export const next: ReadonlySignal<Resource<'next'>> = resource(
  'next',
  computed(() => {
    const asked = asking.value;
    if (!asked || (asked !== 'hold' && asked.info.tokens.length === 0)) return 'nothing';
    if (asked === 'hold' || !asked.ended) return 'hold';
    const position = focused.value ?? asked.info.tokens.length - 1;
    return { run: asked.info.run, ask: nextAsk(view.value, position) };
  }),
  ask,
  256,
);

// ── What the host says ───────────────────────────────────────────────────────────────────

/** Listens to the host, keeps the panel's state, and says that the page is there. Returns how to stop. */
export function start(onHello: (message: Extract<HostMessage, { type: 'hello' }>) => void): () => void {
  const stopListening = listen((message) => {
    batch(() => {
      switch (message.type) {
        case 'hello':
          onHello(message);
          fresh = message.view === null;
          if (message.view) viewSignal.value = message.view;
          helloSignal.value = { locale: message.locale, models: message.models };
          break;
        case 'subject':
          receiveSubject(message.subject);
          break;
        case 'run':
          receiveRun(message.event);
          break;
        case 'caret':
          caretSignal.value = message.token;
          break;
        case 'link':
          linkSignal.value = { stale: message.stale, following: message.following };
          break;
        default:
          message satisfies never;
      }
    });
  });
  const stopKeeping = keepState(subject, view);
  post({ type: 'ready' });
  return () => {
    stopListening();
    stopKeeping();
  };
}

/** Another text has other tokens: nothing stays pinned. The same text again keeps what was chosen. */
function receiveSubject(next: Subject): void {
  const before = subject.peek();
  if (before && (before.text !== next.text || before.windowStart !== next.windowStart || before.model !== next.model)) {
    setView({ pinned: null });
  }
  starting = null;
  hoveredSignal.value = null;
  caretSignal.value = null;
  runSignal.value = { state: 'loading', subject: next, info: null };
}

function receiveRun(event: HostRunEvent): void {
  const state = runSignal.peek();
  if (state.state === 'empty' || !state.subject) return;
  if (event.type === 'started') {
    runSignal.value = { state: 'loading', subject: state.subject, info: event.info };
    awaitPicture({ info: event.info, text: state.subject.text });
    return;
  }
  if (event.type === 'failed') {
    // A run that was called off is not a failure: what replaced it follows.
    if (event.trouble.code === 'run.cancelled') return;
    runSignal.value = { state: 'failed', subject: state.subject, trouble: event.trouble };
    starting = null;
    shownSignal.value = null;
    summariesSignal.value = [];
    return;
  }
  if (state.state !== 'loading' || state.info?.run !== event.run) return;
  if (event.type === 'layer') {
    receiveLayer(event.summary);
  } else if (event.type === 'finished') {
    showStarting();
    runSignal.value = { state: 'ready', subject: state.subject, info: state.info, milliseconds: event.milliseconds };
  }
}

// ── From one picture to the next ─────────────────────────────────────────────────────────

/** A run that has tokens but is not drawn yet, and its layers so far. */
let starting: { readonly next: Shown; readonly layers: LayerSummary[] } | null = null;

/** So long the former picture may stay while the next one comes, milliseconds. */
const longestWait = 300;

/**
 * Without a former picture the tokens are drawn at once. With one, it stays until the layer that is
 * looked at has arrived, so that pictures that follow the selection do not flicker as one types.
 */
function awaitPicture(next: Shown): void {
  const mine = { next, layers: [] };
  starting = mine;
  if (!shownSignal.peek()) showStarting();
  else setTimeout(() => starting === mine && batch(showStarting), longestWait);
}

function showStarting(): void {
  if (!starting) return;
  const { next, layers } = starting;
  starting = null;
  shownSignal.value = next;
  summariesSignal.value = layers;
  const { model, tokens } = next.info;
  const before = viewSignal.peek();
  const attention = attentionIn(model, before.part);
  const untouched = fresh || (arranged !== null && arranged.layout === before.layout && arranged.spacing === before.spacing);
  arranged = untouched ? suitableArrangement(window.innerWidth, tokens.length) : null;
  viewSignal.value = fitView({ ...before, ...(fresh && attention ? { layer: firstLayer(attention) } : {}), ...arranged }, model, tokens.length);
  fresh = false;
}

function receiveLayer(summary: LayerSummary): void {
  if (!starting) {
    summariesSignal.value = [...summariesSignal.peek(), summary].sort((a, b) => a.layer - b.layer);
    return;
  }
  starting.layers.push(summary);
  if (summary.layer >= viewSignal.peek().layer) showStarting();
}
