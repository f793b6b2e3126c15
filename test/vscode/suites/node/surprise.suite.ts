import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Offsets, SurpriseSnapshot, TestApi } from '../../../../src/testApi.ts';
import { closeAll, headlight, open, runCommand, until } from '../headlight.ts';

const story = 'Once upon a time there was a little girl named Lily. She loved to play outside in the park.\n\nOne day she saw a quantum helicopter. It was very big.';

describe('Colors of surprise', () => {
  let api: TestApi;
  before(async () => {
    api = await headlight();
  });
  afterEach(async () => {
    await setModel(undefined);
    await closeAll(api);
  });

  it('cover the words of the document, the unexpected ones most, and say what it comes to', async () => {
    const { document } = await turnedOn(story);
    const { ranges, words, bitsPerWord } = await colored(api, document);
    const covered = texts(document, ranges.flat());
    assert.equal(covered.replace(/\s/g, ''), story.slice('Once'.length).replace(/\s/g, ''));
    assert.match(texts(document, ranges[3] ?? []), /quant/);
    assert.doesNotMatch(texts(document, ranges[3] ?? []), / time/);
    assert(words > 20);
    assert(bitsPerWord > 1 && bitsPerWord < 40);
  });

  it('say in a hover what would be likelier; a click replaces as one step, and the colours behind it change', async () => {
    const { document } = await turnedOn(story);
    const before = await colored(api, document);
    const at = document.getText().indexOf(' quantum') + 2;
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', document.uri, document.positionAt(at));
    const text = hovers.flatMap(({ contents }) => contents.map((content) => (content instanceof vscode.MarkdownString ? content.value : ''))).join('\n');
    assert.match(text, /rank/);
    assert.match(text, /bits/);
    const links = [...text.matchAll(/\(command:headlight\.replaceToken\?([^ )]+)/g)].map(([, request]) => JSON.parse(decodeURIComponent(request ?? '')) as unknown[]);
    assert.equal(links.length, 5);
    await vscode.commands.executeCommand('headlight.replaceToken', ...(links[0] ?? []));
    assert.notEqual(document.getText(), story);
    const after = await colored(api, document);
    assert.notDeepEqual(after.ranges, before.ranges);
    assert(after.bitsPerWord < before.bitsPerWord);
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), story);
  });

  it('are after any typing, pasting at several cursors and undoing what they are in a fresh document', async () => {
    const editor = await turnedOn(story);
    const { document } = editor;
    await colored(api, document);
    await editor.edit((edit) => edit.insert(document.positionAt(5), 'long ago and '));
    await colored(api, document);
    await editor.edit((edit) => {
      edit.replace(new vscode.Range(document.positionAt(0), document.positionAt(4)), '教师 👩‍🚀');
      edit.insert(document.positionAt(60), ' and then');
      edit.delete(new vscode.Range(document.positionAt(document.getText().length - 5), document.positionAt(document.getText().length)));
    });
    const typed = await colored(api, document);
    const text = document.getText();
    for (const [start, end] of typed.ranges.flat()) assert(start < end && end <= text.length);
    await runCommand('headlight.toggleSurprise');
    await runCommand('headlight.toggleSurprise');
    assert.deepEqual((await colored(api, document)).ranges, typed.ranges);
    await vscode.commands.executeCommand('undo');
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), story);
    const undone = await colored(api, document);
    assert.match(texts(document, undone.ranges[3] ?? []), /quant/);
  });

  it('stay on their characters in a document with CRLF', async () => {
    const editor = await turnedOn('One day.\nA 👩‍🚀 said é to the 教师.\nThe end.');
    await editor.edit((edit) => edit.setEndOfLine(vscode.EndOfLine.CRLF));
    const { document } = editor;
    const { ranges } = await colored(api, document);
    assert.equal(texts(document, sorted(ranges.flat())).replace(/\s/g, ''), 'day.A👩‍🚀saidétothe教师.Theend.');
  });

  it('leave nothing behind when they are turned off', async () => {
    const { document } = await turnedOn(story);
    await colored(api, document);
    await runCommand('headlight.toggleSurprise');
    assert.equal(api.surprise(document), null);
    // What was on its way when they were turned off ends at its next block.
    let runs = Infinity;
    while (runs > 0) {
      const inventory = await api.inventory();
      assert(inventory.ok);
      runs = inventory.value.runs;
    }
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', document.uri, document.positionAt(70));
    assert.equal(hovers.length, 0);
  });

  it('say in one sentence that a model does not predict, and stay off', async () => {
    await setModel('reader');
    const { document } = await turnedOn(story);
    await until(() => (api.told().some((sentence) => sentence.includes('does not predict')) ? true : undefined));
    assert.equal(api.surprise(document), null);
  });

  it('show in a document that cannot be changed, whose words then stay', async () => {
    const provider = vscode.workspace.registerTextDocumentContentProvider('frozen', { provideTextDocumentContent: () => story });
    try {
      const document = await vscode.workspace.openTextDocument(vscode.Uri.parse('frozen:story.txt'));
      await vscode.window.showTextDocument(document, vscode.ViewColumn.One);
      await runCommand('headlight.toggleSurprise');
      await colored(api, document);
      await vscode.commands.executeCommand('headlight.replaceToken', document.uri.toString(), document.version, 0, 4, 'Never');
      assert.equal(document.getText(), story);
      await runCommand('headlight.toggleSurprise');
    } finally {
      provider.dispose();
    }
  });

  it('do nothing for a request that is not theirs', async () => {
    const { document } = await turnedOn(story);
    for (const request of [[], ['x'], [document.uri.toString(), document.version, -1, 4, 'x'], [document.uri.toString(), document.version + 7, 0, 4, 'x']]) {
      await vscode.commands.executeCommand('headlight.replaceToken', ...request);
    }
    assert.equal(document.getText(), story);
  });
});

async function turnedOn(text: string): Promise<vscode.TextEditor> {
  const editor = await open(text, false);
  // The command acts on the editor in use, which may still be the one before.
  await until(() => (vscode.window.activeTextEditor?.document === editor.document ? true : undefined));
  await runCommand('headlight.toggleSurprise');
  return editor;
}

/** The colours once all of the document as it is now has been scored. */
async function colored(api: TestApi, document: vscode.TextDocument): Promise<SurpriseSnapshot> {
  return until(() => {
    const snapshot = api.surprise(document);
    return snapshot?.complete === true && snapshot.ranges.flat().length > 0 ? snapshot : undefined;
  });
}

const sorted = (ranges: readonly Offsets[]): Offsets[] => [...ranges].sort((a, b) => a[0] - b[0]);

/** What ranges cover; parts of one character cover it once. */
function texts(document: vscode.TextDocument, ranges: readonly Offsets[]): string {
  let from = 0;
  return sorted(ranges)
    .map(([start, end]) => {
      const text = document.getText().slice(Math.max(start, from), Math.max(end, from));
      from = Math.max(from, end);
      return text;
    })
    .join('');
}

async function setModel(name: string | undefined): Promise<void> {
  await vscode.workspace.getConfiguration().update('headlight.surprise.model', name, vscode.ConfigurationTarget.Global);
}
