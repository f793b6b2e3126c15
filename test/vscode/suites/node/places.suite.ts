import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { commands } from '../../../../src/manifest.ts';
import type { TestApi } from '../../../../src/testApi.ts';
import { closeAll, ended, headlight, open, runCommand, showAttention, until } from '../headlight.ts';

const sentence = 'The little dog ran to the river with his friend.';

describe('text in every kind of editor', () => {
  let api: TestApi;
  before(async () => {
    api = await headlight();
  });
  afterEach(() => closeAll(api));

  function selectAll(editor: vscode.TextEditor): void {
    editor.selection = new vscode.Selection(editor.document.positionAt(0), editor.document.positionAt(editor.document.getText().length));
  }

  it('of a read-only document', async () => {
    const provider = vscode.workspace.registerTextDocumentContentProvider('read-only-test', { provideTextDocumentContent: () => sentence });
    try {
      selectAll(await vscode.window.showTextDocument(vscode.Uri.parse('read-only-test:/letter.txt'), { viewColumn: vscode.ViewColumn.One }));
      await showAttention();
      const panel = await ended(api, ({ subject }) => subject?.text === sentence);
      assert.equal(panel.run.state, 'finished');
      assert.equal(panel.subject?.source?.label, 'letter.txt');
    } finally {
      provider.dispose();
    }
  });

  it('of the changed side of a diff', async () => {
    const [left, right] = await Promise.all(['Before.', sentence].map((content) => vscode.workspace.openTextDocument({ content })));
    assert(left && right);
    await vscode.commands.executeCommand('vscode.diff', left.uri, right.uri, 'Diff', { viewColumn: vscode.ViewColumn.One });
    const editor = await until(() => (vscode.window.activeTextEditor?.document === right ? vscode.window.activeTextEditor : undefined));
    selectAll(editor);
    await showAttention();
    assert.equal((await ended(api, ({ subject }) => subject?.text === sentence)).run.state, 'finished');
    api.fromPage(0, { type: 'highlight', highlight: { token: 1, pinned: false, partners: [] } });
    assert.equal(api.decorations()?.uri, right.uri.toString());
  });

  it('of a cell of a notebook', async () => {
    const cell = new vscode.NotebookCellData(vscode.NotebookCellKind.Markup, sentence, 'plaintext');
    const notebook = await vscode.workspace.openNotebookDocument('jupyter-notebook', new vscode.NotebookData([cell]));
    await vscode.window.showNotebookDocument(notebook, { viewColumn: vscode.ViewColumn.One });
    await vscode.commands.executeCommand('notebook.cell.edit');
    const editor = await until(() => (vscode.window.activeTextEditor?.document.uri.scheme === 'vscode-notebook-cell' ? vscode.window.activeTextEditor : undefined));
    selectAll(editor);
    await showAttention();
    assert.equal((await ended(api, ({ subject }) => subject?.text === sentence)).run.state, 'finished');
  });

  it('of the first of several selections', async () => {
    const editor = await open(sentence, false);
    editor.selections = [new vscode.Selection(0, 4, 0, 14), new vscode.Selection(0, 0, 0, 3)];
    await showAttention();
    assert.equal((await ended(api)).subject?.text, 'little dog');
  });

  it('with the line ends that the document has', async () => {
    const editor = await open('one\ntwo\nthree', false);
    await editor.edit((edit) => edit.setEndOfLine(vscode.EndOfLine.CRLF));
    editor.selection = new vscode.Selection(1, 0, 2, 5);
    await showAttention();
    const { subject } = await ended(api);
    assert.deepEqual([subject?.text, subject?.source?.start], ['two\r\nthree', 5]);
    await editor.edit((edit) => edit.setEndOfLine(vscode.EndOfLine.LF));
    await until(() => (api.panels()[0]?.stale ? true : undefined));
    await editor.edit((edit) => edit.setEndOfLine(vscode.EndOfLine.CRLF));
    await until(() => (api.panels()[0]?.stale ? undefined : true));
  });
});

describe('a panel and its document', () => {
  let api: TestApi;
  before(async () => {
    api = await headlight();
  });
  afterEach(() => closeAll(api));

  it('belong together again when an edit is undone', async () => {
    const editor = await open(sentence);
    await showAttention();
    await ended(api);
    await vscode.window.showTextDocument(editor.document, vscode.ViewColumn.One);
    await editor.edit((edit) => edit.replace(new vscode.Range(0, 4, 0, 10), 'big'));
    assert.equal(api.panels()[0]?.stale, true);
    await vscode.commands.executeCommand('undo');
    await until(() => (api.panels()[0]?.stale ? undefined : true));
  });

  it('are brought together by a refresh', async () => {
    const editor = await open(sentence);
    await showAttention();
    await ended(api);
    await editor.edit((edit) => edit.replace(new vscode.Range(0, 4, 0, 10), 'big'));
    await runCommand(commands.refresh);
    const panel = await ended(api, ({ subject }) => subject?.text === sentence.replace('little', 'big'));
    assert.equal(panel.stale, false);
  });

  it('follow what is typed into the shown paragraph', async () => {
    const editor = await open(`${sentence}\n\nAnother.`, false);
    editor.selection = new vscode.Selection(0, 3, 0, 3);
    await showAttention();
    await ended(api);
    await runCommand(commands.followSelection);
    await vscode.window.showTextDocument(editor.document, vscode.ViewColumn.One);
    for (const letter of ' old') await vscode.commands.executeCommand('type', { text: letter });
    const typed = sentence.replace('The', 'The old');
    const panel = await ended(api, ({ subject }) => subject?.text === typed);
    assert.equal(panel.following, true);
    editor.selection = new vscode.Selection(2, 0, 2, 0);
    await ended(api, ({ subject }) => subject?.text === 'Another.');
    await runCommand(commands.stopFollowing);
    editor.selection = new vscode.Selection(0, 0, 0, 0);
    assert.equal(api.panels()[0]?.following, false);
  });

  it('show the text of a token when it is asked for', async () => {
    const editor = await open(`${'\n'.repeat(200)}${sentence}`, false);
    editor.selection = new vscode.Selection(200, 0, 200, sentence.length);
    await showAttention();
    const token = (await ended(api)).run.info?.tokens[3] ?? assert.fail('no token');
    editor.selection = new vscode.Selection(0, 0, 0, 0);
    editor.revealRange(new vscode.Range(0, 0, 0, 0));
    await runCommand(commands.revealText);
    await until(() => (vscode.window.activeTextEditor?.document.getText(vscode.window.activeTextEditor.selection) === sentence ? true : undefined));
    api.fromPage(0, { type: 'highlight', highlight: { token: 3, pinned: true, partners: [] } });
    api.fromPage(0, { type: 'command', command: 'reveal' });
    const at = new vscode.Position(200, token.start);
    await until(() => (vscode.window.activeTextEditor?.selection.isEmpty && vscode.window.activeTextEditor.selection.active.isEqual(at) ? true : undefined));
  });

  it('forget each other when the document is closed, and find each other again', async () => {
    const file = vscode.Uri.joinPath(vscode.workspace.workspaceFolders?.[0]?.uri ?? assert.fail('no folder'), 'prose.md');
    const editor = await vscode.window.showTextDocument(file, { viewColumn: vscode.ViewColumn.One, preview: false });
    editor.selection = new vscode.Selection(2, 0, 2, 30);
    await showAttention();
    await ended(api);
    api.fromPage(0, { type: 'highlight', highlight: { token: 1, pinned: true, partners: [] } });
    assert.equal(api.decorations()?.focused.length, 1);
    await vscode.window.showTextDocument(editor.document, vscode.ViewColumn.One);
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    api.fromPage(0, { type: 'command', command: 'reveal' });
    await until(() => (vscode.window.activeTextEditor?.document.uri.toString() === file.toString() ? true : undefined));
    assert.equal(api.panels()[0]?.stale, false);
  });

  it('put the marks out when the panel is closed', async () => {
    await open(sentence);
    await showAttention();
    await ended(api);
    api.fromPage(0, { type: 'highlight', highlight: { token: 1, pinned: true, partners: [{ token: 0, weight: 1 }] } });
    assert.equal(api.decorations()?.focused.length, 1);
    await closeAll(api);
    assert.equal(api.decorations(), null);
  });
});
