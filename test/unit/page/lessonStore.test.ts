import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { LessonStep, PageMessage, TakenLesson } from '../../../src/protocol.ts';
import type * as Lessons from '../../../webview/lesson/lessonStore.ts';
import type * as Path from '../../../webview/lesson/path.ts';
import type * as Pointing from '../../../webview/lesson/pointing.ts';
import type * as LitModule from '../../../webview/lit.ts';
import type * as Store from '../../../webview/store.ts';
import { fakePage, infoOf, subjectOf, summaryOf, type FakeHost } from './fakePage.ts';

let host: FakeHost;
let store: typeof Store;
let lessons: typeof Lessons;
let path: typeof Path;
let pointing: typeof Pointing;
let lit: typeof LitModule;

function step(id: string, more: Partial<LessonStep> = {}): LessonStep {
  return { id, title: [{ kind: 'text', text: id }], prose: [], show: { model: 'storyteller', text: 'a b c', editable: false }, check: null, ...more };
}

function taken(at: number, steps: readonly LessonStep[] = [step('one'), step('two', { check: { kind: 'head', task: [] } }), step('free', { show: null })]): TakenLesson {
  return { lesson: { id: '02-tokens', title: 'Tokens', after: 'I can count tokens.', steps }, at, done: [], locale: 'en', before: null, next: null, mistakes: 0 };
}

/** The text with its tokens; no layer has come yet. */
function begin(run: number, pieces: readonly string[]): void {
  host.send({ type: 'subject', subject: subjectOf(pieces.join('')) });
  host.send({ type: 'run', event: { type: 'started', run, info: infoOf(run, pieces) } });
}

function finish(run: number): void {
  for (const layer of [0, 1]) host.send({ type: 'run', event: { type: 'layer', run, summary: summaryOf(layer) } });
  host.send({ type: 'run', event: { type: 'finished', run, milliseconds: 5 } });
}

const lessonMessages = (): PageMessage[] => host.sent.filter(({ type }) => type === 'lesson');

beforeEach(async () => {
  vi.resetModules();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  host = fakePage();
  vi.stubGlobal('document', Object.assign(document, { querySelector: () => null }));
  store = await import('../../../webview/store.ts');
  lessons = await import('../../../webview/lesson/lessonStore.ts');
  path = await import('../../../webview/lesson/path.ts');
  pointing = await import('../../../webview/lesson/pointing.ts');
  lit = await import('../../../webview/lit.ts');
  store.start(() => undefined);
  host.send({ type: 'hello', strings: {}, locale: 'en', models: [{ name: 'storyteller', kind: 'decoder' }], view: store.view.value });
});

describe('what a step shows', () => {
  it('is put over the view of the run that is drawn', () => {
    begin(1, ['a', ' b', ' c']);
    finish(1);
    host.send({ type: 'lesson', lesson: taken(0) });
    host.send({ type: 'lessonView', step: 'one', view: { picture: 'map', layer: 1, heads: [2] } });
    expect(store.view.value).toMatchObject({ picture: 'map', layer: 1, heads: [2] });
  });

  it('waits for its own run, so that the former picture stays as it was', () => {
    begin(1, ['x', ' y']);
    finish(1);
    begin(2, ['a', ' b', ' c']);
    host.send({ type: 'lesson', lesson: taken(0) });
    host.send({ type: 'lessonView', step: 'one', view: { layer: 1, pinned: { sequence: 'text', token: 2 } } });
    expect(store.view.value.layer).toBe(0);
    host.send({ type: 'run', event: { type: 'layer', run: 2, summary: summaryOf(0) } });
    expect(store.shown.value?.info.run).toBe(1);
    host.send({ type: 'run', event: { type: 'layer', run: 2, summary: summaryOf(1) } });
    expect(store.shown.value?.info.run).toBe(2);
    expect(store.view.value).toMatchObject({ layer: 1, pinned: { sequence: 'text', token: 2 } });
  });

  it('is cut to what the model has, and being cut is not leaving the path', () => {
    begin(1, ['a', ' b', ' c']);
    host.send({ type: 'lesson', lesson: taken(0) });
    host.send({ type: 'lessonView', step: 'one', view: { layer: 11, heads: [1, 9] } });
    expect(store.view.value).toMatchObject({ layer: 1, heads: [1] });
    expect(path.offPath.value).toBe(false);
  });
});

describe('the path', () => {
  beforeEach(() => {
    begin(1, ['a', ' b', ' c']);
    finish(1);
    host.send({ type: 'lesson', lesson: taken(0) });
    host.send({ type: 'lessonView', step: 'one', view: { layer: 1, heads: [] } });
  });

  it('is left by another setting of those that the step made, and by no other', () => {
    store.setView({ percent: 40 });
    expect(path.offPath.value).toBe(false);
    store.setView({ layer: 0 });
    expect(path.offPath.value).toBe(true);
    store.setView({ layer: 1 });
    expect(path.offPath.value).toBe(false);
  });

  it('is left by another text, and never by a step that shows nothing', () => {
    begin(2, ['a', ' b']);
    expect(path.offPath.value).toBe(true);
    host.send({ type: 'lesson', lesson: taken(2) });
    expect(path.offPath.value).toBe(false);
  });
});

describe('a check', () => {
  beforeEach(() => {
    begin(1, ['a', ' b', ' c']);
    host.send({ type: 'lesson', lesson: taken(1) });
  });

  it('is asked with the view as it is, once at a time, and told', () => {
    lessons.check(null, store.view.value);
    lessons.check(null, store.view.value);
    expect(lessonMessages()).toEqual([{ type: 'lesson', action: 'check', step: 'two', given: null, view: store.view.value }]);
    host.send({ type: 'lessonCheck', step: 'two', verdict: { state: 'passed', measured: [] } });
    host.send({ type: 'lessonProgress', done: ['two'] });
    expect(lessons.checking.value).toEqual({ state: 'told', verdict: { state: 'passed', measured: [] } });
    expect(lessons.isDone('two')).toBe(true);
  });

  it('keeps its verdict when the file is edited, and loses it with the step', () => {
    host.send({ type: 'lessonCheck', step: 'two', verdict: { state: 'hint', hint: [], measured: [] } });
    host.send({ type: 'lesson', lesson: { ...taken(1), mistakes: 1 } });
    expect(lessons.checking.value.state).toBe('told');
    host.send({ type: 'lesson', lesson: taken(0) });
    expect(lessons.checking.value).toEqual({ state: 'open' });
  });

  it('of a step that was left is not told', () => {
    host.send({ type: 'lessonCheck', step: 'one', verdict: { state: 'passed', measured: [] } });
    expect(lessons.checking.value).toEqual({ state: 'open' });
  });
});

describe('steps', () => {
  it('end at the first, and go on from the last as the host knows', () => {
    host.send({ type: 'lesson', lesson: taken(0) });
    lessons.turnStep(-1);
    expect(lessonMessages()).toEqual([]);
    lessons.turnStep(1);
    expect(lessonMessages()).toEqual([{ type: 'lesson', action: 'step', step: 'two' }]);
    host.send({ type: 'lesson', lesson: taken(2) });
    lessons.turnStep(1);
    expect(lessonMessages().at(-1)).toEqual({ type: 'lesson', action: 'onward' });
  });

  it('are kept with the panel', () => {
    begin(1, ['a', ' b', ' c']);
    host.send({ type: 'lesson', lesson: taken(1) });
    vi.runAllTimers();
    expect(host.kept()).toMatchObject({ subject: { text: 'a b c' }, lesson: { id: '02-tokens', step: 'two' } });
    host.send({ type: 'lesson', lesson: null });
    vi.runAllTimers();
    expect(host.kept()).not.toHaveProperty('lesson');
  });
});

describe('a word that points', () => {
  beforeEach(() => {
    begin(1, ['a', ' b', ' c']);
    finish(1);
    const place = (token: number): { readonly sequence: 'text'; readonly token: number } => ({ sequence: 'text', token });
    host.send({ type: 'lessonTokens', run: 1, tokens: [{ token: 'b', place: place(1) }, { token: 'c', place: place(2) }] });
  });

  it('at a token puts the focus there, and pins it when chosen', () => {
    pointing.pointAt({ of: 'token', token: 'b' });
    expect(store.focused.value).toEqual({ sequence: 'text', token: 1 });
    pointing.stopPointing();
    expect(store.focused.value).toBeNull();
    expect(lit.lit.value).toBeNull();
    pointing.goTo({ of: 'token', token: 'b' });
    pointing.goTo({ of: 'token', token: 'b' });
    expect(store.pinned.value).toEqual({ sequence: 'text', token: 1 });
  });

  it('at a link lights both ends and focuses the one that looks', () => {
    pointing.pointAt({ of: 'link', from: 'c', to: 'b' });
    expect(lit.litPlaces(lit.lit.value).map(({ token }) => token)).toEqual([2, 1]);
    expect(store.hovered.value).toEqual({ sequence: 'text', token: 2 });
  });

  it('at heads and layers lights them, and shows them when chosen', () => {
    pointing.pointAt({ of: 'head', layer: 1, head: 2 });
    expect([lit.isHeadLit(lit.lit.value, 1, 2), lit.isHeadLit(lit.lit.value, 1, 1)]).toEqual([true, false]);
    pointing.pointAt({ of: 'layer', layer: 1 });
    expect([lit.isHeadLit(lit.lit.value, 1, 1), lit.isHeadLit(lit.lit.value, 0, 1)]).toEqual([true, false]);
    pointing.goTo({ of: 'head', layer: 1, head: 2 });
    expect(store.view.value).toMatchObject({ layer: 1, heads: [2] });
  });

  it('lights nothing where its token is not in the text, or of another run', () => {
    expect(pointing.litBy({ of: 'token', token: 'x' })).toBeNull();
    expect(pointing.litBy({ of: 'link', from: 'b', to: 'x' })).toBeNull();
    begin(2, ['b', ' a']);
    finish(2);
    expect(pointing.litBy({ of: 'token', token: 'b' })).toBeNull();
  });
});
