/** What a writer uses in the document itself: colours of surprise, the next word at the cursor, ghost text. */
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { comparePhrasings } from './comparePhrasings.ts';
import { flagSetting, surpriseModelSetting, surpriseStyleSetting } from './configuration.ts';
import { editorOf } from './editor/chosenText.ts';
import { GhostText } from './editor/ghostText.ts';
import { nextWord } from './editor/nextWord.ts';
import { readReplaceRequest } from './editor/surprise/hover.ts';
import { SurpriseColors } from './editor/surprise/surpriseColors.ts';
import { isWritable } from './editor/writable.ts';
import type { EngineClient } from './engine/client.ts';
import type { ListedModel, ModelShelf } from './models/modelShelf.ts';
import type { Panels } from './panel/panels.ts';
import { describe } from './problems.ts';
import type { Problem } from './protocol.ts';
import { note } from './report.ts';

export interface WriterServices {
  readonly engine: () => EngineClient;
  readonly shelf: () => ModelShelf;
}

/** The model that always predicts, offered where another one does not. */
const PREDICTING = 'storyteller';

export class Writer implements vscode.Disposable {
  readonly colors: SurpriseColors;
  private ghost: vscode.Disposable | null = null;
  private readonly listener: vscode.Disposable;

  constructor(private readonly services: WriterServices) {
    this.colors = new SurpriseColors({ engine: services.engine, model: () => this.model(), style: surpriseStyleSetting, refuse: (problem) => void this.refuse(problem) });
    this.listener = vscode.workspace.onDidChangeConfiguration((change) => {
      if (['headlight.surprise', 'headlight.model', 'headlight.precision'].some((section) => change.affectsConfiguration(section))) this.colors.refresh();
      if (change.affectsConfiguration('headlight.ghostText')) this.setGhost();
    });
    this.setGhost();
  }

  toggleSurprise(): void {
    const editor = vscode.window.activeTextEditor;
    if (editor) this.colors.toggle(editor.document);
    else void this.refuse({ code: 'text.empty', facts: {} });
  }

  async nextWord(): Promise<void> {
    const editor = vscode.window.activeTextEditor;
    const refuse = (problem: Problem): void => void this.refuse(problem);
    if (editor) await nextWord(editor, { engine: this.services.engine, model: () => this.model(), refuse });
    else refuse({ code: 'text.empty', facts: {} });
  }

  /** Two phrasings in a panel, scored after the same text. */
  async comparePhrasings(panels: Pick<Panels, 'forPhrasings'>): Promise<void> {
    const refuse = (problem: Problem): void => void this.refuse(problem);
    await comparePhrasings(editorOf(null), { engine: this.services.engine, model: () => this.model(), panel: () => panels.forPhrasings(), refuse });
  }

  /** Puts a word from a hover in place of a token, as one step to undo, unless the text is another by now. */
  async replaceToken(given: readonly unknown[]): Promise<void> {
    const request = readReplaceRequest(given);
    const document = request && vscode.workspace.textDocuments.find((open) => open.uri.toString() === request.uri);
    if (request && document?.version === request.version && (await isWritable(document))) {
      const edit = new vscode.WorkspaceEdit();
      edit.replace(document.uri, new vscode.Range(document.positionAt(request.start), document.positionAt(request.end)), request.text);
      if (await vscode.workspace.applyEdit(edit)) return;
    }
    vscode.window.setStatusBarMessage(l10n.t('Headlight: the text could not be changed.'), 4000);
  }

  /** Runs that were held are gone; the next edit starts the engine again. */
  engineDied(): void {
    this.colors.engineDied();
  }

  dispose(): void {
    this.listener.dispose();
    this.ghost?.dispose();
    this.colors.dispose();
  }

  /** The model of the settings. */
  private model(): ListedModel | null {
    const shelf = this.services.shelf();
    return shelf.find(surpriseModelSetting() || shelf.firstName);
  }

  private setGhost(): void {
    const wanted = flagSetting('headlight.ghostText.enabled');
    if (!wanted) {
      this.ghost?.dispose();
      this.ghost = null;
    } else {
      this.ghost ??= vscode.languages.registerInlineCompletionItemProvider({ pattern: '**' }, new GhostText(this.services.engine, () => this.model()));
    }
  }

  /** One sentence; where a model does not predict, with one click to one that does. */
  private async refuse(problem: Problem): Promise<void> {
    const { message, help } = describe(problem);
    note(`${message} ${help}`);
    const offers = problem.code === 'model.predictsNothing' || problem.code === 'model.unknownName';
    const use = l10n.t('Use {0}', PREDICTING);
    const chosen = await vscode.window.showInformationMessage(`${message} ${help}`, ...(offers ? [use] : []));
    if (chosen === use) await vscode.workspace.getConfiguration().update('headlight.surprise.model', PREDICTING, vscode.ConfigurationTarget.Global);
  }
}
