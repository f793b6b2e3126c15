/** One panel: a text chosen in an editor, and how the panel keeps up with it. */
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { textIn, type ChosenText } from '../editor/chosenText.ts';
import { SelectionFollower } from '../editor/follow.ts';
import { replaceRange } from '../editor/insertion.ts';
import { ShownText } from '../editor/shownText.ts';
import { isWritable } from '../editor/writable.ts';
import { LessonPlayer } from '../lessons/lessonPlayer.ts';
import type { ListedModel } from '../models/modelShelf.ts';
import type { Looked } from '../probeFiles/probeNow.ts';
import { describe } from '../problems.ts';
import type { HostMessage, HostRunEvent, PageMessage, Problem, Subject, Trouble, ViewState } from '../protocol.ts';
import { reportTrouble, tell } from '../report.ts';
import type { PanelSnapshot } from '../testApi.ts';
import { LivePage, type OwnersMessage } from './livePage.ts';
import type { PanelServices } from './panelServices.ts';
import { panelTitle } from './panelTitle.ts';
import { saveProbe } from './saveProbe.ts';
import { ShownPhrasings } from './shownPhrasings.ts';
import { Trail } from './trail.ts';

/** What a panel tells its owner. */
export type PanelChange = 'closed' | 'active' | 'hidden' | 'following' | 'model';

export class AttentionPanel implements vscode.Disposable {
  private shown: ShownText | null = null;
  private follower: SelectionFollower | null = null;
  readonly page: LivePage;
  /** What the writer put in from the page, one after another. */
  private readonly trail = new Trail();
  /** How the page looks at its run, as it said last. */
  private looked: Looked | null = null;
  /** Two phrasings that are compared in place of attention, while they are. */
  readonly phrasings = new ShownPhrasings(() => this.phrasingsChanged());
  /** The lesson that is taken here, while one is. */
  readonly lesson: LessonPlayer;
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
    this.page = new LivePage(panel.webview, services, {
      view: () => this.view,
      before: () => [{ type: 'phrasings', phrasings: this.phrasings.current }],
      after: () => this.after(),
      heard: (event) => this.heard(event),
      told: (event) => this.lesson.heard(event),
      obey: (message) => this.obey(message),
    });
    this.lesson = new LessonPlayer({ subject: () => this.subject, run: () => this.page.shownRun(), show: (subject) => this.show(subject), listens: () => this.page.ready, post: (message) => this.page.post(message) }, services.lessons);
    this.listeners = vscode.Disposable.from(
      panel.onDidDispose(() => this.dispose()),
      panel.onDidChangeViewState(() => this.viewStateChanged()),
    );
  }

  private get subject(): Subject | null {
    return this.page.subject;
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
    this.phrasings.close();
    this.looked = null;
    this.page.announce(subject);
    this.panel.title = panelTitle(subject.text);
    this.onChanged(this, 'model');
    this.shown?.dispose();
    const events = { moved: () => this.page.post(this.linkMessage()), caret: (token: number | null) => this.page.post({ type: 'caret', token }) };
    this.shown = subject.source ? new ShownText(subject.text, subject.source, () => this.page.run.info?.tokens ?? [], this.services.highlights, events) : null;
    this.trail.begin(subject.text);
    this.page.post(this.linkMessage());
    this.page.post(this.trailMessage());
    this.page.begin();
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
      this.page.repeat();
      this.page.attempt(this.refuse(describe(outcome.problem)));
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

  /** Keeps what is shown as a file. @param place where to; it is asked for where it is not given */
  saveProbe(place?: vscode.Uri): Promise<void> {
    return saveProbe(this.page, this.looked, this.services, place);
  }

  /** The worker that held this panel's result has died. */
  engineDied(problem: Problem): void {
    this.page.engineDied(problem);
  }

  /** Does what a message of the page asks for. */
  receive(received: unknown): void {
    this.page.receive(received);
  }

  snapshot(): PanelSnapshot {
    const { run } = this.page;
    const failure = run.events.find((event) => event.type === 'failed');
    const output = run.events.find((event) => event.type === 'output');
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
      lesson: this.lesson.place,
      verdict: this.lesson.verdict?.state ?? null,
      run: {
        state: run.state,
        info: run.info,
        layers: run.events.filter(({ type }) => type === 'layer').length,
        output: output?.tokens ?? null,
        problem: failure ? failure.trouble.code : null,
      },
    };
  }

  dispose(): void {
    this.choices++;
    this.page.dispose();
    this.phrasings.dispose();
    this.listeners.dispose();
    this.follower?.dispose();
    this.shown?.dispose();
    this.onChanged(this, 'closed');
  }

  private obey(message: OwnersMessage): void {
    switch (message.type) {
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
        if (model) this.page.attempt(this.useModel(model));
        break;
      }
      case 'insert':
        this.page.attempt(this.insert(message));
        break;
      case 'walk':
        this.page.attempt(this.walk(message.by));
        break;
      case 'phrasings':
        if (message.action === 'attend') this.attendTo(message.which);
        else {
          this.phrasings.close();
          // What was selected meanwhile is shown now.
          this.follower?.look();
        }
        break;
      case 'lesson':
        this.page.attempt(this.lesson.obey(message));
        break;
      case 'looked':
        this.looked = message;
        break;
      case 'probe':
        if (message.action === 'save') this.page.attempt(this.saveProbe());
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
    const range = link.rangeOf(this.page.run.info?.tokens ?? [], token);
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

  private command(command: Extract<PageMessage, { type: 'command' }>['command']): void {
    switch (command) {
      case 'openModel':
        this.page.attempt(this.openModel());
        break;
      case 'retry':
        this.retry();
        break;
      case 'refresh':
        this.page.attempt(this.refresh());
        break;
      case 'reveal':
        this.page.attempt(this.reveal());
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

  /** Whether the page is to be told: of a model that was only tried, it is not. */
  private heard(event: HostRunEvent): boolean {
    const { trial, subject } = this;
    if (trial && (event.type === 'started' || event.type === 'failed')) {
      this.trial = null;
      if (event.type === 'started') this.services.prefer(trial.model);
      else if (subject && event.trouble.code.startsWith('model.')) {
        this.show({ ...subject, model: trial.before });
        this.page.attempt(this.refuse(event.trouble));
        return false;
      }
    }
    const { log } = this.services;
    if (event.type === 'failed') log.error(`${event.trouble.code}: ${event.trouble.message}`);
    if (event.type === 'finished') log.debug(`${this.subject?.model ?? ''}: ${this.page.run.info?.tokens.length ?? 0} tokens in ${event.milliseconds.toFixed(0)} ms`);
    // A cursor that was in the text while its tokens were not known yet; when following, that is where the user types.
    const editor = vscode.window.activeTextEditor;
    if (event.type === 'started' && this.following && editor) this.shown?.readCaret(editor);
    return true;
  }

  private viewStateChanged(): void {
    if (!this.panel.visible) {
      this.page.hidden();
      this.shown?.light(null);
      this.onChanged(this, 'hidden');
      return;
    }
    this.follower?.look();
    if (this.panel.active) this.onChanged(this, 'active');
    else this.shown?.dim();
  }

  /** What a page must be told when it knows text and run. */
  private after(): HostMessage[] {
    if (!this.subject) return [this.linkMessage(), ...this.lesson.messages()];
    return [this.linkMessage(), this.trailMessage(), { type: 'caret', token: this.shown?.caret ?? null }, ...this.lesson.messages()];
  }

  private trailMessage(): HostMessage {
    return { type: 'trail', length: this.trail.length, at: this.trail.at };
  }

  private linkMessage(): HostMessage {
    return { type: 'link', stale: this.shown?.link.stale ?? false, following: this.following };
  }
}
