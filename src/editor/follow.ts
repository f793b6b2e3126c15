/** Keeps something on what is selected: waits until selection and text rest, then tells the newest choice. */
import * as vscode from 'vscode';
import { chosenText, textIn, type ChosenText } from './chosenText.ts';
import type { DocumentLink } from './documentLink.ts';

export class SelectionFollower implements vscode.Disposable {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly listeners: vscode.Disposable;

  /**
   * @param delay milliseconds of rest.
   * @param followed the tie of the text that is shown now, if it came from a document.
   * @param onChosen gets a text that differs from the one shown.
   */
  constructor(
    private readonly delay: () => number,
    private readonly followed: () => DocumentLink | null,
    private readonly onChosen: (chosen: ChosenText) => void,
  ) {
    this.listeners = vscode.Disposable.from(
      vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => {
        if (textEditor === vscode.window.activeTextEditor) this.look();
      }),
      vscode.window.onDidChangeActiveTextEditor((editor) => {
        if (editor) this.look();
      }),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0 && document === vscode.window.activeTextEditor?.document) this.look();
      }),
    );
    this.look();
  }

  /** Looks at what is selected, once it rests. */
  look(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.choose(), this.delay());
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.listeners.dispose();
  }

  private choose(): void {
    const editor = vscode.window.activeTextEditor;
    if (!editor) return;
    const chosen = whatToShow(editor, this.followed());
    // Blank places keep the last picture: a cursor on its way crosses many.
    if (chosen) this.onChosen(chosen);
  }
}

/**
 * What a follower shows for an editor, `null` to leave it as it is. A cursor that moves about in the
 * shown text keeps it, and where that text was edited, takes it as it is now.
 */
function whatToShow(editor: vscode.TextEditor, link: DocumentLink | null): ChosenText | null {
  const range = link?.isSource(editor.document) ? link.range : null;
  if (editor.selection.isEmpty && range?.contains(editor.selection.active)) {
    return link?.stale ? textIn(editor.document, range) : null;
  }
  const chosen = chosenText(editor);
  const same = chosen && range && !link?.stale && editor.document.offsetAt(range.start) === chosen.source.start && editor.document.getText(range) === chosen.text;
  return same ? null : chosen;
}
