/** What every suite in the extension host needs: the extension's test API, and waiting for what it tells. */
import * as vscode from 'vscode';
import type { Command } from '../../../src/manifest.ts';
import type { PanelSnapshot, TestApi } from '../../../src/testApi.ts';

/** Activates the installed package. */
export async function headlight(): Promise<TestApi> {
  const extension = vscode.extensions.getExtension<TestApi>('headlight.headlight');
  if (!extension) throw new Error('The package is not installed.');
  return extension.activate();
}

/** Resolves with the first value of `look` that is not undefined; mocha's timeout ends the wait. */
export async function until<T>(look: () => T | undefined | Promise<T | undefined>): Promise<T> {
  for (;;) {
    const seen = await look();
    if (seen !== undefined) return seen;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Documents that a test has opened; VS Code may keep others, as that of a diff's other side, for minutes. */
const opened = new Set<vscode.TextDocument>();

/** Opens a new document in the first column, with all of its text selected unless told otherwise. */
export async function open(content: string, selected = true): Promise<vscode.TextEditor> {
  const document = await vscode.workspace.openTextDocument({ language: 'plaintext', content });
  const editor = await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.One, preview: false });
  opened.add(document);
  if (selected) editor.selection = new vscode.Selection(document.positionAt(0), document.positionAt(content.length));
  return editor;
}

/** Runs one of Headlight's commands. */
export async function runCommand(command: Command): Promise<void> {
  await vscode.commands.executeCommand(command);
}

/** Runs the command on what is selected; the latest panel's run has then begun at least. */
export async function showAttention(command: Command = 'headlight.showAttention'): Promise<void> {
  await runCommand(command);
}

/** The panel at `index` once its run has ended with text that `isIt` accepts. */
export function ended(api: TestApi, isIt: (panel: PanelSnapshot) => boolean = () => true, index = 0): Promise<PanelSnapshot> {
  return until(() => {
    const panel = api.panels()[index];
    return panel !== undefined && (panel.run.state === 'finished' || panel.run.state === 'failed') && isIt(panel) ? panel : undefined;
  });
}

/** Closes every tab, what was typed into it given up, and waits until no panel is left. */
export async function closeAll(api: TestApi): Promise<void> {
  while (vscode.window.tabGroups.all.some(({ tabs }) => tabs.length > 0)) {
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  }
  await until(() => (api.panels().length === 0 ? true : undefined));
  // The next new document gets the same name: the old one must be gone by then.
  await until(() => ([...opened].every(({ isClosed }) => isClosed) ? true : undefined));
  opened.clear();
}

/** A text of about `words` different-looking words; nothing in it is random. */
export function longText(words: number): string {
  const some = ['The', 'little', 'dog', 'saw', 'a', 'big', 'red', 'ball', 'and', 'ran', 'to', 'the', 'river', 'with', 'his', 'friend'];
  return Array.from({ length: words }, (_, i) => some[(i * 7 + Math.floor(i / 16)) % some.length]).join(' ');
}
