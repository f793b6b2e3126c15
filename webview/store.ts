/**
 * What the page knows, as signals: the run, the view, and the token in focus; the answers that follow
 * from them are in `answers.ts`. Views read signals and call the few functions below; only `start`
 * hears the host.
 */
import { batch, computed, signal, type ReadonlySignal } from '@preact/signals';
import type { Experiment, HostMessage, HostRunEvent, LayerSummary, OfferedModel, Phrasings, Place, RunInfo, Sequence, StateSummary, Subject, Token, Trouble, ViewState } from '../src/protocol.ts';
import { listen, post } from './bridge.ts';
import { receiveBeside } from './beside.ts';
import { keepState } from './keepState.ts';
import { receiveProbe } from './probe.ts';
import { lessonPlace, receiveLesson } from './lesson/lessonStore.ts';
import { fitting } from './experimentList.ts';
import { liveWidth } from './liveWidth.ts';
import { samePlace } from './place.ts';
import { spelled, tokenUnits, unitAt, wordUnits, type Unit } from './units.ts';
import { attentionIn, fitView, initialView, suitableArrangement, tellingPart, type Arrangement } from './viewState.ts';

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

/** What the decoder of an encoder–decoder has written so far. */
export interface Output {
  readonly tokens: readonly Token[];
  readonly complete: boolean;
  /** The text that the tokens have their ranges in. */
  readonly text: string;
}

export interface Hello {
  readonly locale: string;
  readonly models: readonly OfferedModel[];
}

const helloSignal = signal<Hello | null>(null);
const runSignal = signal<RunState>({ state: 'empty' });
const shownSignal = signal<Shown | null>(null);
const viewSignal = signal<ViewState>(initialView);
const outputSignal = signal<Output | null>(null);
const hoveredSignal = signal<Place | null>(null);
const caretSignal = signal<number | null>(null);
const summariesSignal = signal<readonly LayerSummary[]>([]);
const statesSignal = signal<readonly StateSummary[]>([]);
/** Whether the panel has never shown anything. */
let fresh = false;
/** The arrangement that the page itself chose last; another one is the user's, and stays. */
let arranged: Arrangement | null = null;
/** What the newest picture is of: a model, and a text as it is cut. */
let drawnAbout: string | null = null;
const fallenSignal = signal<readonly Experiment[]>([]);
const trailSignal = signal<{ readonly length: number; readonly at: number }>({ length: 0, at: 0 });
const phrasingsSignal = signal<Phrasings | null>(null);
const linkSignal = signal<{ readonly stale: boolean; readonly following: boolean }>({ stale: false, following: false });

/** Null until the host has said which language to speak. */
export const hello: ReadonlySignal<Hello | null> = helloSignal;
export const run: ReadonlySignal<RunState> = runSignal;
/** What the newest run is about. */
export const subject = computed(() => (runSignal.value.state === 'empty' ? null : runSignal.value.subject));
export const shown: ReadonlySignal<Shown | null> = shownSignal;
export const view: ReadonlySignal<ViewState> = viewSignal;
/** Null for a model that writes nothing. */
export const output: ReadonlySignal<Output | null> = outputSignal;
/** Layers of the shown run that have arrived, of all its attentions, ascending. */
export const summaries: ReadonlySignal<readonly LayerSummary[]> = summariesSignal;
/** Layers of a recurrent network that have arrived, ascending. */
export const stateSummaries: ReadonlySignal<readonly StateSummary[]> = statesSignal;
/** Experiments that the newest picture has no place for: another text's tokens, another model's heads. */
export const fallenAway: ReadonlySignal<readonly Experiment[]> = fallenSignal;
/** Texts that were tried by putting words in, and which of them is shown. */
export const trail = computed(() => trailSignal.value);
/** Two phrasings that are shown in place of attention, while they are. */
export const phrasings: ReadonlySignal<Phrasings | null> = phrasingsSignal;
/** How picture and document belong together now. */
export const link = computed(() => linkSignal.value);

// ── The token in focus: under the pointer or the arrow keys, else pinned, else under the editor's cursor ──

export const hovered: ReadonlySignal<Place | null> = hoveredSignal;
export const pinned = computed(() => viewSignal.value.pinned);
/** In the text: what a model has written is in no editor. */
export const caret: ReadonlySignal<number | null> = caretSignal;
export const focused = computed((): Place | null => {
  const cursor = caretSignal.value;
  const places = [hoveredSignal.value, pinned.value, cursor === null ? null : { sequence: 'text', token: cursor } as const];
  // What was pinned in an output may not be written yet.
  return places.find((place) => place !== null && place.token < tokensOf(place.sequence).length) ?? null;
});

export function hover(place: Place | null): void {
  if (!samePlace(place, hoveredSignal.peek())) hoveredSignal.value = place;
}

/** Pins a token; the one that is already pinned is let go. */
export function pin(place: Place | null): void {
  setView({ pinned: samePlace(place, pinned.peek()) ? null : place });
}

export function setView(patch: Partial<ViewState>): void {
  viewSignal.value = { ...viewSignal.peek(), ...patch };
}

// ── Tokens and units ─────────────────────────────────────────────────────────────────────

const textTokens = computed((): readonly Token[] => shownSignal.value?.info.tokens ?? []);
const outputTokens = computed((): readonly Token[] => outputSignal.value?.tokens ?? []);

export function tokensOf(sequence: Sequence): readonly Token[] {
  return sequence === 'text' ? textTokens.value : outputTokens.value;
}

const unitKind = computed(() => viewSignal.value.unit);
const cut = (tokens: readonly Token[], text: string): readonly Unit[] => (unitKind.value === 'word' ? wordUnits(tokens, text) : tokenUnits(tokens));
const textUnits = computed(() => cut(textTokens.value, shownSignal.value?.text ?? ''));
const outputUnits = computed(() => cut(outputTokens.value, outputSignal.value?.text ?? ''));

export function unitsOf(sequence: Sequence): readonly Unit[] {
  return sequence === 'text' ? textUnits.value : outputUnits.value;
}

/** Index of the unit that holds a token, among those of its sequence. */
export function unitOf({ sequence, token }: Place): number {
  return unitAt(unitsOf(sequence), token);
}

/** The attention that is looked at; null for a recurrent network. */
export const attention = computed(() => {
  const info = shownSignal.value?.info;
  return info ? attentionIn(info.model, viewSignal.value.part) : null;
});

/** The sequence whose tokens look, and the one whose tokens are looked at; the text where there is no attention. */
export const queries = computed((): Sequence => attention.value?.queries ?? 'text');
export const keys = computed((): Sequence => attention.value?.keys ?? 'text');

/** The row (`from`) or column (`to`) that the focus means: between two sequences each token has but one of them. */
export const lookedAt = computed((): { readonly unit: number; readonly direction: ViewState['direction'] } | null => {
  const place = focused.value;
  if (!place || !attention.value || unitsOf(place.sequence).length === 0) return null;
  if (queries.value === keys.value) return place.sequence === queries.value ? { unit: unitOf(place), direction: viewSignal.value.direction } : null;
  return { unit: unitOf(place), direction: place.sequence === queries.value ? 'from' : 'to' };
});

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
        case 'beside':
          receiveBeside(message);
          break;
        case 'caret':
          caretSignal.value = message.token;
          break;
        case 'trail':
          trailSignal.value = { length: message.length, at: message.at };
          break;
        case 'phrasings':
          phrasingsSignal.value = message.phrasings;
          break;
        case 'probe':
          receiveProbe(message, (look) => {
            fresh = false;
            arranged = null;
            viewSignal.value = look;
          });
          break;
        case 'course':
        case 'lesson':
        case 'lessonView':
        case 'lessonTokens':
        case 'lessonCheck':
        case 'lessonProgress':
          receiveLesson(message);
          if (message.type === 'lessonView') showWanted(message.view);
          break;
        case 'link':
          linkSignal.value = { stale: message.stale, following: message.following };
          break;
        default:
          message satisfies never;
      }
    });
  });
  const stopKeeping = keepState(subject, view, lessonPlace);
  post({ type: 'ready' });
  return () => {
    stopListening();
    stopKeeping();
  };
}

/** Another text has other tokens: nothing stays pinned, and no other text stands beside it. The same text again keeps what was chosen. */
function receiveSubject(next: Subject): void {
  const before = subject.peek();
  if (before && (before.text !== next.text || before.windowStart !== next.windowStart || before.model !== next.model || before.target !== next.target)) {
    setView({ pinned: null });
  }
  if (before && before.text !== next.text) setView({ otherText: null });
  // Another model has other ids for its tokens.
  if (before && before.model !== next.model) setView({ target: null, rival: null });
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
    outputSignal.value = null;
    summariesSignal.value = [];
    statesSignal.value = [];
    return;
  }
  if (state.state !== 'loading' || state.info?.run !== event.run) return;
  switch (event.type) {
    case 'layer':
      receiveLayer(event.summary);
      break;
    case 'state':
      receiveState(event.summary);
      break;
    case 'output':
      receiveOutput({ tokens: event.tokens, complete: event.complete, text: spelled(event.tokens) });
      break;
    case 'finished':
      showStarting();
      runSignal.value = { state: 'ready', subject: state.subject, info: state.info, milliseconds: event.milliseconds };
      break;
    default:
      event satisfies never;
  }
}

// ── From one picture to the next ─────────────────────────────────────────────────────────

/** A run that has tokens but is not drawn yet, and what has come of it so far. */
interface Starting {
  readonly next: Shown;
  /** What a lesson wants it to be looked at with. */
  wanted: Partial<ViewState>;
  layers: readonly LayerSummary[];
  states: readonly StateSummary[];
  output: Output | null;
}

let starting: Starting | null = null;

/** So long the former picture may stay while the next one comes, milliseconds. */
const longestWait = 300;

/**
 * Without a former picture the tokens are drawn at once. With one, it stays until the layer that is
 * looked at has arrived, so that pictures that follow the selection do not flicker as one types.
 */
function awaitPicture(next: Shown): void {
  const mine: Starting = { next, wanted: {}, layers: [], states: [], output: null };
  starting = mine;
  if (!shownSignal.peek()) showStarting();
  else setTimeout(() => starting === mine && batch(showStarting), longestWait);
}

function showStarting(): void {
  if (!starting) return;
  const { next, wanted, layers, states, output: written } = starting;
  starting = null;
  const former = shownSignal.peek()?.info.model;
  shownSignal.value = next;
  summariesSignal.value = layers;
  statesSignal.value = states;
  outputSignal.value = written;
  const { model, tokens } = next.info;
  const before = viewSignal.peek();
  const telling = tellingPart(model);
  // Nobody has chosen a part where there was but one; the layer stays.
  const unchosen = former !== undefined && former.attentions.length < 2 && model.attentions.length > 1;
  const chosen = fresh ? telling : unchosen && telling ? { part: telling.part } : {};
  const untouched = fresh || (arranged !== null && arranged.layout === before.layout && arranged.spacing === before.spacing);
  arranged = untouched ? suitableArrangement(liveWidth.peek(), tokens.length) : null;
  const about = JSON.stringify([model.name, next.text, next.info.window.start, next.info.target]);
  const experiments = fitting(before.experiments, model, tokens.length, drawnAbout === null || drawnAbout === about);
  drawnAbout = about;
  fallenSignal.value = wanted.experiments ? [] : before.experiments.filter((experiment) => !experiments.includes(experiment));
  viewSignal.value = fitView({ ...before, experiments, ...chosen, ...arranged, ...wanted }, model, tokens.length);
  fresh = false;
}

/** The picture that is still drawn stays as it is until the one that is meant takes its place. */
function showWanted(wanted: Partial<ViewState>): void {
  const { model, tokens } = shownSignal.peek()?.info ?? {};
  if (starting) starting.wanted = wanted;
  else if (model && tokens) viewSignal.value = fitView({ ...viewSignal.peek(), ...wanted }, model, tokens.length);
}

function receiveLayer(summary: LayerSummary): void {
  if (!starting) {
    summariesSignal.value = inOrder([...summariesSignal.peek(), summary]);
    return;
  }
  starting.layers = inOrder([...starting.layers, summary]);
  const { part, layer } = { ...viewSignal.peek(), ...starting.wanted };
  if (summary.part === attentionIn(starting.next.info.model, part)?.part && summary.layer >= layer) showStarting();
}

function receiveState(summary: StateSummary): void {
  if (!starting) statesSignal.value = inOrder([...statesSignal.peek(), summary]);
  else starting.states = inOrder([...starting.states, summary]);
}

function receiveOutput(written: Output): void {
  if (!starting) {
    outputSignal.value = written;
    if (written.complete) letGoBeyond(written.tokens.length);
    return;
  }
  starting.output = written;
  // Its attention can be asked for from the first token on.
  if (written.tokens.length > 1 && attentionIn(starting.next.info.model, viewSignal.peek().part)?.queries === 'output') showStarting();
}

/** Another output may be shorter than the one in which a token was pinned. */
function letGoBeyond(length: number): void {
  const place = pinned.peek();
  if (place?.sequence === 'output' && place.token >= length) setView({ pinned: null });
}

function inOrder<T extends { readonly layer: number }>(all: readonly T[]): T[] {
  return [...all].sort((a, b) => a.layer - b.layer);
}
