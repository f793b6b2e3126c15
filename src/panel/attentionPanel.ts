/** One panel: a text, a model's run on it, and the page that draws it. */
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { textIn, type ChosenText } from '../editor/chosenText.ts';
import { SelectionFollower } from '../editor/follow.ts';
import { replaceRange } from '../editor/insertion.ts';
import { ShownText } from '../editor/shownText.ts';
import { isWritable } from '../editor/writable.ts';
import { embeddedModels } from '../models/modelNames.ts';
import type { ListedModel } from '../models/modelShelf.ts';
import { describe } from '../problems.ts';
import type { HostMessage, HostRunEvent, PageMessage, Problem, Subject, Trouble, ViewState } from '../protocol.ts';
import { reportTrouble, reportUnforeseen, tell } from '../report.ts';
import type { PanelSnapshot } from '../testApi.ts';
import { BesideRuns, type BesideServices } from './besideRuns.ts';
import { CurrentRun } from './currentRun.ts';
import { readPageMessage } from './incoming.ts';
import { PageChannel } from './pageChannel.ts';
import type { PanelServices } from './panelServices.ts';
import { panelTitle } from './panelTitle.ts';
import { ShownPhrasings } from './shownPhrasings.ts';
import { Trail } from './trail.ts';
import { wantedTargets } from './targetLanguage.ts';

/** What a panel tells its owner. */
export type PanelChange = 'closed' | 'active' | 'hidden' | 'following' | 'model';

export class AttentionPanel implements vscode.Disposable {
  private subject: Subject | null = null;
  private shown: ShownText | null = null;
  private follower: SelectionFollower | null = null;
  private readonly run: CurrentRun;
  /** What the page wants to see beside it. */
  private readonly beside: BesideRuns;
  private readonly page: PageChannel;
  /** What the writer put in from the page, one after another. */
  private readonly trail = new Trail();
  /** Two phrasings that are compared in place of attention, while they are. */
  readonly phrasings = new ShownPhrasings(() => this.phrasingsChanged());
  private readonly listeners: vscode.Disposable;
  /** A model that is tried on the text, and the name of the one that goes on if it cannot be run. */
  private trial: { readonly model: ListedModel; readonly before: string } | null = null;
  /** Counts choices of a model: one that has loaded after a newer choice is left alone. */
  private choices = 0;

  /** @param view how the panel was looked at before a reload. */
  constructor(
    readonly panel: vscode.WebviewPanel,
    private readonly services: PanelServices,
    private view: ViewState | null,
    private readonly onChanged: (panel: AttentionPanel, change: PanelChange) => void,
  ) {
    this.page = new PageChannel((message) => void panel.webview.postMessage(message));
    this.run = new CurrentRun((event) => this.heard(event));
    this.beside = new BesideRuns((message) => this.page.post(message));
    this.listeners = vscode.Disposable.from(
      panel.webview.onDidReceiveMessage((message: unknown) => this.receive(message)),
      panel.onDidDispose(() => this.dispose()),
      panel.onDidChangeViewState(() => this.viewStateChanged()),
      // The view is the page's own by now: only the list of models is news to it.
      services.shelf.onDidChange(() => this.page.post(this.hello(null))),
    );
  }

  /** Name of the model in use; `null` before there is a text. */
  get model(): string | null {
    return this.subject?.model ?? null;
  }

  get following(): boolean {
    return this.follower !== null;
  }

  /** Runs the model on a text chosen in an editor, in place of what was shown. */
  showChosen(chosen: ChosenText): void {
    const { shelf } = this.services;
    const model = this.subject && shelf.find(this.subject.model) ? this.subject.model : shelf.firstName;
    const { target } = this.subject ?? {};
    this.show({ ...chosen, windowStart: 0, model, ...(target === undefined ? {} : { target }) });
  }

  show(subject: Subject): void {
    this.subject = subject;
    this.phrasings.close();
    this.panel.title = panelTitle(subject.text);
    this.onChanged(this, 'model');
    this.shown?.dispose();
    this.beside.dispose();
    const events = { moved: () => this.page.post(this.linkMessage()), caret: (token: number | null) => this.page.post({ type: 'caret', token }) };
    this.shown = subject.source ? new ShownText(subject.text, subject.source, () => this.run.info?.tokens ?? [], this.services.highlights, events) : null;
    this.trail.begin(subject.text);
    this.page.post({ type: 'subject', subject });
    this.page.post(this.linkMessage());
    this.page.post(this.trailMessage());
    const { engine, shelf } = this.services;
    const model = shelf.find(subject.model);
    const { text, windowStart, textLength, target } = subject;
    if (model) this.run.begin(engine(), { model, text, windowStart, targets: wantedTargets(vscode.env.language, target) }, textLength);
    else this.run.refuse(this.unknownModel(subject.model));
  }

  /** Runs again on the text that is shown. */
  retry(): void {
    if (this.subject) this.show(this.subject);
  }

  /** Runs again on what the text has become in its document. */
  async refresh(): Promise<void> {
    const link = this.shown?.link;
    if (!link?.stale || !link.range) {
      this.retry();
      return;
    }
    const chosen = textIn(await link.open(), link.range);
    if (chosen) this.showChosen(chosen);
    else tell(l10n.t('The text of this panel has been deleted from its document.'));
  }

  /** Keeps the panel on what is selected, or leaves it where it is. */
  follow(on: boolean): void {
    if (on === this.following) return;
    this.follower?.dispose();
    this.follower = on ? new SelectionFollower(this.services.followDelay, () => this.shown?.link ?? null, (chosen) => this.followTo(chosen)) : null;
    this.page.post(this.linkMessage());
    this.onChanged(this, 'following');
  }

  /** Brings the pinned token's text into sight, else the whole text. */
  async reveal(): Promise<void> {
    try {
      await this.shown?.reveal();
    } catch (thrown) {
      this.services.log.warn('The document of a panel could not be opened.', thrown);
      tell(l10n.t('The document this text came from is no longer there.'));
    }
  }

  async selectModel(): Promise<void> {
    const { shelf, chooser } = this.services;
    const picked = await chooser.pick(this.subject?.model ?? shelf.firstName);
    if (picked) await this.useModel(picked);
  }

  async openModel(): Promise<void> {
    const opened = await this.services.chooser.openFolder();
    if (opened) await this.useModel(opened);
  }

  /** Shows the text with another model; where that cannot be run, says why and goes on with the one before. */
  async useModel(model: ListedModel): Promise<void> {
    const choice = ++this.choices;
    this.trial = null;
    const title = l10n.t('Loading {0}…', model.name);
    const outcome = await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title }, () => this.services.engine().load(model));
    if (choice !== this.choices) return;
    if (!outcome.ok) {
      // The page's own choice of model goes back to the one in use.
      for (const message of this.picture()) this.page.post(message);
      this.attempt(this.refuse(describe(outcome.problem)));
      return;
    }
    const { shelf, prefer } = this.services;
    shelf.remember(model);
    if (!this.subject) {
      prefer(model);
      return;
    }
    this.trial = { model, before: this.subject.model };
    this.show({ ...this.subject, model: model.name, windowStart: 0 });
  }

  /** The worker that held this panel's result has died. */
  engineDied(problem: Problem): void {
    this.run.fail(problem);
    this.beside.fail(problem);
  }

  /** Does what a message of the page asks for. */
  receive(received: unknown): void {
    const message = readPageMessage(received);
    if (message) this.obey(message);
    else this.services.log.warn('The page sent a message that is not understood.', received);
  }

  snapshot(): PanelSnapshot {
    const failure = this.run.events.find((event) => event.type === 'failed');
    const output = this.run.events.find((event) => event.type === 'output');
    return {
      title: this.panel.title,
      subject: this.subject,
      view: this.view,
      phrasings: this.phrasings.current,
      visible: this.panel.visible,
      ready: this.page.ready,
      following: this.following,
      stale: this.shown?.link.stale ?? false,
      caret: this.shown?.caret ?? null,
      run: {
        state: this.run.state,
        info: this.run.info,
        layers: this.run.events.filter(({ type }) => type === 'layer').length,
        output: output?.tokens ?? null,
        problem: failure ? failure.trouble.code : null,
      },
    };
  }

  dispose(): void {
    this.choices++;
    this.page.end();
    this.phrasings.dispose();
    this.listeners.dispose();
    this.follower?.dispose();
    this.shown?.dispose();
    this.run.dispose();
    this.beside.dispose();
    this.onChanged(this, 'closed');
  }

  private obey(message: PageMessage): void {
    switch (message.type) {
      case 'ready':
        this.page.begin([this.hello(this.view), ...this.picture()]);
        break;
      case 'ask':
        void this.page.answer(this.services.engine(), message);
        break;
      case 'drop':
        this.page.drop(message.id);
        break;
      case 'highlight':
        this.shown?.light(message.highlight);
        break;
      case 'view':
        this.view = message.view;
        break;
      case 'window':
        if (this.subject) this.show({ ...this.subject, windowStart: message.start });
        break;
      case 'model': {
        const model = this.services.shelf.find(message.name);
        if (model) this.attempt(this.useModel(model));
        break;
      }
      case 'insert':
        this.attempt(this.insert(message));
        break;
      case 'walk':
        this.attempt(this.walk(message.by));
        break;
      case 'phrasings':
        if (message.action === 'attend') this.attendTo(message.which);
        else {
          this.phrasings.close();
          // What was selected meanwhile is shown now.
          this.follower?.look();
        }
        break;
      case 'beside':
        // The page asks again after every new text.
        this.beside.run(message, this.subject, this.besideServices());
        break;
      case 'lesson':
        break;
      case 'target':
        if (this.subject) this.show({ ...this.subject, target: message.target });
        break;
      case 'command':
        this.command(message.command);
        break;
      default:
        message satisfies never;
    }
  }

  /** Puts text into the document where the prediction is about, and shows what the passage has become. */
  private async insert({ text, token, instead }: Extract<PageMessage, { type: 'insert' }>): Promise<void> {
    const document = await this.writableDocument();
    const link = this.shown?.link;
    if (!document || !link) return;
    const passage = link.range;
    const range = link.rangeOf(this.run.info?.tokens ?? [], token);
    if (!passage || !range) {
      tell(l10n.t('The text has changed in its document. Refresh the panel first.'));
      return;
    }
    const tail = document.offsetAt(passage.end) - document.offsetAt(range.end);
    const put = await replaceRange(document, instead ? range : new vscode.Range(range.end, range.end), text);
    const chosen = put && textIn(document, new vscode.Range(passage.start, document.positionAt(document.offsetAt(put.end) + tail)));
    if (!chosen) {
      tell(l10n.t('This document cannot be changed.'));
      return;
    }
    this.trail.add(chosen.text);
    this.showChosen(chosen);
  }

  /** Brings back, in the document, the text that was tried before or after the shown one. */
  private async walk(by: -1 | 1): Promise<void> {
    const document = await this.writableDocument();
    const link = this.shown?.link;
    if (!document || !link) return;
    const { range, stale } = link;
    if (!range || stale) {
      tell(l10n.t('The text has changed in its document. Refresh the panel first.'));
      return;
    }
    const text = this.trail.step(by);
    if (text === null) return;
    const put = await replaceRange(document, range, text);
    const chosen = put && textIn(document, put);
    if (chosen) this.showChosen(chosen);
    else tell(l10n.t('This document cannot be changed.'));
  }

  /** The document that the text came from, opened if need be; where it is gone or cannot be changed, says so and is null. */
  private async writableDocument(): Promise<vscode.TextDocument | null> {
    try {
      const document = await this.shown?.link.open();
      if (document && (await isWritable(document))) return document;
      tell(l10n.t('This document cannot be changed.'));
    } catch (thrown) {
      this.services.log.warn('The document of a panel could not be opened.', thrown);
      tell(l10n.t('The document this text came from is no longer there.'));
    }
    return null;
  }

  /** Attention of one of the phrasings, in place of both. */
  private attendTo(which: 0 | 1): void {
    const origin = this.phrasings.origin(which);
    if (!origin) return;
    const { shelf } = this.services;
    this.show({ ...origin, windowStart: 0, model: this.subject && shelf.find(this.subject.model) ? this.subject.model : shelf.firstName });
  }

  private phrasingsChanged(): void {
    const { current } = this.phrasings;
    this.panel.title = current ? l10n.t('Two phrasings') : panelTitle(this.subject?.text ?? null);
    this.page.post({ type: 'phrasings', phrasings: current });
  }

  private besideServices(): BesideServices {
    const { engine, shelf } = this.services;
    return { engine, find: (name) => shelf.find(name) ?? null, unknown: (name) => this.unknownModel(name), targets: wantedTargets(vscode.env.language, this.subject?.target) };
  }

  private unknownModel(name: string): Problem {
    return { code: 'model.unknownName', facts: { name, known: this.services.shelf.list().map((listed) => listed.name).join(', ') } };
  }

  private command(command: Extract<PageMessage, { type: 'command' }>['command']): void {
    switch (command) {
      case 'openModel':
        this.attempt(this.openModel());
        break;
      case 'retry':
        this.retry();
        break;
      case 'refresh':
        this.attempt(this.refresh());
        break;
      case 'reveal':
        this.attempt(this.reveal());
        break;
      case 'toggleFollow':
        this.follow(!this.following);
        break;
      default:
        command satisfies never;
    }
  }

  /** A model that cannot be run: says why, and offers another. */
  private async refuse(trouble: Trouble): Promise<void> {
    if (await reportTrouble(trouble, this.services.log, l10n.t('Select Model…'))) await this.selectModel();
  }

  /** Nobody sees a hidden panel: it catches up when it comes to the front. */
  private followTo(chosen: ChosenText): void {
    if (this.panel.visible && !this.phrasings.current) this.showChosen(chosen);
  }

  private attempt(work: Promise<void>): void {
    work.catch((thrown: unknown) => void reportUnforeseen(thrown, this.services.log));
  }

  private heard(event: HostRunEvent): void {
    const { trial, subject } = this;
    if (trial && (event.type === 'started' || event.type === 'failed')) {
      this.trial = null;
      if (event.type === 'started') this.services.prefer(trial.model);
      else if (subject && event.trouble.code.startsWith('model.')) {
        this.show({ ...subject, model: trial.before });
        this.attempt(this.refuse(event.trouble));
        return;
      }
    }
    this.page.post({ type: 'run', event });
    const { log } = this.services;
    if (event.type === 'failed') log.error(`${event.trouble.code}: ${event.trouble.message}`);
    if (event.type === 'finished') log.debug(`${this.subject?.model ?? ''}: ${this.run.info?.tokens.length ?? 0} tokens in ${event.milliseconds.toFixed(0)} ms`);
    // A cursor that was in the text while its tokens were not known yet; when following, that is where the user types.
    const editor = vscode.window.activeTextEditor;
    if (event.type === 'started' && this.following && editor) this.shown?.readCaret(editor);
  }

  private viewStateChanged(): void {
    if (!this.panel.visible) {
      // A hidden page is taken down; it says when it is there again.
      this.page.end();
      this.shown?.light(null);
      this.onChanged(this, 'hidden');
      return;
    }
    this.follower?.look();
    if (this.panel.active) this.onChanged(this, 'active');
    else this.shown?.dim();
  }

  private hello(view: ViewState | null): HostMessage {
    const models = this.services.shelf.list().map(({ name, origin }) => ({ name, kind: (origin === 'embedded' && embeddedModels.find((model) => model.name === name)?.kind) || null }));
    return { type: 'hello', strings: vscode.l10n.bundle ?? {}, locale: vscode.env.language, models, view };
  }

  /** Everything that a page must be told to draw what is shown. */
  private picture(): HostMessage[] {
    const phrasings: HostMessage = { type: 'phrasings', phrasings: this.phrasings.current };
    if (!this.subject) return [this.linkMessage(), phrasings];
    return [
      phrasings,
      { type: 'subject', subject: this.subject },
      this.linkMessage(),
      this.trailMessage(),
      ...this.run.events.map((event): HostMessage => ({ type: 'run', event })),
      { type: 'caret', token: this.shown?.caret ?? null },
    ];
  }

  private trailMessage(): HostMessage {
    return { type: 'trail', length: this.trail.length, at: this.trail.at };
  }

  private linkMessage(): HostMessage {
    return { type: 'link', stale: this.shown?.link.stale ?? false, following: this.following };
  }
}
