/** Bringing analysed text into sight. */
import * as vscode from 'vscode';

/** Shows `range` of a document and selects it there; an editor that shows the document already is used. */
export async function revealRange(document: vscode.TextDocument, range: vscode.Range): Promise<void> {
  const editor = await editorFor(document);
  editor.selection = new vscode.Selection(range.start, range.end);
  editor.revealRange(range, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}

async function editorFor(document: vscode.TextDocument): Promise<vscode.TextEditor> {
  const visible = vscode.window.visibleTextEditors.find((editor) => editor.document === document);
  // A side of a diff, a notebook cell and an output panel have no tab of their own to switch to.
  if (visible && !hasTextTab(visible)) return visible;
  return vscode.window.showTextDocument(document, visible?.viewColumn === undefined ? {} : { viewColumn: visible.viewColumn });
}

function hasTextTab(editor: vscode.TextEditor): boolean {
  const uri = editor.document.uri.toString();
  const tab = vscode.window.tabGroups.all.find((group) => group.viewColumn === editor.viewColumn)?.activeTab;
  return tab?.input instanceof vscode.TabInputText && tab.input.uri.toString() === uri;
}
