/** Answers for the address of the schema that probe files name, so that completion works wherever they lie. */
import * as vscode from 'vscode';
import { SCHEMA_ADDRESS } from '../probeFiles/writeProbe.ts';

export function provideProbeSchema(extension: vscode.Uri): vscode.Disposable {
  const { scheme } = vscode.Uri.parse(SCHEMA_ADDRESS);
  return vscode.workspace.registerTextDocumentContentProvider(scheme, {
    async provideTextDocumentContent() {
      return new TextDecoder().decode(await vscode.workspace.fs.readFile(vscode.Uri.joinPath(extension, 'media', 'probe.schema.json')));
    },
  });
}
