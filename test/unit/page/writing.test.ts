/** A run that writes: an encoder–decoder's. */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { AttentionPart, HostRunEvent, LayerSummary, PageMessage } from '../../../src/protocol.ts';
import type * as Answers from '../../../webview/answers.ts';
import type * as Store from '../../../webview/store.ts';
import type * as Steps from '../../../webview/steps.ts';
import { answers, fakePage, infoOf, subjectOf, summaryOf, tokensOf, translator, type FakeHost } from './fakePage.ts';

const words = ['<pad>', 'un', ' chat', '</s>'];

let host: FakeHost;
let store: typeof Store;
let answered: typeof Answers;
let steps: typeof Steps;

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const tell = (event: HostRunEvent): void => host.send({ type: 'run', event });
const write = (count: number, complete = false): void => tell({ type: 'output', run: 1, tokens: tokensOf(words.slice(0, count)), complete });
const asked = (question: string): Extract<PageMessage, { type: 'ask' }>[] => host.sent.filter((message) => message.type === 'ask').filter((message) => message.question === question);
const summary = (part: AttentionPart, layer: number): LayerSummary => ({ ...summaryOf(layer), part });

/** The host answers the newest question of a kind. */
async function answer(question: 'links' | 'focus' | 'next'): Promise<void> {
  const message = asked(question).at(-1);
  if (!message) throw new Error('Nothing was asked.');
  if (question === 'links') host.send({ type: 'answer', id: message.id, question, outcome: { ok: true, value: answers.links } });
  if (question === 'focus') host.send({ type: 'answer', id: message.id, question, outcome: { ok: true, value: answers.focus } });
  if (question === 'next') host.send({ type: 'answer', id: message.id, question, outcome: { ok: true, value: answers.next } });
  await settled();
}

beforeEach(async () => {
  vi.resetModules();
  host = fakePage();
  store = await import('../../../webview/store.ts');
  answered = await import('../../../webview/answers.ts');
  steps = await import('../../../webview/steps.ts');
  store.start(() => undefined);
  host.send({ type: 'hello', strings: {}, locale: 'en', models: [], view: null });
  host.send({ type: 'subject', subject: { ...subjectOf('a cat'), model: 'translator' } });
  tell({ type: 'started', run: 1, info: { ...infoOf(1, ['a', ' cat']), model: translator } });
});

describe('while a model writes', () => {
  it('a new panel shows how the output attends to the text', () => {
    expect(store.view.value).toMatchObject({ part: 'cross', layer: 1 });
    expect(store.queries.value).toBe('output');
    expect(store.keys.value).toBe('text');
  });

  it('nothing is asked before the first token, then again with each', async () => {
    write(1);
    expect(asked('links')).toHaveLength(0);
    write(2);
    expect(asked('links')).toMatchObject([{ ask: { part: 'cross', layer: 1 } }]);
    await answer('links');
    write(3);
    expect(asked('links')).toHaveLength(2);
    // The picture of a token ago stays until the next one is there.
    expect(answered.links.value).toMatchObject({ state: 'waiting', last: { version: 2 } });
    await answer('links');
    expect(answered.links.value).toMatchObject({ state: 'ready', last: { version: 3 } });
  });

  it('a slow answer is waited for, so that there is one at all, and only the newest question follows', async () => {
    write(2);
    write(3);
    write(4, true);
    expect(asked('links')).toHaveLength(1);
    expect(host.sent.some(({ type }) => type === 'drop')).toBe(false);
    await answer('links');
    expect(answered.links.value).toMatchObject({ state: 'waiting', last: { version: 2 } });
    expect(asked('links')).toHaveLength(2);
    await answer('links');
    expect(answered.links.value).toMatchObject({ state: 'ready', last: { version: 4 } });
    tell({ type: 'finished', run: 1, milliseconds: 9 });
    expect(asked('links')).toHaveLength(2);
  });

  it('the encoder is looked at as soon as its layer has arrived', () => {
    steps.showPart('encoder');
    expect(asked('links')).toHaveLength(0);
    tell({ type: 'layer', run: 1, summary: summary('encoder', 1) });
    expect(asked('links')).toMatchObject([{ ask: { part: 'encoder', layer: 1 } }]);
    write(2);
    write(3);
    expect(asked('links')).toHaveLength(1);
  });

  it('what comes next is asked about the last token, and in the end about the one before the end', async () => {
    write(2);
    expect(asked('next').at(-1)).toMatchObject({ ask: { position: 1 } });
    await answer('next');
    write(3);
    expect(asked('next').at(-1)).toMatchObject({ ask: { position: 2 } });
    await answer('next');
    write(4, true);
    expect(asked('next').at(-1)).toMatchObject({ ask: { position: 2 } });
  });
});

describe('focus on one of two sequences', () => {
  beforeEach(() => {
    write(4, true);
    tell({ type: 'finished', run: 1, milliseconds: 9 });
  });

  it('means the row of an output token, and the column of a text token', () => {
    store.hover({ sequence: 'output', token: 2 });
    expect(asked('focus').at(-1)).toMatchObject({ ask: { part: 'cross', unitIndex: 2, direction: 'from' } });
    store.hover({ sequence: 'text', token: 1 });
    expect(asked('focus').at(-1)).toMatchObject({ ask: { part: 'cross', unitIndex: 1, direction: 'to' } });
  });

  it('means nothing where the part has no such token', () => {
    steps.showPart('encoder');
    store.hover({ sequence: 'output', token: 2 });
    expect(store.lookedAt.value).toBeNull();
    steps.showPart('decoder');
    expect(store.lookedAt.value).toEqual({ unit: 2, direction: 'from' });
    expect(store.view.value.part).toBe('decoder');
  });

  it('goes over to the strongest partner and back', async () => {
    store.hover({ sequence: 'output', token: 1 });
    await answer('focus');
    steps.crossOver();
    expect(store.focused.value).toEqual({ sequence: 'text', token: 0 });
    steps.crossOver();
    expect(store.focused.value?.sequence).toBe('output');
  });

  it('on a token that a shorter output does not have is let go', () => {
    store.pin({ sequence: 'output', token: 3 });
    host.send({ type: 'subject', subject: { ...subjectOf('a cat'), model: 'translator' } });
    tell({ type: 'started', run: 2, info: { ...infoOf(2, ['a', ' cat']), model: translator } });
    expect(store.pinned.value).toEqual({ sequence: 'output', token: 3 });
    tell({ type: 'output', run: 2, tokens: tokensOf(words.slice(0, 2)), complete: false });
    expect(store.focused.value).toBeNull();
    tell({ type: 'output', run: 2, tokens: tokensOf(words.slice(0, 2)), complete: true });
    tell({ type: 'finished', run: 2, milliseconds: 1 });
    expect(store.pinned.value).toBeNull();
  });
});
