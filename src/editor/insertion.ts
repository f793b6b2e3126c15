import * as vscode from 'vscode';
import { isWritable } from './writable.ts';

/**
 * Puts `text` in place of a range, as one step to undo, and the cursor behind it where the document is seen.
 * Resolves to where the text stands then; `null` where the document cannot be changed.
 */
export async function replaceRange(document: vscode.TextDocument, range: vscode.Range, text: string): Promise<vscode.Range | null> {
  if (!(await isWritable(document))) return null;
  const start = document.offsetAt(range.start);
  const rest = document.getText().length - document.offsetAt(range.end);
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, range, text);
  if (!(await vscode.workspace.applyEdit(edit))) return null;
  // The editor may have put in other line ends than were given.
  const end = document.positionAt(document.getText().length - rest);
  const editor = vscode.window.visibleTextEditors.find((visible) => visible.document === document);
  if (editor) editor.selection = new vscode.Selection(end, end);
  return new vscode.Range(document.positionAt(start), end);
}
