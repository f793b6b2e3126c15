/** What goes wrong, told at the edge: a sentence for the user, the cause for the log. */
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { describe } from './problems.ts';
import type { Problem } from './protocol.ts';

/** Shows a problem, what helps, and what can be done at once; resolves to whether `action` was chosen. */
export async function reportProblem(problem: Problem, log: vscode.LogOutputChannel, action?: string): Promise<boolean> {
  const { code, message, help } = describe(problem);
  log.error(`${code}: ${message}`, problem.facts);
  const showLog = l10n.t('Show Log');
  const chosen = await vscode.window.showErrorMessage(`${message} ${help}`, ...(action === undefined ? [] : [action]), showLog);
  if (chosen === showLog) log.show(true);
  return action !== undefined && chosen === action;
}

/** Shows an error that nothing foresaw, as one sentence; where it came from is in the log. */
export async function reportUnforeseen(thrown: unknown, log: vscode.LogOutputChannel): Promise<void> {
  log.error(thrown instanceof Error ? thrown : String(thrown));
  const showLog = l10n.t('Show Log');
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  const chosen = await vscode.window.showErrorMessage(l10n.t('Headlight could not do that: {0}', reason), showLog);
  if (chosen === showLog) log.show(true);
}
