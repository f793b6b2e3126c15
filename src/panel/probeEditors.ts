/** All open editors of probe files. */
import * as vscode from 'vscode';
import type { Problem } from '../protocol.ts';
import type { PanelServices } from './panelServices.ts';
import { ProbeEditor } from './probeEditor.ts';

export class ProbeEditors implements vscode.CustomTextEditorProvider, vscode.Disposable {
  /** Oldest first. */
  private readonly open: ProbeEditor[] = [];
  private readonly listener: vscode.Disposable;

  constructor(
    private readonly extension: vscode.Uri,
    private readonly services: () => PanelServices,
  ) {
    this.listener = vscode.workspace.onWillSaveTextDocument((event) => {
      const editor = this.open.find(({ document }) => document === event.document);
      if (editor) event.waitUntil(editor.editsForSave());
    });
  }

  get all(): readonly ProbeEditor[] {
    return this.open;
  }

  async resolveCustomTextEditor(document: vscode.TextDocument, panel: vscode.WebviewPanel): Promise<void> {
    const editor = new ProbeEditor(document, panel, this.services(), (closed) => this.open.splice(this.open.indexOf(closed), 1));
    this.open.push(editor);
    await editor.open(this.extension);
  }

  engineDied(problem: Problem): void {
    for (const editor of this.open) editor.engineDied(problem);
  }

  retryAll(): void {
    for (const editor of this.open) editor.retry();
  }

  dispose(): void {
    this.listener.dispose();
  }
}
