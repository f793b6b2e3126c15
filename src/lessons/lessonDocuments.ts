/** Teachers' lessons while they are written: mistakes are underlined, what is found on the real models too, and previews follow. */
import * as vscode from 'vscode';
import { describe } from '../problems.ts';
import { problemOf } from '../engine/client.ts';
import { lessonFileEnding } from './courseNames.ts';
import { findingMistake } from './findings.ts';
import { judge } from './judge.ts';
import type { LessonFile } from './lessonFile.ts';
import type { LessonHost } from './lessonHost.ts';
import { refused, type Mistake } from './mistakes.ts';

/** Milliseconds without a change after which a file is read, and after which it is held to the models. */
const readDelay = 200;
const judgeDelay = 600;

/** An edited lesson was read: `file` is null where it has mistakes that keep it from being taken. */
export type LessonEdited = (id: string, file: LessonFile | null, mistakes: number) => void;

export const isLessonDocument = ({ uri }: vscode.TextDocument): boolean => uri.path.endsWith(lessonFileEnding);

export class LessonDocuments implements vscode.Disposable {
  private readonly diagnostics = vscode.languages.createDiagnosticCollection('headlight-lessons');
  private readonly timers = new Map<string, ReturnType<typeof setTimeout>>();
  private readonly listeners: vscode.Disposable;

  /** @param lessons made when there is a lesson to be read */
  constructor(
    private readonly lessons: () => LessonHost,
    private readonly onEdited: LessonEdited,
    private readonly log: () => vscode.LogOutputChannel,
  ) {
    this.listeners = vscode.Disposable.from(
      this.diagnostics,
      vscode.workspace.onDidOpenTextDocument((document) => this.schedule(document)),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.schedule(document)),
      vscode.workspace.onDidCloseTextDocument((document) => this.forget(document)),
    );
    for (const document of vscode.workspace.textDocuments) this.schedule(document);
  }

  dispose(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.listeners.dispose();
  }

  private schedule(document: vscode.TextDocument): void {
    if (isLessonDocument(document)) this.after(document, readDelay, () => this.read(document));
  }

  private async read(document: vscode.TextDocument): Promise<void> {
    const { version } = document;
    const id = document.uri.toString();
    const { file, mistakes } = await this.lessons().course.parse(id, document.getText());
    if (document.isClosed || document.version !== version) return;
    this.underline(document, mistakes);
    this.onEdited(id, file && !refused(mistakes) ? file : null, mistakes.filter(({ severity }) => severity === 'error').length);
    if (file && !refused(mistakes)) this.after(document, judgeDelay, () => this.holdToModels(document, version, file, mistakes));
  }

  /** One thing after another, and no further than the next change. */
  private async holdToModels(document: vscode.TextDocument, version: number, file: LessonFile, mistakes: readonly Mistake[]): Promise<void> {
    const laboratory = this.lessons().newLaboratory();
    const found: Mistake[] = [];
    try {
      for await (const finding of judge(file, laboratory)) {
        if (document.isClosed || document.version !== version) return;
        const mistake = findingMistake(finding);
        if (mistake) found.push(mistake);
      }
      this.underline(document, [...mistakes, ...found]);
    } finally {
      laboratory.dispose();
    }
  }

  private underline(document: vscode.TextDocument, mistakes: readonly Mistake[]): void {
    const shown = mistakes.map(({ range, message, severity }) => {
      const at = new vscode.Range(document.positionAt(range.start), document.positionAt(range.end));
      const diagnostic = new vscode.Diagnostic(at, message, severity === 'error' ? vscode.DiagnosticSeverity.Error : vscode.DiagnosticSeverity.Warning);
      diagnostic.source = 'Headlight';
      return diagnostic;
    });
    this.diagnostics.set(document.uri, shown);
  }

  private forget(document: vscode.TextDocument): void {
    clearTimeout(this.timers.get(document.uri.toString()));
    this.diagnostics.delete(document.uri);
  }

  private after(document: vscode.TextDocument, delay: number, work: () => Promise<void>): void {
    const id = document.uri.toString();
    clearTimeout(this.timers.get(id));
    const run = (): void => void work().catch((thrown: unknown) => this.log().warn(describe(problemOf(thrown)).message, thrown));
    this.timers.set(id, setTimeout(run, delay));
  }
}
