/** Entry of the extension in a browser. */
import * as vscode from 'vscode';
import { activateOn } from './activation.ts';
import type { EngineWorker } from './engine/client.ts';
import { spawnWebWorker } from './engine/spawn.web.ts';
import { testApi, type TestApi } from './testApi.ts';

export function activate(context: vscode.ExtensionContext): TestApi | undefined {
  const begun = performance.now();
  const folderUrl = (folder: vscode.Uri): string => `${folder.toString(true)}/`;
  const dist = vscode.Uri.joinPath(context.extensionUri, 'dist');
  const parts = activateOn(
    {
      spawn: () => spawnFromBlob(vscode.Uri.joinPath(dist, 'worker.web.js')),
      runtime: folderUrl(vscode.Uri.joinPath(dist, 'runtime')),
      locate: folderUrl,
      // The worker fetches by address, and folders of the user's have none that it could fetch.
      disk: null,
    },
    context,
  );
  return context.extensionMode === vscode.ExtensionMode.Test ? testApi(parts, performance.now() - begun) : undefined;
}

/** A worker must be of the host's own origin, which the extension's files are not: it starts from a copy. */
async function spawnFromBlob(script: vscode.Uri): Promise<EngineWorker> {
  const source = await vscode.workspace.fs.readFile(script);
  const url = URL.createObjectURL(new Blob([new Uint8Array(source)], { type: 'text/javascript' }));
  const worker = spawnWebWorker(url);
  return {
    ...worker,
    async terminate() {
      await worker.terminate();
      URL.revokeObjectURL(url);
    },
  };
}
