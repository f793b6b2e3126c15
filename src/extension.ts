/** Entry of the extension in Node: on the desktop, and on a server. */
import { pathToFileURL } from 'node:url';
import * as vscode from 'vscode';
import { activateOn } from './activation.ts';
import { spawnNodeWorker } from './engine/spawn.node.ts';
import { nodeDisk } from './models/disk.node.ts';
import { testApi, type TestApi } from './testApi.ts';

export function activate(context: vscode.ExtensionContext): TestApi | undefined {
  const begun = performance.now();
  const path = (...parts: string[]): string => vscode.Uri.joinPath(context.extensionUri, ...parts).fsPath;
  const parts = activateOn(
    {
      spawn: () => spawnNodeWorker(path('dist', 'worker.node.mjs')),
      runtime: `${pathToFileURL(path('dist', 'runtime')).href}/`,
      locate: (folder) => folder.fsPath,
      disk: nodeDisk(vscode.Uri.joinPath(context.globalStorageUri, 'hub').fsPath),
    },
    context,
  );
  const tested = context.extensionMode === vscode.ExtensionMode.Test || process.env['HEADLIGHT_TEST'] !== undefined;
  return tested ? testApi(parts, performance.now() - begun) : undefined;
}
