import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Phrasings } from '../../../../src/protocol.ts';
import type { PanelSnapshot, TestApi } from '../../../../src/testApi.ts';
import { closeAll, ended, headlight, open, runCommand, showAttention, until } from '../headlight.ts';

const opening = 'Once upon a time there was a little girl. She went to the';

describe('A candidate that was clicked', () => {
  let api: TestApi;
  before(async () => {
    api = await headlight();
  });
  afterEach(() => closeAll(api));

  /** The panel once it shows a text. */
  const showing = (text: string): Promise<PanelSnapshot> => ended(api, ({ subject, run }) => subject?.text === text && run.state === 'finished');

  it('goes into the document where it belongs, as one step to undo, and the panel shows what has come of it', async () => {
    const { document } = await openAndShow(`${opening}\n\nThe end.`, opening);
    api.fromPage(0, { type: 'insert', text: ' park', token: await lastToken(opening), instead: false });
    await showing(`${opening} park`);
    assert.equal(document.getText(), `${opening} park\n\nThe end.`);
    await vscode.window.showTextDocument(document, vscode.ViewColumn.One);
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), `${opening}\n\nThe end.`);
  });

  it('can be walked back from and forward again', async () => {
    const { document } = await openAndShow(`${opening}\n\nThe end.`, opening);
    api.fromPage(0, { type: 'insert', text: ' park', token: await lastToken(opening), instead: false });
    await showing(`${opening} park`);
    api.fromPage(0, { type: 'insert', text: ' with', token: await lastToken(`${opening} park`), instead: false });
    await showing(`${opening} park with`);
    api.fromPage(0, { type: 'walk', by: -1 });
    await showing(`${opening} park`);
    assert.equal(document.getText(), `${opening} park\n\nThe end.`);
    api.fromPage(0, { type: 'walk', by: -1 });
    await showing(opening);
    api.fromPage(0, { type: 'walk', by: 1 });
    await showing(`${opening} park`);
    assert.equal(document.getText(), `${opening} park\n\nThe end.`);
  });

  it('takes the place of a mask', async () => {
    const text = 'The little girl went to the [MASK] with her dog.';
    const { document } = await openAndShow(text, text);
    api.fromPage(0, { type: 'model', name: 'reader' });
    const { run } = await using('reader');
    const token = run.info?.tokens.findIndex((own) => own.text === '[MASK]') ?? -1;
    api.fromPage(0, { type: 'insert', text: 'park', token, instead: true });
    await until(() => (document.getText() === 'The little girl went to the park with her dog.' ? true : undefined));
    api.fromPage(0, { type: 'model', name: 'storyteller' });
    await using('storyteller');
  });

  it('says in one sentence that the text has changed meanwhile', async () => {
    const editor = await openAndShow(opening, opening);
    const token = await lastToken(opening);
    await editor.edit((edit) => edit.replace(new vscode.Range(0, 0, 0, 4), 'Twice'));
    await until(() => (api.panels()[0]?.stale === true ? true : undefined));
    const before = editor.document.getText();
    api.fromPage(0, { type: 'walk', by: -1 });
    await told(/changed in its document/);
    api.fromPage(0, { type: 'insert', text: ' park', token: token + 100, instead: false });
    await told(/changed in its document/);
    assert.equal(editor.document.getText(), before);
  });

  it('says in one sentence that a document cannot be changed', async () => {
    const provider = vscode.workspace.registerTextDocumentContentProvider('frozen', { provideTextDocumentContent: () => opening });
    try {
      const document = await vscode.workspace.openTextDocument(vscode.Uri.parse('frozen:opening.txt'));
      const editor = await vscode.window.showTextDocument(document, vscode.ViewColumn.One);
      editor.selection = new vscode.Selection(document.positionAt(0), document.positionAt(opening.length));
      await showAttention();
      api.fromPage(0, { type: 'insert', text: ' park', token: await lastToken(opening), instead: false });
      await told(/cannot be changed/);
      assert.equal(document.getText(), opening);
    } finally {
      provider.dispose();
    }
  });

  /** The panel once it shows a model that later panels start with, too. */
  async function using(model: string): Promise<PanelSnapshot> {
    const panel = await ended(api, ({ run }) => run.info?.model.name === model && run.state === 'finished');
    await until(() => (vscode.workspace.getConfiguration().get('headlight.model') === model ? true : undefined));
    return panel;
  }

  const lastToken = async (text: string): Promise<number> => ((await showing(text)).run.info?.tokens.length ?? 0) - 1;

  async function openAndShow(content: string, selected: string): Promise<vscode.TextEditor> {
    const editor = await open(content, false);
    editor.selection = new vscode.Selection(editor.document.positionAt(0), editor.document.positionAt(selected.length));
    await showAttention();
    await showing(selected);
    return editor;
  }

  const told = (sentence: RegExp): Promise<true> => until(() => (sentence.test(api.told().at(-1) ?? '') ? true : undefined));
});

describe('Compare Phrasings', () => {
  let api: TestApi;
  const first = 'She loved to play outside.';
  const second = 'She loved to debate outside.';
  const text = `Once upon a time there was a girl. ${first}\n\nOr: ${second} The end.`;

  before(async () => {
    api = await headlight();
  });
  afterEach(async () => {
    await setModel(undefined);
    await closeAll(api);
  });

  it('compares two selections after the text before the first, the third left out with a word about it', async () => {
    await selectIn(text, [second, first, 'The end']);
    await runCommand('headlight.comparePhrasings');
    const { both, before, model } = await compared();
    assert.equal(model, 'storyteller');
    assert(before >= 8);
    assert.deepEqual(both.map(({ from }) => from), ['selection', 'selection']);
    assert.deepEqual(both.map(({ tokens }) => tokens.map((token) => token.text).join('').trim()), [first, second]);
    assert(both[0].bits < both[1].bits);
    for (const { bits, tokens } of both) assert(Math.abs(bits - tokens.reduce((sum, token) => sum + (token.bits ?? 0), 0)) < 1e-3);
    assert.match(api.told().at(-1) ?? '', /^Of 3 selections the first two are compared\.$/);
  });

  it('compares one selection with the clipboard, and goes to attention of either and back', async () => {
    await vscode.env.clipboard.writeText(`  ${second}\r\n`);
    await selectIn(text, [first]);
    await runCommand('headlight.comparePhrasings');
    const { both } = await compared();
    assert.deepEqual(both.map(({ from }) => from), ['selection', 'clipboard']);
    assert.deepEqual(both.map(({ tokens }) => tokens.map((token) => token.text).join('').trim()), [first, second]);
    api.fromPage(0, { type: 'phrasings', action: 'attend', which: 1 });
    const panel = await ended(api, ({ subject }) => subject?.text === second);
    assert.equal(panel.phrasings, null);
    assert.equal(panel.subject?.source, undefined);
    await runCommand('headlight.comparePhrasings');
    await compared();
    api.fromPage(0, { type: 'phrasings', action: 'close' });
    await until(() => (api.panels()[0]?.phrasings === null ? true : undefined));
    assert.equal(api.panels()[0]?.subject?.text, second);
  });

  it('says in one sentence what to select, and opens nothing', async () => {
    await vscode.env.clipboard.writeText(' \n');
    await selectIn(text, [first]);
    await runCommand('headlight.comparePhrasings');
    assert.match(api.told().at(-1) ?? '', /^Select two phrasings/);
    const editor = await open('   ');
    await vscode.env.clipboard.writeText(second);
    editor.selection = new vscode.Selection(0, 0, 0, 3);
    await runCommand('headlight.comparePhrasings');
    assert.match(api.told().at(-1) ?? '', /^Select two phrasings/);
    assert.equal(api.panels().length, 0);
  });

  it('says in one sentence that a model does not predict', async () => {
    await setModel('reader');
    await selectIn(text, [first, second]);
    // The offer to use another model stays open: the command is not waited for.
    void runCommand('headlight.comparePhrasings');
    await until(() => (api.panels()[0]?.phrasings?.state === 'failed' ? true : undefined));
    assert.match(api.told().at(-1) ?? '', /reader does not predict/);
  });

  it('takes Chinese, emoji, the same twice, and a single token with nothing before it', async () => {
    for (const both of [['从前有一只小猫。', '从前有一只小狗👩‍🚀。'], [first, first], ['A', 'I']] as const) {
      await vscode.env.clipboard.writeText(both[1]);
      await selectIn(both[0], [both[0]]);
      await runCommand('headlight.comparePhrasings');
      const { both: found } = await compared();
      assert.equal(found.length, 2);
    }
  });

  it('lasts through the death of the engine, and the newest wins', async () => {
    await selectIn(text, [first, second]);
    const interrupted = runCommand('headlight.comparePhrasings');
    await api.killEngine();
    await interrupted;
    await Promise.all([runCommand('headlight.comparePhrasings'), runCommand('headlight.comparePhrasings')]);
    const { both } = await compared();
    assert(both[0].bits > 0);
    // Nothing of a comparison stays in the engine.
    await until(async () => {
      const inventory = await api.inventory();
      return inventory.ok && inventory.value.runs === 0 ? true : undefined;
    });
  });

  const compared = (): Promise<Extract<Phrasings, { state: 'ready' }>> =>
    until(() => {
      const phrasings = api.panels()[0]?.phrasings;
      return phrasings?.state === 'ready' ? phrasings : undefined;
    });
});

describe('A model that writes along', () => {
  let api: TestApi;
  before(async () => {
    api = await headlight();
  });
  afterEach(async () => {
    await vscode.workspace.getConfiguration().update('headlight.ghostText.enabled', undefined, vscode.ConfigurationTarget.Global);
    await closeAll(api);
  });

  it('offers the next word at the cursor, which goes in there as one step', async () => {
    const { document } = await atEnd(opening);
    void runCommand('headlight.nextWord');
    await until(async () => {
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      return document.getText() === opening ? undefined : true;
    });
    assert(document.getText().startsWith(opening));
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), opening);
  });

  it('suggests nothing on its own unless the setting says so', async () => {
    const { document } = await atEnd(opening);
    for (let times = 0; times < 20; times++) await acceptSuggestion();
    assert.equal(document.getText(), opening);
    await vscode.workspace.getConfiguration().update('headlight.ghostText.enabled', true, vscode.ConfigurationTarget.Global);
    await until(async () => {
      await acceptSuggestion();
      return document.getText() === opening ? undefined : true;
    });
    assert(document.getText().startsWith(opening));
  });
});

async function acceptSuggestion(): Promise<void> {
  await vscode.commands.executeCommand('editor.action.inlineSuggest.trigger');
  await vscode.commands.executeCommand('editor.action.inlineSuggest.commit');
}

async function atEnd(text: string): Promise<vscode.TextEditor> {
  const editor = await open(text, false);
  const end = editor.document.positionAt(text.length);
  editor.selection = new vscode.Selection(end, end);
  return editor;
}

/** A document with some of its words selected, in this order. */
async function selectIn(text: string, words: readonly string[]): Promise<void> {
  const editor = await open(text, false);
  editor.selections = words.map((word) => {
    const start = text.indexOf(word);
    return new vscode.Selection(editor.document.positionAt(start), editor.document.positionAt(start + word.length));
  });
}

async function setModel(name: string | undefined): Promise<void> {
  await vscode.workspace.getConfiguration().update('headlight.surprise.model', name, vscode.ConfigurationTarget.Global);
}
