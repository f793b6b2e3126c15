/** Where models run: with the extension, which may be on another machine than its window. */
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';

/** @param hasDisk whether the host is a machine rather than a browser */
export function whereModelsRun(hasDisk: boolean): string {
  if (!hasDisk) return l10n.t('Models run in this browser.');
  const remote = vscode.env.remoteName;
  return remote === undefined ? l10n.t('Models run on this machine.') : l10n.t('Models run on the remote machine ({0}).', remote);
}
