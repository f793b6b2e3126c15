/** What every page of Headlight has, in a panel or in an editor of probes: a text, the runs on it, and the line to the page that draws them. */
import * as vscode from 'vscode';
import { ProblemError } from '../engine/client.ts';
import { embeddedModels } from '../models/modelNames.ts';
import { describe } from '../problems.ts';
import type { Answer, Ask, ExportPageMessage, HostMessage, HostRunEvent, PageMessage, Problem, Question, RunInfo, Subject, Token, ViewState } from '../protocol.ts';
import { reportTrouble, reportUnforeseen } from '../report.ts';
import { BesideRuns, type BesideServices } from './besideRuns.ts';
import { CurrentRun } from './currentRun.ts';
import { carryOut } from './exportFile.ts';
import { freshNonce, panelHtml } from './html.ts';
import { readPageMessage } from './incoming.ts';
import { PageChannel } from './pageChannel.ts';
import type { PanelServices } from './panelServices.ts';
import { wantedTargets } from './targetLanguage.ts';

/** Messages that mean the same on every page are not for its owner. */
export type OwnersMessage = Exclude<PageMessage, { type: 'ready' | 'ask' | 'drop' | 'beside' | 'export' | 'copy' }>;

export interface ShownRun {
  readonly info: RunInfo;
  /** What a decoder has written so far. */
  readonly output: readonly Token[];
  readonly finished: boolean;
  /** @throws ProblemError */
  ask<Q extends Question>(question: Q, ask: Ask<Q>): Promise<Answer<Q>>;
}

export interface PageOwner {
  /** How the page is to be looked at when it begins; null: as it chooses. */
  view(): ViewState | null;
  /** What the owner has to tell a page that begins, before text and run and after them. */
  before(): readonly HostMessage[];
  after(): readonly HostMessage[];
  /** Something happened in the run: the page is told unless this says that it is not to be. */
  heard(event: HostRunEvent): boolean;
  /** The page knows of it. */
  told?(event: HostRunEvent): void;
  obey(message: OwnersMessage): void;
}

export class LivePage implements vscode.Disposable {
  private about: Subject | null = null;
  readonly run: CurrentRun;
  /** What the page wants to see beside it. */
  private readonly beside: BesideRuns;
  private readonly channel: PageChannel;
  private readonly listeners: vscode.Disposable;

  constructor(
    private readonly webview: vscode.Webview,
    private readonly services: PanelServices,
    private readonly owner: PageOwner,
  ) {
    this.channel = new PageChannel((message) => void webview.postMessage(message));
    this.run = new CurrentRun((event) => {
      if (!owner.heard(event)) return;
      this.post({ type: 'run', event });
      owner.told?.(event);
    });
    this.beside = new BesideRuns((message) => this.post(message));
    this.listeners = vscode.Disposable.from(
      webview.onDidReceiveMessage((message: unknown) => this.receive(message)),
      // The view is the page's own by now: only the list of models is news to it.
      services.shelf.onDidChange(() => this.post(this.hello(null))),
    );
  }

  get subject(): Subject | null {
    return this.about;
  }

  /** The page has loaded and listens. */
  get ready(): boolean {
    return this.channel.ready;
  }

  /** Loads the page: it says when it listens. */
  load(extension: vscode.Uri): void {
    const file = (...path: string[]): vscode.Uri => vscode.Uri.joinPath(extension, ...path);
    this.webview.options = { enableScripts: true, localResourceRoots: [file('dist'), file('media')] };
    this.webview.html = panelHtml({
      scriptUri: this.webview.asWebviewUri(file('dist', 'page.js')).toString(),
      styleUri: this.webview.asWebviewUri(file('dist', 'page.css')).toString(),
      cspSource: this.webview.cspSource,
      nonce: freshNonce(),
      lang: vscode.env.language,
    });
  }

  /** Tells the page of another text; its run is to begin. */
  announce(subject: Subject): void {
    this.about = subject;
    this.beside.dispose();
    this.post({ type: 'subject', subject });
  }

  /** Runs the model on the text that was announced. */
  begin(): void {
    if (!this.about) return;
    const { engine, shelf } = this.services;
    const { text, windowStart, textLength, target, model: name } = this.about;
    const model = shelf.find(name);
    if (model) this.run.begin(engine(), { model, text, windowStart, targets: wantedTargets(vscode.env.language, target) }, textLength);
    else this.run.refuse(this.unknownModel(name));
  }

  post(message: HostMessage): void {
    this.channel.post(message);
  }

  /** The run that is shown, for questions of the host's own; null before its tokens are known. */
  shownRun(): ShownRun | null {
    const { info, events, state } = this.run;
    if (!info) return null;
    const written = events.find((event) => event.type === 'output');
    const engine = this.services.engine();
    return {
      info,
      output: written?.tokens ?? [],
      finished: state === 'finished',
      ask: async (question, ask) => {
        const outcome = await engine.ask(info.run, question, ask);
        if (outcome.ok) return outcome.value;
        throw new ProblemError(outcome.problem.code, outcome.problem.facts);
      },
    };
  }

  /** Tells the page again what is shown. */
  repeat(): void {
    for (const message of this.picture()) this.post(message);
  }

  /** Nobody sees the page, and it is taken down: it says when it is there again. */
  hidden(): void {
    this.channel.end();
  }

  /** The worker that held the results has died. */
  engineDied(problem: Problem): void {
    this.run.fail(problem);
    this.beside.fail(problem);
  }

  /** Does what a message of the page asks for. */
  receive(received: unknown): void {
    const message = readPageMessage(received);
    if (!message) {
      this.services.log.warn('The page sent a message that is not understood.', received);
      return;
    }
    switch (message.type) {
      case 'ready':
        this.channel.begin([this.hello(this.owner.view()), ...this.picture()]);
        break;
      case 'ask':
        void this.channel.answer(this.services.engine(), message);
        break;
      case 'drop':
        this.channel.drop(message.id);
        break;
      case 'beside':
        // The page asks again after every new text.
        this.beside.run(message, this.about, this.besideServices());
        break;
      case 'export':
      case 'copy':
        this.attempt(this.carryOut(message));
        break;
      default:
        this.owner.obey(message);
    }
  }

  /** Does something that may take a while; what nobody foresaw is told. */
  attempt(work: Promise<void>): void {
    work.catch((thrown: unknown) => void reportUnforeseen(thrown, this.services.log));
  }

  unknownModel(name: string): Problem {
    return { code: 'model.unknownName', facts: { name, known: this.services.shelf.list().map((listed) => listed.name).join(', ') } };
  }

  dispose(): void {
    this.channel.end();
    this.listeners.dispose();
    this.run.dispose();
    this.beside.dispose();
  }

  private async carryOut(message: ExportPageMessage): Promise<void> {
    const { events, info } = this.run;
    const written = events.find((event) => event.type === 'output');
    try {
      await carryOut(message, { engine: this.services.engine(), subject: this.about, info, output: written?.tokens ?? null });
    } catch (thrown) {
      if (!(thrown instanceof ProblemError)) throw thrown;
      await reportTrouble(describe(thrown.problem), this.services.log);
    }
  }

  private besideServices(): BesideServices {
    const { engine, shelf } = this.services;
    return { engine, find: (name) => shelf.find(name), unknown: (name) => this.unknownModel(name), targets: wantedTargets(vscode.env.language, this.about?.target) };
  }

  private hello(view: ViewState | null): HostMessage {
    const models = this.services.shelf.list().map(({ name, origin }) => ({ name, kind: (origin === 'embedded' && embeddedModels.find((model) => model.name === name)?.kind) || null }));
    return { type: 'hello', strings: vscode.l10n.bundle ?? {}, locale: vscode.env.language, models, view };
  }

  /** Everything that a page must be told to draw what is shown. */
  private picture(): HostMessage[] {
    const about: HostMessage[] = this.about ? [{ type: 'subject', subject: this.about }, ...this.run.events.map((event): HostMessage => ({ type: 'run', event }))] : [];
    return [...this.owner.before(), ...about, ...this.owner.after()];
  }
}
