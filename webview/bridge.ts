/**
 * The page's only door to the host: messages out, messages in, and the state that VS Code keeps
 * for a panel. Nothing else in the page may call `acquireVsCodeApi`.
 */
import type { Answer, Ask, HostMessage, PageMessage, PageOutcome, PanelState, Question, RunId } from '../src/protocol.ts';

/** The questions that pictures put; the others are for exports, which the host makes. */
export type PageQuestion = Exclude<Question, 'stages' | 'capture'>;

/** A question on its way. */
export interface Pending<Q extends PageQuestion> {
  readonly answer: Promise<PageOutcome<Answer<Q>>>;
  /** The answer is no longer wanted; `answer` then stays open for ever and holds nothing. */
  drop(): void;
}

type Settle<Q extends PageQuestion> = (outcome: PageOutcome<Answer<Q>>) => void;
type PlainMessage = Exclude<HostMessage, { type: 'answer' }>;

const vscode = acquireVsCodeApi<PanelState>();

/** Open questions by id, a table for each kind so that answers keep their types. */
const open: { readonly [Q in PageQuestion]: Map<number, Settle<Q>> } = {
  links: new Map(),
  focus: new Map(),
  pattern: new Map(),
  difference: new Map(),
  headChanges: new Map(),
  next: new Map(),
  states: new Map(),
  influence: new Map(),
  lens: new Map(),
  attribution: new Map(),
  attributionSources: new Map(),
  paths: new Map(),
  neurons: new Map(),
  neighbours: new Map(),
  headSteps: new Map(),
  projection: new Map(),
  positions: new Map(),
  way: new Map(),
  spelling: new Map(),
  effect: new Map(),
  sweep: new Map(),
  alignment: new Map(),
  patch: new Map(),
  repeated: new Map(),
  fidelity: new Map(),
  words: new Map(),
  surprisal: new Map(),
};

const askMessages: { readonly [Q in PageQuestion]: (id: number, run: RunId, ask: Ask<Q>) => PageMessage } = {
  links: (id, run, ask) => ({ type: 'ask', id, run, question: 'links', ask }),
  focus: (id, run, ask) => ({ type: 'ask', id, run, question: 'focus', ask }),
  pattern: (id, run, ask) => ({ type: 'ask', id, run, question: 'pattern', ask }),
  difference: (id, run, ask) => ({ type: 'ask', id, run, question: 'difference', ask }),
  headChanges: (id, run, ask) => ({ type: 'ask', id, run, question: 'headChanges', ask }),
  next: (id, run, ask) => ({ type: 'ask', id, run, question: 'next', ask }),
  states: (id, run, ask) => ({ type: 'ask', id, run, question: 'states', ask }),
  influence: (id, run, ask) => ({ type: 'ask', id, run, question: 'influence', ask }),
  lens: (id, run, ask) => ({ type: 'ask', id, run, question: 'lens', ask }),
  attribution: (id, run, ask) => ({ type: 'ask', id, run, question: 'attribution', ask }),
  attributionSources: (id, run, ask) => ({ type: 'ask', id, run, question: 'attributionSources', ask }),
  paths: (id, run, ask) => ({ type: 'ask', id, run, question: 'paths', ask }),
  neurons: (id, run, ask) => ({ type: 'ask', id, run, question: 'neurons', ask }),
  neighbours: (id, run, ask) => ({ type: 'ask', id, run, question: 'neighbours', ask }),
  headSteps: (id, run, ask) => ({ type: 'ask', id, run, question: 'headSteps', ask }),
  projection: (id, run, ask) => ({ type: 'ask', id, run, question: 'projection', ask }),
  positions: (id, run, ask) => ({ type: 'ask', id, run, question: 'positions', ask }),
  way: (id, run, ask) => ({ type: 'ask', id, run, question: 'way', ask }),
  spelling: (id, run, ask) => ({ type: 'ask', id, run, question: 'spelling', ask }),
  effect: (id, run, ask) => ({ type: 'ask', id, run, question: 'effect', ask }),
  sweep: (id, run, ask) => ({ type: 'ask', id, run, question: 'sweep', ask }),
  alignment: (id, run, ask) => ({ type: 'ask', id, run, question: 'alignment', ask }),
  patch: (id, run, ask) => ({ type: 'ask', id, run, question: 'patch', ask }),
  repeated: (id, run, ask) => ({ type: 'ask', id, run, question: 'repeated', ask }),
  fidelity: (id, run, ask) => ({ type: 'ask', id, run, question: 'fidelity', ask }),
  words: (id, run, ask) => ({ type: 'ask', id, run, question: 'words', ask }),
  surprisal: (id, run, ask) => ({ type: 'ask', id, run, question: 'surprisal', ask }),
};

const hostMessageTypes: ReadonlySet<string> = new Set<HostMessage['type']>([
  'hello', 'subject', 'run', 'beside', 'answer', 'caret', 'link', 'trail', 'phrasings', 'course', 'lesson', 'lessonView', 'lessonTokens', 'lessonCheck', 'lessonProgress', 'probe',
]);

let lastId = 0;

/** Sends one message to the host. */
export function post(message: PageMessage): void {
  vscode.postMessage(message);
}

/** Lets VS Code keep what is needed to show this panel again after a reload of the window. */
export function keep(state: PanelState): void {
  vscode.setState(state);
}

/** Puts a question about a run; its answer is matched by id, whatever else arrives in between. */
export function ask<Q extends PageQuestion>(run: RunId, question: Q, about: Ask<Q>): Pending<Q> {
  const id = ++lastId;
  const waiting: Map<number, Settle<Q>> = open[question];
  const answer = new Promise<PageOutcome<Answer<Q>>>((resolve) => {
    waiting.set(id, resolve);
  });
  post(askMessages[question](id, run, about));
  return {
    answer,
    drop: () => {
      if (waiting.delete(id)) post({ type: 'drop', id });
    },
  };
}

/** Hands every message of the host to `receive`, except answers, which go to who asked. */
export function listen(receive: (message: PlainMessage) => void): () => void {
  const onMessage = (event: MessageEvent<unknown>): void => {
    const message = event.data;
    if (!isHostMessage(message)) return;
    if (message.type === 'answer') deliver(message);
    else receive(message);
  };
  window.addEventListener('message', onMessage);
  return () => {
    window.removeEventListener('message', onMessage);
  };
}

function deliver(message: Extract<HostMessage, { type: 'answer' }>): void {
  switch (message.question) {
    case 'links':
      settle(open.links, message.id, message.outcome);
      break;
    case 'focus':
      settle(open.focus, message.id, message.outcome);
      break;
    case 'pattern':
      settle(open.pattern, message.id, message.outcome);
      break;
    case 'difference':
      settle(open.difference, message.id, message.outcome);
      break;
    case 'headChanges':
      settle(open.headChanges, message.id, message.outcome);
      break;
    case 'next':
      settle(open.next, message.id, message.outcome);
      break;
    case 'states':
      settle(open.states, message.id, message.outcome);
      break;
    case 'influence':
      settle(open.influence, message.id, message.outcome);
      break;
    case 'lens':
      settle(open.lens, message.id, message.outcome);
      break;
    case 'attribution':
      settle(open.attribution, message.id, message.outcome);
      break;
    case 'attributionSources':
      settle(open.attributionSources, message.id, message.outcome);
      break;
    case 'paths':
      settle(open.paths, message.id, message.outcome);
      break;
    case 'neurons':
      settle(open.neurons, message.id, message.outcome);
      break;
    case 'neighbours':
      settle(open.neighbours, message.id, message.outcome);
      break;
    case 'headSteps':
      settle(open.headSteps, message.id, message.outcome);
      break;
    case 'projection':
      settle(open.projection, message.id, message.outcome);
      break;
    case 'positions':
      settle(open.positions, message.id, message.outcome);
      break;
    case 'way':
      settle(open.way, message.id, message.outcome);
      break;
    case 'spelling':
      settle(open.spelling, message.id, message.outcome);
      break;
    case 'effect':
      settle(open.effect, message.id, message.outcome);
      break;
    case 'sweep':
      settle(open.sweep, message.id, message.outcome);
      break;
    case 'alignment':
      settle(open.alignment, message.id, message.outcome);
      break;
    case 'patch':
      settle(open.patch, message.id, message.outcome);
      break;
    case 'repeated':
      settle(open.repeated, message.id, message.outcome);
      break;
    case 'fidelity':
      settle(open.fidelity, message.id, message.outcome);
      break;
    case 'words':
      settle(open.words, message.id, message.outcome);
      break;
    case 'surprisal':
      settle(open.surprisal, message.id, message.outcome);
      break;
    case 'stages':
    case 'capture':
      break;
    default:
      message satisfies never;
  }
}

/** A dropped question is no longer in the table: its late answer falls away here. */
function settle<Q extends PageQuestion>(waiting: Map<number, Settle<Q>>, id: number, outcome: PageOutcome<Answer<Q>>): void {
  const resolve = waiting.get(id);
  waiting.delete(id);
  resolve?.(outcome);
}

/** The host is the same program as the page: its messages are told from others' by their tag. */
function isHostMessage(value: unknown): value is HostMessage {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string' && hostMessageTypes.has(value.type);
}
