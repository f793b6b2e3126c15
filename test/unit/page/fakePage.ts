/** The few globals the page's modules touch when they are loaded, and the host at the other end. */
import { vi } from 'vitest';
import type { Answer, AttentionInfo, HostMessage, LayerSummary, ModelInfo, PageMessage, PanelState, Question, RunInfo, Subject, Token } from '../../../src/protocol.ts';

export interface FakeHost {
  /** What the page has sent so far. */
  readonly sent: PageMessage[];
  /** What the page has asked VS Code to keep, last. */
  kept(): PanelState | undefined;
  send(message: HostMessage): void;
  /** Questions that were put and not dropped. */
  open(): Extract<PageMessage, { type: 'ask' }>[];
}

/** Call before the page's modules are imported. */
export function fakePage(): FakeHost {
  const sent: PageMessage[] = [];
  let state: PanelState | undefined;
  const page = new EventTarget();
  const attributes = { classList: { contains: () => false } };
  vi.stubGlobal('acquireVsCodeApi', () => ({
    postMessage: (message: PageMessage) => sent.push(message),
    setState: (next: PanelState) => (state = next),
    getState: () => state,
  }));
  vi.stubGlobal('window', Object.assign(page, { matchMedia: () => ({ matches: false }) }));
  vi.stubGlobal('document', Object.assign(new EventTarget(), { documentElement: attributes, body: attributes }));
  vi.stubGlobal('getComputedStyle', () => ({ getPropertyValue: () => '' }));
  return {
    sent,
    kept: () => state,
    send: (message) => page.dispatchEvent(Object.assign(new Event('message'), { data: message })),
    open: () => {
      const dropped = new Set(sent.filter((message) => message.type === 'drop').map(({ id }) => id));
      return sent.filter((message) => message.type === 'ask').filter(({ id }) => !dropped.has(id));
    },
  };
}

export const attention: AttentionInfo = { part: 'decoder', layers: 2, heads: 3, keyHeads: 3, queries: 'text', keys: 'text', causal: true };

export const model: ModelInfo = {
  name: 'storyteller', kind: 'decoder', door: 'weights', type: 'gpt2', predicts: 'next', mask: null, targets: [], precision: 'float32', memory: { weights: 4000, peak: 8000 },
  attentions: [attention], layers: 2, heads: 3, keyHeads: 3, width: 6, headWidth: 2, vocabulary: 99, positions: 16, parameters: 1000, weights: 'F32', threads: 1,
};

export const translator: ModelInfo = {
  ...model,
  name: 'translator',
  kind: 'encoder-decoder',
  attentions: [
    { ...attention, part: 'encoder', causal: false },
    { ...attention, queries: 'output', keys: 'output' },
    { ...attention, part: 'cross', queries: 'output', causal: false },
  ],
};

export function subjectOf(text: string): Subject {
  return { text, model: 'storyteller', windowStart: 0 };
}

/** One token for each of `pieces`, one after the other in the text they make. */
export function tokensOf(pieces: readonly string[], words: readonly number[] = pieces.map((_, index) => index)): Token[] {
  let end = 0;
  return pieces.map((text, index) => {
    const start = end;
    end += text.length;
    return { id: index + 1, text, bytes: [...new TextEncoder().encode(text)], start, end, origin: 'text', partial: false, word: words[index] ?? 0 };
  });
}

export function infoOf(run: number, pieces: readonly string[]): RunInfo {
  const length = pieces.join('').length;
  return { run, model, tokens: tokensOf(pieces), window: { start: 0, end: pieces.length, total: pieces.length, textLength: length, textRead: length }, target: null };
}

export function summaryOf(layer: number): LayerSummary {
  const scores = { entropy: 0.5, first: 0.5, previous: 0, self: 0, same: 0, induction: NaN, punctuation: 0, distance: 0 };
  return { part: 'decoder', layer, heads: Array.from({ length: model.heads }, () => ({ thumbnail: new Uint8Array(1), rows: 1, columns: 1, scores })) };
}

/** Answers of the right shape; the numbers do not matter to the store. */
export const answers: { readonly [Q in 'links' | 'focus' | 'next']: Answer<Q> } = {
  links: { query: new Uint16Array([1]), key: new Uint16Array([0]), head: new Uint8Array([0]), weight: new Float32Array([1]), hidden: 0, hiddenShare: 0, sinkShare: new Float32Array([1]) },
  focus: { weights: new Float32Array([1, 0]), kept: new Uint8Array([1, 0]), sinkShare: new Float32Array([1]) },
  next: { position: 0, predicts: 'next', top: [], rest: 1, entropy: 0 },
};

export type AnsweredQuestion = keyof typeof answers & Question;
