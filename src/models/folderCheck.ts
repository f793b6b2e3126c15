/** What is wrong with a folder, told before anything is loaded: in short as a notification, in full as a document. */
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { describe } from '../problems.ts';
import { reportTrouble } from '../report.ts';
import type { Finding } from './folderReport.ts';

export const reportScheme = 'headlight-report';

export class FolderCheck implements vscode.Disposable {
  /** Text by the path of its document. */
  private readonly reports = new Map<string, string>();
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  private readonly registration: vscode.Disposable;

  constructor(private readonly log: vscode.LogOutputChannel) {
    this.registration = vscode.workspace.registerTextDocumentContentProvider(reportScheme, {
      onDidChange: this.changed.event,
      provideTextDocumentContent: (uri) => this.reports.get(uri.path) ?? '',
    });
  }

  /** Tells what was found; at once where it is one thing, else with the full report a click away. */
  async tell(name: string, findings: readonly Finding[]): Promise<void> {
    const troubles = findings.map(({ file, problem }) => ({ file, ...describe(problem) }));
    const [first] = troubles;
    if (!first) return;
    const uri = vscode.Uri.from({ scheme: reportScheme, path: `/${name}.txt` });
    const lines = troubles.map(({ file, message, help }) => `${file}\n    ${message}\n    ${help}\n`);
    this.reports.set(uri.path, `${l10n.t('{0} cannot be opened as a model:', name)}\n\n${lines.join('\n')}`);
    this.changed.fire(uri);
    for (const { file, message } of troubles.slice(1)) this.log.error(`${file}: ${message}`);
    const files = [...new Set(troubles.map(({ file }) => file))].join(', ');
    const message = troubles.length === 1 ? first.message : l10n.t('{0} cannot be opened as a model. Something is wrong with {1}.', name, files);
    const help = troubles.length === 1 ? first.help : l10n.t('The report says what, file by file.');
    if (await reportTrouble({ code: first.code, message, help }, this.log, l10n.t('Show Report'))) await vscode.window.showTextDocument(uri, { preview: true });
  }

  dispose(): void {
    this.registration.dispose();
    this.changed.dispose();
  }
}
