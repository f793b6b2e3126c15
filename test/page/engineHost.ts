/** A host for the page under test: the real engine and the embedded models behind the panel's own message classes. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { phrasingOf, scorePhrasings } from '../../src/editor/phrasings/scorePhrasings.ts';
import { Scorer } from '../../src/editor/surprise/scorer.ts';
import { EngineClient } from '../../src/engine/client.ts';
import { spawnNodeWorker } from '../../src/engine/spawn.node.ts';
import { BesideRuns, type BesideServices } from '../../src/panel/besideRuns.ts';
import { CurrentRun } from '../../src/panel/currentRun.ts';
import { PageChannel } from '../../src/panel/pageChannel.ts';
import { wantedTargets } from '../../src/panel/targetLanguage.ts';
import type { HostMessage, ModelSource, OfferedModel, PageMessage, Precision, Question, Subject, ViewState } from '../../src/protocol.ts';
import type { HostedPage } from '../support/pageServer.ts';

const root = new URL('../../', import.meta.url);
const models: readonly OfferedModel[] = [
  { name: 'storyteller', kind: 'decoder' },
  { name: 'reader', kind: 'encoder' },
  { name: 'translator', kind: 'encoder-decoder' },
  { name: 'recaller', kind: 'recurrent' },
];

/** The engine as it ships, in a worker thread. */
export function startEngine(): EngineClient {
  const worker = fileURLToPath(new URL('dist/worker.node.mjs', root));
  if (!existsSync(worker)) throw new Error('dist/worker.node.mjs is missing: run npm run build first.');
  return new EngineClient(() => spawnNodeWorker(worker), { runtime: new URL('dist/runtime/', root).href, threads: 0 });
}

export interface HostOptions {
  readonly strings?: Readonly<Record<string, string>>;
  readonly locale?: string;
  readonly view?: ViewState;
  /** How models compute. Default: float32. */
  readonly precision?: Precision;
}

/** Answers one page as a panel does. */
export class EngineHost {
  private readonly run: CurrentRun;
  private readonly beside: BesideRuns;
  private subject: Subject | null = null;
  private readonly locale: string;
  private readonly precision: Precision | undefined;
  private readonly channel: PageChannel;
  private readonly sending = new Set<Promise<void>>();
  private held: { readonly question: Question; readonly released: Promise<void>; answered: boolean } | null = null;

  constructor(
    readonly engine: EngineClient,
    private readonly hosted: HostedPage,
    options: HostOptions = {},
  ) {
    this.channel = new PageChannel((message) => this.post(message));
    this.run = new CurrentRun((event) => this.channel.post({ type: 'run', event }));
    this.beside = new BesideRuns((message) => this.channel.post(message));
    const { strings = {}, locale = 'en', view = null, precision } = options;
    this.locale = locale;
    this.precision = precision;
    const begin = (): void => this.channel.begin([{ type: 'hello', strings, locale, models, view }]);
    hosted.onMessage = (message) => {
      if (message.type === 'ready') begin();
      else this.receive(message);
    };
    if (hosted.messages.some(({ type }) => type === 'ready')) begin();
  }

  /** Shows `text`; resolves when the run has ended and the page shows it. */
  async show(text: string, windowStart = 0, model = 'storyteller', target?: string): Promise<void> {
    this.begin({ text, model, windowStart, ...(target === undefined ? {} : { target }), source: { uri: 'file:///story.txt', label: 'story.txt', languageId: 'plaintext', start: 0 } });
    await this.hosted.page.locator('.status', { hasText: / ms, / }).waitFor();
  }

  /** Shows a subject and goes on without waiting for its run. */
  begin(subject: Subject): void {
    const { text, model, windowStart, target } = subject;
    this.channel.post({ type: 'subject', subject });
    this.subject = subject;
    this.beside.dispose();
    this.run.begin(this.engine, { model: { ...sourceOf(model), ...(this.precision ? { precision: this.precision } : {}) }, text, windowStart, targets: wantedTargets(this.locale, target) });
  }

  /** Scores two phrasings and shows them, as the command does; the second comes from the clipboard. */
  async comparePhrasings(context: string, both: readonly [string, string], model = 'storyteller'): Promise<void> {
    this.channel.post({ type: 'phrasings', phrasings: { state: 'reading', model } });
    const scorer = new Scorer(() => this.engine);
    const { before, both: scored } = await scorePhrasings(scorer, sourceOf(model), context, both, new AbortController().signal);
    scorer.clear();
    this.channel.post({ type: 'phrasings', phrasings: { state: 'ready', model, before, both: [phrasingOf(both[0], 'selection', scored[0]), phrasingOf(both[1], 'clipboard', scored[1])] } });
    await this.hosted.page.locator('.verdict').waitFor();
  }

  /** Answers `question` once, and again only when what is returned was called: a fast engine may not be over before the page is used. */
  hold(question: Question): () => void {
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    this.held = { question, released, answered: false };
    return release;
  }

  /** As when the worker dies. */
  failBeside(): void {
    this.beside.fail({ code: 'engine.died', facts: { detail: 'exit code 1' } });
  }

  post(message: HostMessage): void {
    const sent = this.hosted.send(message).finally(() => this.sending.delete(sent));
    this.sending.add(sent);
  }

  async close(): Promise<void> {
    this.run.dispose();
    this.beside.dispose();
    this.channel.end();
    await Promise.allSettled(this.sending);
    await this.hosted.close();
  }

  private receive(message: PageMessage): void {
    if (message.type === 'ask') void this.answer(message);
    else if (message.type === 'drop') this.channel.drop(message.id);
    else if (message.type === 'beside') this.beside.run(message, this.subject, this.besideServices());
    else if (message.type === 'target' && this.subject) this.begin({ ...this.subject, target: message.target });
    else if (message.type === 'model' && this.subject) this.begin({ ...this.subject, model: message.name });
  }

  private async answer(message: Extract<PageMessage, { type: 'ask' }>): Promise<void> {
    const { held } = this;
    if (held?.question === message.question) {
      if (held.answered) await held.released;
      held.answered = true;
    }
    await this.channel.answer(this.engine, message);
  }

  private besideServices(): BesideServices {
    const find = (name: string): ModelSource | null => (models.some((model) => model.name === name) ? sourceOf(name) : null);
    return { engine: () => this.engine, find, unknown: (name) => ({ code: 'model.unknownName', facts: { name, known: '' } }), targets: wantedTargets(this.locale, this.subject?.target) };
  }
}

export const sourceOf = (name: string): ModelSource => ({ name, location: fileURLToPath(new URL(`models/${name}`, root)) });
