/** Documents that are coloured by surprise: turned on and off one by one, and nothing is left of one that is off. */
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { ListedModel } from '../../models/modelShelf.ts';
import type { Problem } from '../../protocol.ts';
import type { ScoringEngine } from '../predictions.ts';
import { Coloring } from './coloring.ts';
import { SurpriseHover } from './hover.ts';
import { Inks, type InkStyle } from './inks.ts';
import { Scorer } from './scorer.ts';
import { SurpriseStatus } from './status.ts';

export interface SurpriseServices {
  readonly engine: () => ScoringEngine;
  /** The model that colours, null where the setting names none that is known. */
  readonly model: () => ListedModel | null;
  readonly style: () => InkStyle;
  /** Tells what stands in the way, and offers what helps. */
  readonly refuse: (problem: Problem) => void;
}

/** Only while a document is on. */
interface Tools {
  readonly scorer: Scorer;
  readonly inks: Inks;
  readonly status: SurpriseStatus;
  readonly all: vscode.Disposable;
}

export class SurpriseColors implements vscode.Disposable {
  private readonly colorings = new Map<vscode.TextDocument, Coloring>();
  private tools: Tools | null = null;

  constructor(private readonly services: SurpriseServices) {}

  /** Whether a document is coloured. */
  isOn(document: vscode.TextDocument): boolean {
    return this.colorings.has(document);
  }

  /** The coloring of a document, for tests and commands. */
  of(document: vscode.TextDocument): Coloring | null {
    return this.colorings.get(document) ?? null;
  }

  toggle(document: vscode.TextDocument): void {
    if (this.isOn(document)) this.turnOff(document);
    else this.turnOn(document);
  }

  /** The engine has lost its runs. */
  engineDied(): void {
    this.tools?.scorer.engineDied();
  }

  /** Another model, another style: all that is on is coloured anew. */
  refresh(): void {
    const on = [...this.colorings.keys()];
    for (const document of on) this.turnOff(document);
    for (const document of on) this.turnOn(document);
  }

  dispose(): void {
    for (const document of [...this.colorings.keys()]) this.turnOff(document);
  }

  private turnOn(document: vscode.TextDocument): void {
    const model = this.services.model();
    if (!model) {
      this.services.refuse({ code: 'model.unknownName', facts: { name: l10n.t('the model of the settings'), known: 'storyteller' } });
      return;
    }
    const { scorer, inks, status } = (this.tools ??= this.createTools());
    const onProblem = (problem: Problem): void => {
      this.turnOff(document);
      this.services.refuse(problem);
    };
    this.colorings.set(document, new Coloring(document, model, scorer, inks, () => status.update(), onProblem));
    status.update();
  }

  private turnOff(document: vscode.TextDocument): void {
    this.colorings.get(document)?.dispose();
    this.colorings.delete(document);
    this.tools?.status.update();
    if (this.colorings.size > 0) return;
    this.tools?.all.dispose();
    this.tools = null;
  }

  private createTools(): Tools {
    const scorer = new Scorer(this.services.engine);
    const inks = new Inks(this.services.style());
    const status = new SurpriseStatus((document) => this.of(document));
    const all = vscode.Disposable.from(
      inks,
      status,
      { dispose: () => scorer.clear() },
      vscode.languages.registerHoverProvider({ pattern: '**' }, new SurpriseHover((document) => this.of(document), scorer)),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0) this.of(document)?.changed(contentChanges);
      }),
      vscode.workspace.onDidCloseTextDocument((document) => {
        if (this.isOn(document)) this.turnOff(document);
      }),
      vscode.window.onDidChangeTextEditorVisibleRanges(({ textEditor }) => this.of(textEditor.document)?.scrolled()),
      vscode.window.onDidChangeVisibleTextEditors((editors) => {
        for (const { document } of editors) this.of(document)?.scrolled();
      }),
      vscode.window.onDidChangeActiveTextEditor(() => status.update()),
    );
    return { scorer, inks, status, all };
  }
}
