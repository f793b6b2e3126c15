import * as vscode from 'vscode';

/** Documents that have no file system behind them and can be changed all the same. */
const CHANGEABLE = ['untitled', 'vscode-notebook-cell'];

/** Whether a document may be changed: the editor's own edit function does not ask. */
export async function isWritable({ uri }: vscode.TextDocument): Promise<boolean> {
  if (CHANGEABLE.includes(uri.scheme)) return true;
  if (vscode.workspace.fs.isWritableFileSystem(uri.scheme) !== true) return false;
  try {
    const { permissions = 0 } = await vscode.workspace.fs.stat(uri);
    return (permissions & vscode.FilePermission.Readonly) === 0;
  } catch {
    // A file that is gone: the text in the editor is all there is of it.
    return true;
  }
}
