/** A lesson as it is taken in a panel: which step, what the step shows, what its check comes to. The picture is the panel's own. */
import * as l10n from '@vscode/l10n';
import { describe } from '../problems.ts';
import type { CourseEntry, Given, HostMessage, HostRunEvent, Inline, LessonPageMessage, LessonPlace, RunInfo, Subject, TakenLesson, Token, Verdict, ViewState } from '../protocol.ts';
import { judgedView, type Attempt } from './attempt.ts';
import { decide } from './decide.ts';
import type { Decision } from './decision.ts';
import type { CheckFile, LessonFile, StepFile } from './lessonFile.ts';
import type { Laboratory, LabRun } from './laboratory.ts';
import type { LoadedLesson } from './course.ts';
import { outcomeOf } from './outcomes.ts';
import type { DoneStep } from './progressRecord.ts';
import { viewOfStep } from './shownView.ts';
import { findToken } from './tokenRef.ts';

/** The panel, as far as a lesson needs it. */
export interface Stage {
  subject(): Subject | null;
  /** The shown run and what its decoder has written; null before its tokens are known. */
  run(): (Pick<LabRun, 'info' | 'output' | 'ask'> & { readonly finished: boolean }) | null;
  show(subject: Subject): void;
  /** Whether the page listens; one that does not is told everything when it does. */
  listens(): boolean;
  post(message: HostMessage): void;
}

/** What players share. */
export interface LessonServices {
  load(id: string): Promise<LoadedLesson>;
  neighbours(id: string): Promise<Pick<TakenLesson, 'before' | 'next'>>;
  entries(): Promise<readonly CourseEntry[]>;
  done(id: string): readonly string[];
  record(id: string, step: string, done: DoneStep): Promise<void>;
  /** Forgets what was done in a lesson, if the user says so again. */
  reset(id: string): Promise<boolean>;
  exportProgress(): Promise<void>;
  fingerprint(model: string): Promise<string | null>;
  readonly laboratory: Laboratory;
  /** Tells a problem. */
  report(problem: ReturnType<typeof describe>): void;
}

interface Taken extends LoadedLesson {
  readonly id: string;
  readonly sides: Pick<TakenLesson, 'before' | 'next'>;
  at: number;
  mistakes: number;
}

export class LessonPlayer {
  private taken: Taken | null = null;
  private overview: readonly CourseEntry[] | null = null;
  /** The step whose view is to be put on once its run has started. */
  private awaited: StepFile | null = null;
  /** The step whose view names what is only there at the run's end. */
  private unfinished: StepFile | null = null;
  /** A view that no page was there to hear of. */
  private unheard: HostMessage | null = null;
  /** Checks of a step that were not passed yet. */
  private missed = { step: '', count: 0 };
  /** What the last check came to, of the step that is shown. */
  private judged: { readonly step: string; readonly verdict: Verdict } | null = null;
  /** Counts what was asked for: what comes late of something older is left alone. */
  private wishes = 0;

  constructor(
    private readonly stage: Stage,
    private readonly services: LessonServices,
  ) {}

  /** Where the panel is in a lesson. */
  get place(): LessonPlace | null {
    const step = this.step;
    return this.taken && step ? { id: this.taken.id, step: step.id } : null;
  }

  /** What the last check of the step came to. */
  get verdict(): Verdict | null {
    return this.judged && this.judged.step === this.step?.id ? this.judged.verdict : null;
  }

  /** What a page that begins must know. */
  messages(): HostMessage[] {
    const { judged, unheard } = this;
    this.unheard = null;
    return [{ type: 'course', lessons: this.overview }, this.lessonMessage(), ...this.tokensMessage(), ...(judged && this.verdict ? [{ type: 'lessonCheck' as const, ...judged }] : []), ...(unheard ? [unheard] : [])];
  }

  async openList(): Promise<void> {
    await this.attempt(async (current) => {
      const lessons = await this.services.entries();
      if (current()) this.overview = lessons;
    });
    this.stage.post({ type: 'course', lessons: this.overview });
  }

  /** Opens a lesson at a step; by itself at the first that is not done. */
  async open(id: string, step?: string): Promise<void> {
    await this.take(id, step, true);
  }

  /** After a reload of the window: the picture is as it was kept. */
  async resume({ id, step }: LessonPlace): Promise<void> {
    await this.take(id, step, false);
  }

  async obey(message: LessonPageMessage): Promise<void> {
    switch (message.action) {
      case 'list':
        return this.openList();
      case 'closeList':
        return this.closeList();
      case 'onward':
        return this.goBy(1);
      case 'open':
        return this.open(message.id);
      case 'step':
        return this.go(message.step);
      case 'check':
        return this.check(message.step, message.given, message.view);
      case 'text':
        return this.retype(message.text);
      case 'return':
        if (this.step) this.enter(this.step);
        return;
      case 'leave':
        this.taken = this.awaited = this.unfinished = null;
        this.stage.post(this.lessonMessage());
        return;
      case 'reset':
        if (this.taken && (await this.services.reset(this.taken.id))) this.tellProgress();
        return;
      case 'export':
        return this.services.exportProgress();
      default:
        message satisfies never;
    }
  }

  /** The step after this one, or before; beyond the last the next lesson, or else the overview. */
  async goBy(by: 1 | -1): Promise<void> {
    if (!this.taken) return;
    const { file, at, sides } = this.taken;
    const step = file.steps[at + by];
    if (step) return this.go(step.id);
    const neighbour = by === 1 ? sides.next : sides.before;
    if (by === 1) await this.doneByReading();
    if (neighbour) await this.open(neighbour.id);
    else if (by === 1) await this.openList();
  }

  /** The file of the lesson was edited: it goes on where it was. */
  replace(file: LessonFile | null, mistakes: number): void {
    const { taken } = this;
    if (!taken) return;
    const step = this.step;
    const at = file?.steps.findIndex(({ id }) => id === step?.id) ?? taken.at;
    const next = file ?? taken.file;
    this.taken = { ...taken, file: next, at: Math.max(0, at === -1 ? Math.min(taken.at, next.steps.length - 1) : at), mistakes };
    this.stage.post(this.lessonMessage());
    const now = this.step;
    // What is shown follows the file only where that has changed: the learner's view stays else.
    if (now && JSON.stringify([now.setting, now.show?.wish]) !== JSON.stringify([step?.setting, step?.show?.wish])) this.enter(now);
    else for (const message of this.tokensMessage()) this.stage.post(message);
  }

  /** Hears of the panel's run after the page has. */
  heard(event: HostRunEvent): void {
    if (event.type !== 'started' && event.type !== 'output' && event.type !== 'finished') return;
    for (const message of this.tokensMessage()) this.stage.post(message);
    const step = event.type === 'started' ? this.awaited : event.type === 'finished' ? this.unfinished : null;
    if (event.type === 'started') this.awaited = null;
    if (event.type === 'finished') this.unfinished = null;
    if (step && step === this.step) void this.putOn(step);
  }

  private get step(): StepFile | null {
    return this.taken?.file.steps[this.taken.at] ?? null;
  }

  private async take(id: string, step: string | undefined, show: boolean): Promise<void> {
    await this.attempt(async (current) => {
      const [loaded, sides] = [await this.services.load(id), await this.services.neighbours(id)];
      if (!current()) return;
      const done = this.services.done(id);
      const { steps } = loaded.file;
      const wanted = step === undefined ? steps.findIndex((one) => !done.includes(one.id)) : steps.findIndex((one) => one.id === step);
      this.taken = { ...loaded, id, sides, at: Math.max(0, wanted), mistakes: 0 };
      this.closeList();
      this.stage.post(this.lessonMessage());
      if (show && this.step) this.enter(this.step);
    });
  }

  private closeList(): void {
    if (!this.overview) return;
    this.overview = null;
    this.stage.post({ type: 'course', lessons: null });
  }

  private async go(id: string): Promise<void> {
    const { taken } = this;
    const at = taken?.file.steps.findIndex((step) => step.id === id) ?? -1;
    if (!taken || at === -1) return;
    if (at > taken.at) await this.doneByReading();
    const onward = at === taken.at + 1;
    taken.at = at;
    this.stage.post(this.lessonMessage());
    const step = this.step;
    // A step without a view of its own goes on with the one before it; one that is jumped to shows what would be seen there.
    if (step && (step.show || !onward)) this.enter(step);
    else for (const message of this.tokensMessage()) this.stage.post(message);
  }

  /** Where nothing is asked, to go on is to be done. */
  private async doneByReading(): Promise<void> {
    const { taken, step } = this;
    if (!taken || !step || step.check || this.services.done(taken.id).includes(step.id)) return;
    await this.services.record(taken.id, step.id, { at: new Date().toISOString(), fingerprint: null, attempt: null });
    this.tellProgress();
  }

  /** Shows what a step shows: its model on its text, then its view. */
  private enter(step: StepFile): void {
    const { setting } = step;
    if (!setting) return;
    const now = this.stage.subject();
    const same = now?.model === setting.model && now.text === setting.text && now.windowStart === 0 && (setting.target === undefined || now.target === setting.target);
    this.awaited = this.unfinished = this.unheard = null;
    if (same && this.stage.run()) {
      void this.putOn(step);
      for (const message of this.tokensMessage()) this.stage.post(message);
      return;
    }
    this.awaited = step;
    this.stage.show({ text: setting.text, model: setting.model, windowStart: 0, ...(setting.target === undefined ? {} : { target: setting.target }) });
  }

  private async putOn(step: StepFile): Promise<void> {
    const run = this.stage.run();
    if (!run || !step.seen) return;
    const wish = ++this.wishes;
    const viewed = await outcomeOf(viewOfStep(step.seen, { ...run, summaries: [] }));
    if (wish !== this.wishes || step !== this.step) return;
    if (viewed.ok) this.tellView({ type: 'lessonView', step: step.id, view: viewed.value });
    else if (!run.finished && viewed.problem.code === 'lesson.noToken') this.unfinished = step;
    else if (viewed.problem.code !== 'run.gone' && viewed.problem.code !== 'run.cancelled') this.services.report(describe(viewed.problem));
  }

  /** The page may still be loading while the first run is through. */
  private tellView(message: HostMessage): void {
    this.unheard = this.stage.listens() ? null : message;
    this.stage.post(message);
  }

  private retype(text: string): void {
    const subject = this.stage.subject();
    if (!subject) return;
    const { model, target } = subject;
    this.stage.show({ text, model, windowStart: 0, ...(target === undefined ? {} : { target }) });
  }

  private async check(id: string, given: Given, view: ViewState): Promise<void> {
    const { taken, step } = this;
    const subject = this.stage.subject();
    const { check } = step ?? {};
    if (!taken || !step || !check || step.id !== id) return;
    const { model, text, target } = subject ?? step.setting ?? { model: '', text: '' };
    const attempt: Attempt = { model, text, ...(target === undefined ? {} : { target }), given, view: judgedView(check.wish.kind, view) };
    const decided = await outcomeOf(decide(check.wish, step.setting, attempt, this.services.laboratory));
    if (this.taken?.id !== taken.id || this.step?.id !== id) return;
    if (!decided.ok) {
      this.tellVerdict(id, { state: 'failed', trouble: describe(decided.problem) });
      return;
    }
    this.tellVerdict(id, this.verdictOf(check, decided.value, id));
    if (!decided.value.passed) return;
    const fingerprint = model ? await this.services.fingerprint(model) : null;
    await this.services.record(taken.id, id, { at: new Date().toISOString(), fingerprint, attempt });
    this.tellProgress();
  }

  private tellVerdict(step: string, verdict: Verdict): void {
    this.judged = { step, verdict };
    this.stage.post({ type: 'lessonCheck', step, verdict });
  }

  private verdictOf(check: CheckFile, { passed, measured, option, missing }: Decision, step: string): Verdict {
    if (passed) return { state: 'passed', measured };
    if (missing !== undefined) return { state: 'hint', hint: [{ kind: 'text', text: missing }], measured };
    if (this.missed.step !== step) this.missed = { step, count: 0 };
    const own = option === undefined ? null : check.optionHints[option];
    const hint: readonly Inline[] = own ?? check.hints[Math.min(this.missed.count, check.hints.length - 1)] ?? [{ kind: 'text', text: l10n.t('Not yet: try something else.') }];
    this.missed.count++;
    return { state: 'hint', hint, measured };
  }

  private tellProgress(): void {
    if (this.taken) this.stage.post({ type: 'lessonProgress', done: this.services.done(this.taken.id) });
  }

  private lessonMessage(): HostMessage {
    if (!this.taken) return { type: 'lesson', lesson: null };
    const { file, at, id, locale, sides, mistakes } = this.taken;
    return { type: 'lesson', lesson: { lesson: file.lesson, at, done: this.services.done(id), locale, ...sides, mistakes } };
  }

  /** Which tokens of the run the step's prose means. */
  private tokensMessage(): HostMessage[] {
    const run = this.stage.run();
    if (!run || !this.step) return [];
    const named = new Set(this.step.mentions.flatMap((mention) => (mention.of === 'token' ? [mention.token] : [])));
    const tokens = [...named].flatMap((token) => {
      const place = found(token, run);
      return place ? [{ token, place }] : [];
    });
    return [{ type: 'lessonTokens', run: run.info.run, tokens }];
  }

  private async attempt(work: (current: () => boolean) => Promise<void>): Promise<void> {
    const wish = ++this.wishes;
    const done = await outcomeOf(work(() => wish === this.wishes));
    if (!done.ok) this.services.report(describe(done.problem));
  }
}

function found(token: string, { info, output }: { readonly info: RunInfo; readonly output: readonly Token[] }): ReturnType<typeof findToken> {
  const tokens = { text: info.tokens, output };
  return findToken(token, tokens, 'text') ?? findToken(token, tokens, 'output');
}
