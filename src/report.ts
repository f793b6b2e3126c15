/** What goes wrong, told at the edge: a sentence for the user, the cause for the log. */
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Trouble } from './protocol.ts';

/** The sentences that were shown last, newest last; for tests. */
export const told: string[] = [];

/** Shows a sentence that needs no answer. */
export function tell(sentence: string): void {
  note(sentence);
  void vscode.window.showInformationMessage(sentence);
}

/** Shows a problem, what helps, and what can be done at once; resolves to whether `action` was chosen. */
export async function reportTrouble({ code, message, help }: Trouble, log: vscode.LogOutputChannel, action?: string): Promise<boolean> {
  log.error(`${code}: ${message}`);
  const showLog = l10n.t('Show Log');
  note(`${message} ${help}`);
  const chosen = await vscode.window.showErrorMessage(`${message} ${help}`, ...(action === undefined ? [] : [action]), showLog);
  if (chosen === showLog) log.show(true);
  return action !== undefined && chosen === action;
}

/** Shows an error that nothing foresaw, as one sentence; where it came from is in the log. */
export async function reportUnforeseen(thrown: unknown, log: vscode.LogOutputChannel): Promise<void> {
  log.error(thrown instanceof Error ? thrown : String(thrown));
  const showLog = l10n.t('Show Log');
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  const sentence = l10n.t('Headlight could not do that: {0}', reason);
  note(sentence);
  const chosen = await vscode.window.showErrorMessage(sentence, showLog);
  if (chosen === showLog) log.show(true);
}

/** Remembers a sentence that is shown. */
export function note(sentence: string): void {
  told.push(sentence);
  if (told.length > 20) told.shift();
}
