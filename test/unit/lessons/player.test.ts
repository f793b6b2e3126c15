/** A lesson taken in a panel: steps, what they show, checks failed and passed, progress, and what a learner hands in. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { EngineClient } from '../../../src/engine/client.ts';
import type { LoadedLesson } from '../../../src/lessons/course.ts';
import { LessonPlayer, type LessonServices, type Stage } from '../../../src/lessons/lessonPlayer.ts';
import { parseLesson } from '../../../src/lessons/parse.ts';
import { LessonProgress } from '../../../src/lessons/progress.ts';
import { progressText, readProgressFile } from '../../../src/lessons/progressRecord.ts';
import { replay } from '../../../src/lessons/replay.ts';
import { fullRunOf } from './shownRun.ts';
import type { HostMessage, HostRunEvent, Subject, ViewState } from '../../../src/protocol.ts';
import { initialView } from '../../../webview/viewState.ts';
import { embedded, startLaboratory, type TestLaboratory } from '../../support/laboratory.ts';

const SOURCE = `---
title: A lesson
after: I can say it.
---
## Read {#read}

\`\`\`show
model: storyteller
text: The teacher taught the student with the book.
picture: map
layer: 2
heads: [3]
pin: the#2
\`\`\`

See [book](point:token/book) and [lamp](point:token/lamp).

## Ask {#ask}

\`\`\`check
kind: choice
options: [{ text: A, hint: Not A. }, B]
right: 2
hint: Look again.
\`\`\`

## Find {#find}

\`\`\`show
text: The book.
\`\`\`

\`\`\`check
kind: token
token: book
hint: [First hint., Second hint.]
wrong: The
\`\`\`
`;

/** A panel's end: keeps what was posted, and runs what is shown. */
class TestStage implements Stage {
  readonly posted: HostMessage[] = [];
  now: Subject | null = null;
  shownRun: ReturnType<Stage['run']> = null;
  player: LessonPlayer | null = null;
  private running: Promise<void> = Promise.resolve();

  constructor(private readonly client: EngineClient) {}

  subject = (): Subject | null => this.now;
  run = (): ReturnType<Stage['run']> => this.shownRun;
  heard = true;
  listens = (): boolean => this.heard;
  post = (message: HostMessage): void => void this.posted.push(message);

  show = (subject: Subject): void => {
    this.now = subject;
    this.shownRun = null;
    this.running = fullRunOf(this.client, subject, (run, event: HostRunEvent) => {
      this.shownRun = run;
      this.player?.heard(event);
    });
  };

  settled(): Promise<void> {
    return this.running;
  }

  last<T extends HostMessage['type']>(type: T): Extract<HostMessage, { type: T }> | undefined {
    return this.posted.findLast((message): message is Extract<HostMessage, { type: T }> => message.type === type);
  }
}

let lab: TestLaboratory;
beforeAll(() => {
  lab = startLaboratory();
});
afterAll(() => lab.end());

describe('a lesson in a panel', () => {
  const view: ViewState = initialView;
  let stage: TestStage;
  let player: LessonPlayer;
  let progress: LessonProgress;
  const { file } = parseLesson('one', SOURCE, { models: embedded, lessons: [] });

  beforeEach(async () => {
    const memory = new Map<string, unknown>();
    progress = new LessonProgress({ get: (key) => memory.get(key), update: (key, value) => Promise.resolve(void memory.set(key, value)) });
    if (!file) throw new Error('The lesson has mistakes.');
    const loaded: LoadedLesson = { file, locale: 'en', document: null };
    const services: LessonServices = {
      load: () => Promise.resolve(loaded),
      neighbours: () => Promise.resolve({ before: null, next: null }),
      entries: () => Promise.resolve([{ id: 'one', title: 'A lesson', after: '', steps: 3, done: progress.done('one').length }]),
      done: (id) => progress.done(id),
      record: (id, step, done) => progress.record(id, step, done),
      reset: async (id) => {
        await progress.reset(id);
        return true;
      },
      exportProgress: () => Promise.resolve(),
      fingerprint: () => Promise.resolve('weights'),
      laboratory: lab.laboratory,
      report: ({ message }) => {
        throw new Error(message);
      },
    };
    stage = new TestStage(lab.client);
    player = new LessonPlayer(stage, services);
    stage.player = player;
    await player.open('one');
    await stage.settled();
  });

  const check = (step: string, given: { option: number } | null, now: ViewState = view): Promise<void> => player.obey({ type: 'lesson', action: 'check', step, given, view: now });

  it('shows the first step: its model on its text, then its view', () => {
    expect(stage.now).toEqual({ model: 'storyteller', text: 'The teacher taught the student with the book.', windowStart: 0 });
    expect(stage.last('lesson')?.lesson).toMatchObject({ at: 0, done: [], locale: 'en', lesson: { title: 'A lesson' } });
    expect(stage.last('lessonView')).toMatchObject({ step: 'read', view: { picture: 'map', part: 'decoder', layer: 2, heads: [3], pinned: { sequence: 'text', token: 6 }, experiments: [], showing: 'before' } });
  });

  it('tells a page that was not there yet of the view too, once', async () => {
    stage.heard = false;
    await player.obey({ type: 'lesson', action: 'step', step: 'find' });
    await stage.settled();
    expect(player.messages().filter(({ type }) => type === 'lessonView')).toMatchObject([{ step: 'find' }]);
    expect(player.messages().filter(({ type }) => type === 'lessonView')).toEqual([]);
  });

  it('says which tokens the prose means, and leaves out those that are not there', () => {
    expect(stage.last('lessonTokens')?.tokens).toEqual([{ token: 'book', place: { sequence: 'text', token: 7 } }]);
  });

  it('counts a step where nothing is asked as done when one goes on, and leaves the picture alone', async () => {
    const views = stage.posted.filter(({ type }) => type === 'lessonView').length;
    await player.goBy(1);
    expect(player.place).toEqual({ id: 'one', step: 'ask' });
    expect(progress.done('one')).toEqual(['read']);
    expect(stage.posted.filter(({ type }) => type === 'lessonView')).toHaveLength(views);
  });

  it('counts a last step where nothing is asked as done when one goes on to all lessons', async () => {
    const reading = parseLesson('one', SOURCE.replace(/```check\nkind: token[^`]*```/, 'Nothing is asked.'), { models: embedded, lessons: [] }).file;
    player.replace(reading, 0);
    await player.obey({ type: 'lesson', action: 'step', step: 'find' });
    await player.obey({ type: 'lesson', action: 'onward' });
    expect(progress.done('one')).toContain('find');
    expect(stage.last('course')?.lessons).toMatchObject([{ id: 'one', done: 2 }]);
  });

  it('answers a wrong choice with its own hint, and passes the right one', async () => {
    await player.obey({ type: 'lesson', action: 'step', step: 'ask' });
    await check('ask', null);
    expect(stage.last('lessonCheck')?.verdict).toMatchObject({ state: 'hint', hint: [{ text: 'Choose an option first.' }] });
    await check('ask', { option: 0 });
    expect(stage.last('lessonCheck')?.verdict).toMatchObject({ state: 'hint', hint: [{ text: 'Not A.' }] });
    expect(progress.done('one')).not.toContain('ask');
    await check('ask', { option: 1 });
    expect(stage.last('lessonCheck')?.verdict).toMatchObject({ state: 'passed' });
    expect(stage.last('lessonProgress')?.done).toContain('ask');
  });

  it('decides by what is pinned, gives one hint after another, and keeps what was done with which model', async () => {
    await player.obey({ type: 'lesson', action: 'step', step: 'find' });
    await stage.settled();
    expect(stage.now?.text).toBe('The book.');
    const pinned = (token: number): ViewState => ({ ...view, pinned: { sequence: 'text', token } });
    const hints: unknown[] = [];
    for (const token of [0, 2, 0]) {
      await check('find', null, pinned(token));
      const last = stage.last('lessonCheck')?.verdict;
      hints.push(last?.state === 'hint' ? last.hint : last);
    }
    expect(hints).toEqual([[{ kind: 'text', text: 'First hint.' }], [{ kind: 'text', text: 'Second hint.' }], [{ kind: 'text', text: 'Second hint.' }]]);
    await check('find', null, pinned(1));
    expect(stage.last('lessonCheck')?.verdict.state).toBe('passed');
    expect(progress.all()['one']?.['find']).toMatchObject({ fingerprint: 'weights', attempt: { model: 'storyteller', text: 'The book.', given: null, view: { pinned: { sequence: 'text', token: 1 } } } });
  });

  it('comes back to the step after straying, and ends with its picture left', async () => {
    await player.obey({ type: 'lesson', action: 'text', text: 'Something else.' });
    await stage.settled();
    expect(stage.now?.text).toBe('Something else.');
    await player.obey({ type: 'lesson', action: 'return' });
    await stage.settled();
    expect(stage.now?.text).toBe('The teacher taught the student with the book.');
    expect(stage.posted.filter(({ type }) => type === 'lessonView')).toHaveLength(2);
    await player.obey({ type: 'lesson', action: 'leave' });
    expect(player.place).toBeNull();
    expect(stage.last('lesson')?.lesson).toBeNull();
    expect(stage.now?.text).toBe('The teacher taught the student with the book.');
  });

  it('follows its file: on the same step, showing anew only what has changed', async () => {
    const edited = (from: string, to: string): ReturnType<typeof parseLesson>['file'] => parseLesson('one', SOURCE.replace(from, to), { models: embedded, lessons: [] }).file;
    const shown = stage.now;
    player.replace(edited('See [book]', 'Behold [book]'), 0);
    expect(stage.now).toBe(shown);
    player.replace(edited('text: The teacher taught', 'text: The pupil taught'), 0);
    await stage.settled();
    expect(stage.now?.text).toMatch(/^The pupil/);
    player.replace(null, 2);
    expect(stage.last('lesson')?.lesson).toMatchObject({ at: 0, mistakes: 2 });
  });

  it('is forgotten when it is reset', async () => {
    await player.goBy(1);
    await player.obey({ type: 'lesson', action: 'reset' });
    expect(stage.last('lessonProgress')?.done).toEqual([]);
  });

  it('can be handed in and decided again: what holds holds, what was made up does not', async () => {
    await player.obey({ type: 'lesson', action: 'step', step: 'find' });
    await stage.settled();
    await check('find', null, { ...view, pinned: { sequence: 'text', token: 1 } });
    const steps = Object.entries(progress.all()['one'] ?? {}).map(([id, done]) => ({ id, ...done }));
    const forged = steps.map((step) => (step.attempt ? { ...step, attempt: { ...step.attempt, text: 'A lamp.' } } : step));
    const outcome = async (handed: typeof steps): Promise<unknown> => {
      const read = readProgressFile(progressText([{ id: 'one', title: 'A lesson', steps: handed }]));
      if (!read.ok) return read.detail;
      const all = [];
      for await (const { step, came, sameModel } of replay(read.file, { lesson: () => Promise.resolve(file), fingerprint: () => Promise.resolve('other'), laboratory: lab.laboratory })) all.push([step, came, sameModel]);
      return all;
    };
    expect(await outcome(steps)).toEqual([['read', 'read', null], ['find', 'holds', false]]);
    expect(await outcome(forged)).toEqual([['read', 'read', null], ['find', 'problem', false]]);
    expect(await outcome(steps.map((step) => ({ ...step, id: 'nowhere' })))).toEqual([['nowhere', 'gone', null], ['nowhere', 'gone', null]]);
  });

  it.each(['', '[]', '{"headlightLessons":2,"lessons":[]}', '{"headlightLessons":1,"lessons":[{"id":3}]}', JSON.stringify({ headlightLessons: 1, lessons: [{ id: 'x', title: '', steps: [{ id: 'y', at: '', fingerprint: null, attempt: { model: 'm', text: 'x'.repeat(30_000), given: null, view: {} } }] }] })])('a progress file that is none is refused: %s', (text) => {
    expect(readProgressFile(text).ok).toBe(false);
  });
});
