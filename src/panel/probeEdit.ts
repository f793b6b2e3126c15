/** Changes of a probe's document that leave as much of its text as they can, so that undoing and comparing stay small. */
import * as vscode from 'vscode';

/** What turns the document's text into another; null where it is that already. */
export function smallEdit(document: vscode.TextDocument, text: string): vscode.TextEdit | null {
  // A document has one kind of line end.
  const wanted = document.eol === vscode.EndOfLine.CRLF ? text.replaceAll('\n', '\r\n') : text;
  const now = document.getText();
  if (now === wanted) return null;
  let start = 0;
  while (start < now.length && now[start] === wanted[start]) start++;
  let end = 0;
  while (end < Math.min(now.length, wanted.length) - start && now[now.length - 1 - end] === wanted[wanted.length - 1 - end]) end++;
  return vscode.TextEdit.replace(new vscode.Range(document.positionAt(start), document.positionAt(now.length - end)), wanted.slice(start, wanted.length - end));
}
