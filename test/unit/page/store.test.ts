import { beforeEach, describe, expect, it, vi } from 'vitest';
import type * as Answers from '../../../webview/answers.ts';
import type * as Store from '../../../webview/store.ts';
import { answers, fakePage, infoOf, subjectOf, summaryOf, type FakeHost } from './fakePage.ts';
import type { PageMessage, Place } from '../../../src/protocol.ts';

let host: FakeHost;
let store: typeof Store;
let answered: typeof Answers;

const inText = (token: number): Place => ({ sequence: 'text', token });

/** Lets promises of answers settle. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function openOf(question: string): Extract<PageMessage, { type: 'ask' }>[] {
  return host.open().filter((message) => message.question === question);
}

/** Subject, tokens, both layers and the end of run `run`. */
function runThrough(run: number, pieces: readonly string[]): void {
  host.send({ type: 'subject', subject: subjectOf(pieces.join('')) });
  host.send({ type: 'run', event: { type: 'started', run, info: infoOf(run, pieces) } });
  host.send({ type: 'run', event: { type: 'layer', run, summary: summaryOf(0) } });
  host.send({ type: 'run', event: { type: 'layer', run, summary: summaryOf(1) } });
  host.send({ type: 'run', event: { type: 'finished', run, milliseconds: 5 } });
}

beforeEach(async () => {
  vi.resetModules();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  host = fakePage();
  store = await import('../../../webview/store.ts');
  answered = await import('../../../webview/answers.ts');
  store.start(() => undefined);
  host.send({ type: 'hello', strings: {}, locale: 'en', models: [{ name: 'storyteller', kind: 'decoder' }], view: store.view.value });
});

describe('the arrangement', () => {
  const sentence = Array.from({ length: 8 }, () => ' a');
  const page = Array.from({ length: 300 }, () => ' a');
  const arrangement = (): unknown => ({ layout: store.view.value.layout, spacing: store.view.value.spacing });

  it('suits each text until the user chooses one', () => {
    host.send({ type: 'hello', strings: {}, locale: 'en', models: [{ name: 'storyteller', kind: 'decoder' }], view: null });
    runThrough(1, sentence);
    const line = arrangement();
    runThrough(2, page);
    const column = arrangement();
    expect(column).toMatchObject({ layout: 'vertical' });
    expect(column).not.toEqual(line);
    runThrough(3, sentence);
    expect(arrangement()).toEqual(line);
    store.setView({ spacing: 33 });
    runThrough(4, page);
    expect(store.view.value.spacing).toBe(33);
  });
});

describe('the text that is held against the shown one', () => {
  it('stays with the same text, and falls away with another', () => {
    runThrough(1, ['a', ' b']);
    store.setView({ otherText: 'a c' });
    runThrough(2, ['a', ' b']);
    host.send({ type: 'subject', subject: { ...subjectOf('a b'), model: 'reader' } });
    expect(store.view.value.otherText).toBe('a c');
    runThrough(3, ['a', ' d']);
    expect(store.view.value.otherText).toBeNull();
  });
});

describe('a run', () => {
  it('goes from empty through loading to ready', () => {
    expect(store.run.value.state).toBe('empty');
    host.send({ type: 'subject', subject: subjectOf('a b') });
    expect(store.run.value).toMatchObject({ state: 'loading', info: null });
    host.send({ type: 'run', event: { type: 'started', run: 1, info: infoOf(1, ['a', ' b']) } });
    expect(store.run.value).toMatchObject({ state: 'loading', info: { run: 1 } });
    host.send({ type: 'run', event: { type: 'layer', run: 1, summary: summaryOf(0) } });
    expect(store.summaries.value.map(({ layer }) => layer)).toEqual([0]);
    host.send({ type: 'run', event: { type: 'finished', run: 1, milliseconds: 5 } });
    expect(store.run.value).toMatchObject({ state: 'ready', milliseconds: 5 });
  });

  it('keeps the former picture until the layer that is looked at has arrived', () => {
    runThrough(1, ['a', ' b']);
    host.send({ type: 'subject', subject: subjectOf('a b c') });
    expect(store.shown.value?.info.run).toBe(1);
    host.send({ type: 'run', event: { type: 'started', run: 2, info: infoOf(2, ['a', ' b', ' c']) } });
    expect(store.shown.value?.info.run).toBe(1);
    host.send({ type: 'run', event: { type: 'layer', run: 2, summary: summaryOf(0) } });
    expect(store.shown.value?.info.run).toBe(2);
    expect(store.summaries.value).toHaveLength(1);
  });

  it('that is slow is shown without its layers after a while', () => {
    runThrough(1, ['a', ' b']);
    host.send({ type: 'subject', subject: subjectOf('a c') });
    host.send({ type: 'run', event: { type: 'started', run: 2, info: infoOf(2, ['a', ' c']) } });
    vi.advanceTimersByTime(1000);
    expect(store.shown.value?.info.run).toBe(2);
    expect(store.summaries.value).toEqual([]);
  });

  it('says what happened when it fails, but not when it was called off', () => {
    host.send({ type: 'subject', subject: subjectOf('a') });
    host.send({ type: 'run', event: { type: 'failed', run: 1, trouble: { code: 'run.cancelled', message: '', help: '' } } });
    expect(store.run.value.state).toBe('loading');
    host.send({ type: 'run', event: { type: 'failed', run: 2, trouble: { code: 'engine.died', message: 'It ended.', help: 'Try again.' } } });
    expect(store.run.value).toMatchObject({ state: 'failed', trouble: { message: 'It ended.' }, subject: { text: 'a' } });
  });

  it('ignores layers of a run that is no longer shown', () => {
    runThrough(2, ['a', ' b']);
    host.send({ type: 'run', event: { type: 'layer', run: 1, summary: summaryOf(1) } });
    expect(store.summaries.value).toHaveLength(2);
  });
});

describe('answers', () => {
  it('are asked for as soon as the layer that is looked at has arrived', () => {
    host.send({ type: 'subject', subject: subjectOf('a b') });
    host.send({ type: 'run', event: { type: 'started', run: 1, info: infoOf(1, ['a', ' b']) } });
    expect(openOf('links')).toHaveLength(0);
    host.send({ type: 'run', event: { type: 'layer', run: 1, summary: summaryOf(0) } });
    expect(openOf('links')).toMatchObject([{ run: 1, ask: { layer: 0, heads: [0, 1, 2], percent: 70 } }]);
  });

  it('are dropped for newer ones, and come too late without effect', async () => {
    runThrough(1, ['a', ' b']);
    const [first] = openOf('links');
    store.setView({ percent: 80 });
    const [second] = openOf('links');
    expect(host.sent).toContainEqual({ type: 'drop', id: first?.id });
    expect(second).toMatchObject({ ask: { percent: 80 } });
    if (!first || !second) throw new Error('Nothing was asked.');
    host.send({ type: 'answer', id: first.id, question: 'links', outcome: { ok: true, value: answers.links } });
    await settled();
    expect(answered.links.value.state).toBe('waiting');
    host.send({ type: 'answer', id: second.id, question: 'links', outcome: { ok: true, value: answers.links } });
    await settled();
    expect(answered.links.value).toMatchObject({ state: 'ready', last: { ask: { percent: 80 } } });
  });

  it('are asked for once only, while they are remembered', async () => {
    runThrough(1, ['a', ' b']);
    store.hover(inText(1));
    const [ask] = openOf('focus');
    if (!ask) throw new Error('Nothing was asked.');
    host.send({ type: 'answer', id: ask.id, question: 'focus', outcome: { ok: true, value: answers.focus } });
    await settled();
    store.hover(null);
    expect(answered.focusRow.value.state).toBe('none');
    store.hover(inText(1));
    expect(answered.focusRow.value.state).toBe('ready');
    expect(openOf('focus')).toHaveLength(1);
  });

  it('that failed are asked for again when the question comes back', async () => {
    runThrough(1, ['a', ' b']);
    const [ask] = openOf('links');
    if (!ask) throw new Error('Nothing was asked.');
    host.send({ type: 'answer', id: ask.id, question: 'links', outcome: { ok: false, trouble: { code: 'run.gone', message: 'Gone.', help: '' } } });
    await settled();
    expect(answered.links.value).toMatchObject({ state: 'failed', trouble: { message: 'Gone.' } });
    store.setView({ percent: 70 });
    expect(openOf('links')).toHaveLength(2);
  });

  it('do not depend on how the first token is drawn, only on whether it is removed', () => {
    runThrough(1, ['a', ' b']);
    const before = openOf('links').length;
    store.setView({ sink: 'show' });
    expect(openOf('links')).toHaveLength(before);
    store.setView({ sink: 'remove' });
    expect(openOf('links')).toMatchObject([{ ask: { sink: 'remove' } }]);
  });

  it('about the next token follow the focus, and are about the last token without one', () => {
    runThrough(1, ['a', ' b']);
    expect(openOf('next')).toMatchObject([{ ask: { position: 1 } }]);
    store.hover(inText(0));
    expect(openOf('next')).toMatchObject([{ ask: { position: 0 } }]);
  });
});

describe('what 8-bit weights cost', () => {
  const settle = async (question: 'links' | 'next'): Promise<void> => {
    const message = openOf(question).at(-1);
    if (!message) throw new Error('Nothing was asked.');
    if (question === 'links') host.send({ type: 'answer', id: message.id, question, outcome: { ok: true, value: answers.links } });
    else host.send({ type: 'answer', id: message.id, question, outcome: { ok: true, value: answers.next } });
    await settled();
  };

  it('is asked once for each run, after all that is looked at', async () => {
    host.send({ type: 'subject', subject: subjectOf('a b') });
    const info = infoOf(1, ['a', ' b']);
    host.send({ type: 'run', event: { type: 'started', run: 1, info: { ...info, model: { ...info.model, precision: '8-bit' } } } });
    host.send({ type: 'run', event: { type: 'layer', run: 1, summary: summaryOf(0) } });
    host.send({ type: 'run', event: { type: 'finished', run: 1, milliseconds: 5 } });
    await settle('links');
    expect(openOf('fidelity')).toHaveLength(0);
    await settle('next');
    expect(openOf('fidelity')).toMatchObject([{ run: 1 }]);
    // Another layer is waited for again, and the measurement goes on.
    store.setView({ layer: 1 });
    expect(openOf('fidelity')).toHaveLength(1);
  });

  it('is never asked of a model in float32', async () => {
    runThrough(1, ['a', ' b']);
    await settle('links');
    await settle('next');
    expect(openOf('fidelity')).toHaveLength(0);
  });
});

describe('focus', () => {
  it('is what is pointed at, else what is pinned, else where the cursor is', () => {
    runThrough(1, ['a', ' b', ' c']);
    host.send({ type: 'caret', token: 2 });
    expect(store.focused.value).toEqual(inText(2));
    store.pin(inText(1));
    expect(store.focused.value).toEqual(inText(1));
    store.hover(inText(0));
    expect(store.focused.value).toEqual(inText(0));
    store.hover(null);
    store.pin(inText(1));
    expect(store.focused.value).toEqual(inText(2));
  });

  it('loses its pin with another text, and keeps it when the same text runs again', () => {
    runThrough(1, ['a', ' b']);
    store.pin(inText(1));
    runThrough(2, ['a', ' b']);
    expect(store.pinned.value).toEqual(inText(1));
    runThrough(3, ['a', ' c']);
    expect(store.pinned.value).toBeNull();
  });

  it('is one of the words where pieces are merged', () => {
    host.send({ type: 'subject', subject: subjectOf('unseen cat') });
    const info = infoOf(1, ['un', 'seen', ' cat']);
    const words = [0, 0, 1];
    host.send({ type: 'run', event: { type: 'started', run: 1, info: { ...info, tokens: info.tokens.map((token, at) => ({ ...token, word: words[at] ?? 0 })) } } });
    store.setView({ unit: 'word' });
    expect(store.unitsOf('text').map(({ text }) => text)).toEqual(['unseen', ' cat']);
    store.hover(inText(1));
    expect(store.lookedAt.value?.unit).toBe(0);
  });
});

describe('the view', () => {
  it('starts as the host has kept it, cut to what the model has', () => {
    host.send({ type: 'hello', strings: {}, locale: 'en', models: [], view: { ...store.view.value, layer: 9, heads: [1, 7], pinned: inText(1) } });
    runThrough(1, ['a', ' b']);
    expect(store.view.value).toMatchObject({ layer: 1, heads: [1], pinned: inText(1) });
  });

  it('of a new panel starts in the middle of the network', () => {
    host.send({ type: 'hello', strings: {}, locale: 'en', models: [], view: null });
    runThrough(1, ['a', ' b']);
    expect(store.view.value.layer).toBe(1);
  });

  it('is kept, once, shortly after it changed', () => {
    runThrough(1, ['a', ' b']);
    vi.runAllTimers();
    host.sent.length = 0;
    store.setView({ layer: 1 });
    store.setView({ percent: 90 });
    vi.runAllTimers();
    expect(host.sent.filter(({ type }) => type === 'view')).toMatchObject([{ view: { layer: 1, percent: 90 } }]);
    expect(host.kept()).toMatchObject({ subject: { text: 'a b' }, view: { layer: 1, percent: 90 } });
  });
});
