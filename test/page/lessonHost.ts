/** Plays a lesson file on a page under test: the panel's own player, with the real reader of lessons and real checks on the real engine. */
import { readFileSync } from 'node:fs';
import type { EngineClient } from '../../src/engine/client.ts';
import { EngineLaboratory } from '../../src/lessons/laboratory.ts';
import { LessonPlayer, type LessonServices } from '../../src/lessons/lessonPlayer.ts';
import type { LessonFile } from '../../src/lessons/lessonFile.ts';
import { parseLesson } from '../../src/lessons/parse.ts';
import type { Answer, Ask, CourseEntry, HostMessage, HostRunEvent, Question, RunInfo, Subject, Token } from '../../src/protocol.ts';
import type { HostedPage } from '../support/pageServer.ts';
import { sourceOf, type EngineHost } from './engineHost.ts';

export interface LessonHostOptions {
  readonly locale?: string;
}

const id = '06-attention-map';

export class LessonHost {
  readonly file: LessonFile;
  readonly player: LessonPlayer;
  private subject: Subject | null = null;
  private info: RunInfo | null = null;
  private output: readonly Token[] = [];
  private finished = false;
  private readonly done = new Set<string>();
  private readonly laboratory: EngineLaboratory;
  private readonly working = new Set<Promise<void>>();

  constructor(
    private readonly engine: EngineClient,
    private readonly host: EngineHost,
    private readonly hosted: HostedPage,
    path: string,
    private readonly options: LessonHostOptions = {},
  ) {
    const { file, mistakes } = parseLesson(id, readFileSync(new URL(path, import.meta.url), 'utf8'), { models: ['storyteller', 'reader', 'translator', 'recaller'], lessons: [] });
    if (!file || mistakes.length > 0) throw new Error(`${path}: ${mistakes.map(({ message }) => message).join(' ')}`);
    this.file = file;
    this.laboratory = new EngineLaboratory(() => engine, sourceOf, () => [], () => []);
    this.player = new LessonPlayer({ subject: () => this.subject, run: () => this.run(), show: (subject) => this.show(subject), listens: () => true, post: (message) => host.post(message) }, this.services());
    const others = hosted.onMessage;
    hosted.onMessage = (message) => {
      if (message.type === 'lesson') this.work(this.player.obey(message));
      else others(message);
    };
    const post = host.post.bind(host);
    host.post = (message: HostMessage) => {
      post(message);
      if (message.type === 'run') this.heard(message.event);
    };
  }

  /** Opens the lesson at a step; resolves when its run has ended and the page shows it. */
  async open(step: string): Promise<void> {
    await this.player.open(id, step);
    await this.hosted.page.locator('.status', { hasText: /\d (ms|毫秒)/ }).waitFor();
  }

  async dispose(): Promise<void> {
    await Promise.all(this.working);
    this.laboratory.dispose();
  }

  private work(work: Promise<void>): void {
    const done = work.finally(() => this.working.delete(done));
    this.working.add(done);
  }

  private show(subject: Subject): void {
    this.subject = subject;
    this.info = null;
    this.output = [];
    this.finished = false;
    this.host.begin(subject);
  }

  private heard(event: HostRunEvent): void {
    if (event.type === 'started') this.info = event.info;
    if (event.type === 'output') this.output = event.tokens;
    if (event.type === 'finished') this.finished = true;
    this.player.heard(event);
  }

  private run(): ReturnType<ConstructorParameters<typeof LessonPlayer>[0]['run']> {
    const { engine, finished, info, output } = this;
    if (!info) return null;
    const ask = async <Q extends Question>(question: Q, about: Ask<Q>): Promise<Answer<Q>> => {
      const outcome = await engine.ask(info.run, question, about);
      if (!outcome.ok) throw new Error(outcome.problem.code);
      return outcome.value;
    };
    return { info, output, finished, ask };
  }

  private services(): LessonServices {
    const entry: CourseEntry = { id: '07-many-heads', title: 'Many heads', after: '', steps: 6, done: 0 };
    return {
      load: () => Promise.resolve({ file: this.file, locale: this.options.locale ?? 'en', document: null }),
      neighbours: () => Promise.resolve({ before: null, next: entry }),
      entries: () => Promise.resolve([{ id, title: this.file.lesson.title, after: this.file.lesson.after, steps: this.file.steps.length, done: this.done.size }, entry]),
      done: () => [...this.done],
      record: (_lesson, step) => {
        this.done.add(step);
        return Promise.resolve();
      },
      reset: () => {
        this.done.clear();
        return Promise.resolve(true);
      },
      exportProgress: () => Promise.resolve(),
      fingerprint: () => Promise.resolve(null),
      laboratory: this.laboratory,
      report: ({ code, message }) => this.hosted.complaints.push(`${code}: ${message}`),
    };
  }
}
