/** One editor of a probe file: the page shows what the document says, and the document says what is done in the page. */
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { changedProbe, keptProbe, lookOf, sameRun, subjectOf } from '../probeFiles/keepProbe.ts';
import { misfitOf } from '../probeFiles/misfit.ts';
import { parseProbe } from '../probeFiles/parseProbe.ts';
import type { Looked } from '../probeFiles/probeNow.ts';
import { differencesOf } from '../probeFiles/probeResult.ts';
import { probeText } from '../probeFiles/writeProbe.ts';
import { describe } from '../problems.ts';
import type { HostMessage, HostRunEvent, Probe, ProbeDifference, Problem, Subject, Trouble } from '../protocol.ts';
import { tell } from '../report.ts';
import type { ProbeSnapshot } from '../testApi.ts';
import { fileName } from './exportFile.ts';
import { LivePage, type OwnersMessage } from './livePage.ts';
import type { PanelServices } from './panelServices.ts';
import { smallEdit } from './probeEdit.ts';
import { saveProbe, shownProbe } from './saveProbe.ts';

export class ProbeEditor implements vscode.Disposable {
  private readonly page: LivePage;
  private readonly listeners: vscode.Disposable;
  /** What the document says, as far as it could be read last. */
  private probe: Probe | null = null;
  /** Why the document cannot be read as it is now. */
  private trouble: Trouble | null = null;
  /** Why what it says has no result. */
  private unmeasured: Trouble | null = null;
  private differences: readonly ProbeDifference[] | null = null;
  /** What it gives now, and by which model; null while that is not known. */
  private now: Probe | null = null;
  /** How the page looks at it, as it said last. */
  private looked: Looked | null = null;
  /** The version of the file's look that the page was told last. */
  private version = 0;
  /** Counts what makes older work worthless. */
  private turn = 0;
  /** What this editor itself has just written. */
  private written: string | null = null;
  /** The work that the document waits for before it is saved. */
  private pending: Promise<void> = Promise.resolve();

  constructor(
    readonly document: vscode.TextDocument,
    panel: vscode.WebviewPanel,
    private readonly services: PanelServices,
    onClosed: (editor: ProbeEditor) => void,
  ) {
    this.page = new LivePage(panel.webview, services, {
      view: () => null,
      before: () => [this.message(true)],
      after: () => [{ type: 'link', stale: false, following: false }],
      heard: (event) => this.heard(event),
      obey: (message) => this.obey(message),
    });
    this.listeners = vscode.Disposable.from(
      panel.onDidDispose(() => {
        this.dispose();
        onClosed(this);
      }),
      panel.onDidChangeViewState(() => {
        if (!panel.visible) this.page.hidden();
      }),
      vscode.workspace.onDidChangeTextDocument((change) => {
        if (change.document === document && change.contentChanges.length) this.page.attempt(this.take());
      }),
    );
  }

  /** Shows the page, and in it what the document says. */
  async open(extension: vscode.Uri): Promise<void> {
    this.page.load(extension);
    await this.take();
  }

  engineDied(problem: Problem): void {
    this.page.engineDied(problem);
  }

  retry(): void {
    if (this.probe) this.page.attempt(this.run(this.probe));
  }

  /** What is still to be written before the document is saved: what was done in the page, and a result where there is none. */
  async editsForSave(): Promise<vscode.TextEdit[]> {
    await this.pending;
    if (!this.probe || this.trouble || this.probe.result || !this.now) return [];
    const edit = smallEdit(this.document, probeText(this.now));
    return edit ? [edit] : [];
  }

  /** Does what a message of the page asks for. */
  receive(received: unknown): void {
    this.page.receive(received);
  }

  snapshot(): ProbeSnapshot {
    const failure = this.page.run.events.find((event) => event.type === 'failed');
    return {
      uri: this.document.uri.toString(),
      ready: this.page.ready,
      run: this.page.run.state,
      problem: (this.trouble ?? this.unmeasured)?.code ?? failure?.trouble.code ?? null,
      probe: this.probe,
      differences: this.differences,
      version: this.version,
      view: this.looked?.view ?? null,
    };
  }

  dispose(): void {
    this.turn++;
    this.page.dispose();
    this.listeners.dispose();
  }

  /** Takes in what the document says now. */
  private async take(): Promise<void> {
    const text = this.document.getText();
    const own = text.replaceAll('\r\n', '\n') === this.written;
    this.written = null;
    const parsed = parseProbe(text);
    if (!parsed.ok) {
      this.turn++;
      this.trouble = describe(parsed.problem);
      this.services.log.error(`${parsed.problem.code}: ${this.trouble.message}`);
      if (!this.probe) this.refuse(nothing, parsed.problem);
      this.page.post(this.message(false));
      return;
    }
    const before = this.probe;
    this.probe = parsed.value;
    this.trouble = this.unmeasured = null;
    if (!before || !sameRun(before, parsed.value)) {
      await this.run(parsed.value);
      return;
    }
    if (own) {
      this.compare();
      return;
    }
    this.turn++;
    this.version++;
    this.now = null;
    this.looked = null;
    this.differences = null;
    // The page says how it looks at it then, and so it is measured.
    this.page.post(this.message(true));
  }

  /** Runs what the probe says, unless its model does not have that. */
  private async run(probe: Probe): Promise<void> {
    const turn = ++this.turn;
    this.version++;
    this.now = null;
    this.looked = null;
    this.differences = null;
    const subject = subjectOf(probe);
    this.page.announce(subject);
    this.page.post(this.message(true));
    const source = this.services.shelf.find(probe.model.name);
    if (!source) {
      this.refuse(subject, this.page.unknownModel(probe.model.name));
      return;
    }
    const loaded = await this.services.engine().load(source);
    if (turn !== this.turn) return;
    const problem = loaded.ok ? misfitOf(probe, loaded.value) : loaded.problem;
    if (problem) this.refuse(subject, problem);
    else this.page.begin();
  }

  private refuse(subject: Subject, problem: Problem): void {
    if (this.page.subject !== subject) this.page.announce(subject);
    this.page.run.refuse(problem);
  }

  private heard(event: HostRunEvent): boolean {
    if (event.type === 'failed') this.services.log.error(`${event.trouble.code}: ${event.trouble.message}`);
    return true;
  }

  private obey(message: OwnersMessage): void {
    switch (message.type) {
      case 'looked':
        if (message.version === this.version && this.page.run.state === 'finished') {
          this.looked = message;
          this.pending = this.measure(message);
          this.page.attempt(this.pending);
        }
        break;
      case 'probe':
        this.page.attempt(this.action(message.action));
        break;
      case 'window':
        this.page.attempt(this.rerun({ windowStart: message.start }));
        break;
      case 'target':
        this.page.attempt(this.rerun({ language: message.target }));
        break;
      case 'model':
        this.page.attempt(this.useModel(message.name));
        break;
      case 'command':
        if (message.command === 'retry' || message.command === 'refresh') this.retry();
        if (message.command === 'openModel') this.page.attempt(this.openModel());
        break;
      default:
        // The rest is about a text in an editor, and about lessons.
        break;
    }
  }

  private async action(action: 'save' | 'accept' | 'text'): Promise<void> {
    if (action === 'text') await vscode.commands.executeCommand('vscode.openWith', this.document.uri, 'default');
    else if (action === 'save') await saveProbe(this.page, this.looked, this.services);
    else if (this.now) await this.write(this.now);
  }

  /** What the page looks at now, measured: kept in the document where it is not what that says. */
  private async measure(looked: Looked): Promise<void> {
    const turn = ++this.turn;
    const measured = await shownProbe(this.page, looked, this.services);
    const saved = this.probe;
    if (turn !== this.turn || !saved || this.trouble) return;
    this.unmeasured = measured.ok ? null : describe(measured.problem);
    if (!measured.ok) {
      this.page.post(this.message(false));
      return;
    }
    this.now = measured.value;
    const kept = keptProbe(saved, measured.value);
    if (probeText(kept) === probeText(saved)) this.compare();
    else await this.write(kept);
  }

  private compare(): void {
    const { probe, now } = this;
    this.differences = probe && now ? differencesOf(probe, { info: now.model, fingerprint: now.model.fingerprint }, now.result) : null;
    this.page.post(this.message(false));
  }

  private async useModel(name: string): Promise<void> {
    const { shelf, engine } = this.services;
    const source = shelf.find(name);
    if (!source) return;
    const [loaded, fingerprint] = await Promise.all([engine().load(source), engine().fingerprint(source)]);
    if (!loaded.ok || !fingerprint.ok) {
      this.page.repeat();
      const refused = loaded.ok ? fingerprint : loaded;
      if (!refused.ok) tell(describe(refused.problem).message);
      return;
    }
    shelf.remember(source);
    const { kind, precision } = loaded.value;
    await this.rerun({ model: { name, kind, precision, fingerprint: fingerprint.value } });
  }

  private async openModel(): Promise<void> {
    const opened = await this.services.chooser.openFolder();
    if (opened) await this.useModel(opened.name);
  }

  private async rerun(change: Parameters<typeof changedProbe>[1]): Promise<void> {
    if (this.probe && !this.trouble) await this.write(changedProbe(this.probe, change));
  }

  /** Puts it into the document, from which everything else follows. */
  private async write(probe: Probe): Promise<void> {
    const text = probeText(probe);
    const edit = smallEdit(this.document, text);
    if (!edit) return;
    const change = new vscode.WorkspaceEdit();
    change.set(this.document.uri, [edit]);
    this.written = text;
    if (await vscode.workspace.applyEdit(change)) return;
    this.written = null;
    tell(l10n.t('This document cannot be changed.'));
  }

  /** @param look whether the page is to look as the file says. */
  private message(look: boolean): HostMessage {
    const { version, differences } = this;
    return { type: 'probe', shown: { version, file: fileName(this.document.uri), trouble: this.trouble ?? this.unmeasured, differences }, look: look && this.probe ? lookOf(this.probe) : null };
  }
}

/** What a page is about whose file cannot be read. */
const nothing: Subject = { text: '', model: '', windowStart: 0 };
