import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { commands } from '../../../../src/manifest.ts';
import type { TestApi } from '../../../../src/testApi.ts';
import { closeAll, ended, headlight, open, showAttention, until } from '../headlight.ts';

const sentence = 'Once upon a time there was a little girl who loved her red ball.';

describe('Show Attention', () => {
  let api: TestApi;
  before(async () => {
    api = await headlight();
    console.log(`· activation: ${api.activation.toFixed(1)} ms`);
  });
  afterEach(() => closeAll(api));

  it('comes with all its commands, and starts no engine before the first of them', async () => {
    assert.equal(api.engineRuns(), false);
    const known = new Set(await vscode.commands.getCommands(true));
    assert.deepEqual(Object.values(commands).filter((command) => !known.has(command)), []);
  });

  it('opens a panel on the selection and runs the model over it', async () => {
    await open(sentence);
    await showAttention();
    const panel = await ended(api);
    assert.equal(panel.run.state, 'finished');
    assert.equal(panel.subject?.text, sentence);
    assert.equal(panel.run.layers, panel.run.info?.model.layers);
    const tokens = panel.run.info?.tokens ?? [];
    assert.equal(tokens.map(({ start, end }) => sentence.slice(start, end)).join(''), sentence);
  });

  it('answers questions about the run with patterns whose links add up', async () => {
    await open(sentence);
    await showAttention();
    await ended(api);
    const links = await api.links(0);
    assert(links.ok);
    const { query, key, weight, hiddenShare } = links.value;
    assert(weight.length > 0 && weight.every((value) => value > 0 && value <= 1.0001));
    assert(query.every((position, link) => (key[link] ?? Infinity) <= position), 'a decoder looks back only');
    assert(hiddenShare > 0 && hiddenShare <= 0.3 + 1e-6, `70 % is shown, ${hiddenShare} is said to be hidden`);
  });

  it('takes the paragraph around the cursor where nothing is selected', async () => {
    const editor = await open('First paragraph.\n\nThe second one\nhas two lines.\n\nThird.', false);
    editor.selection = new vscode.Selection(3, 2, 3, 2);
    await showAttention();
    const panel = await ended(api);
    assert.equal(panel.subject?.text, 'The second one\nhas two lines.');
  });

  it('says one sentence about blank text, and opens nothing', async () => {
    const before = api.told().length;
    await open('   \n\t ');
    await showAttention();
    assert.equal(api.told().length, before + 1);
    assert.match(api.told().at(-1) ?? '', /\.$/);
    assert.equal(api.panels().length, 0);
  });

  for (const [what, text] of [
    ['binary rubbish', '\u0000\u0001\u0002\ufffd\u007f'.repeat(20)],
    ['lone surrogates', 'a \ud800 b \udfff c'],
    ['an emoji family', 'We are 👨‍👩‍👧‍👦 and 👩🏽‍🚀.'],
    ['right-to-left text', 'שלום עולם, مرحبا بالعالم'],
    ['CRLF', 'one\r\ntwo\r\nthree'],
    ['Chinese', '从前有一个小女孩，名叫小敏。'],
  ] as const) {
    it(`runs on ${what}, with every token's range in the text`, async () => {
      await open(text);
      await showAttention();
      const { run, subject } = await ended(api);
      assert.equal(run.state, 'finished', `problem: ${run.problem}`);
      const shown = subject?.text ?? '';
      assert(shown.length > 0);
      const tokens = run.info?.tokens ?? [];
      assert(tokens.every(({ start, end }) => 0 <= start && start <= end && end <= shown.length));
      assert.equal(tokens.at(-1)?.end, shown.length);
    });
  }

  it('shows a part of a line of 5 MB, and says which', async () => {
    await open('a long line goes on and on '.repeat(200_000));
    await showAttention();
    const { run } = await ended(api);
    assert.equal(run.state, 'finished', `problem: ${run.problem}`);
    const { window, tokens, model } = run.info ?? assert.fail('no run');
    assert(tokens.length <= model.positions);
    assert.equal(window.end - window.start, tokens.length);
    assert(window.textLength >= 5_000_000 && (window.total > tokens.length || window.textRead < window.textLength));
  });

  it('opens as many panels as are asked for', async () => {
    await open(sentence);
    await showAttention();
    await open('Another text in another panel.');
    await showAttention('headlight.showAttentionInNewPanel');
    await ended(api, () => true, 1);
    assert.deepEqual(api.panels().map(({ subject }) => subject?.text), [sentence, 'Another text in another panel.']);
  });

  it('lights up a token of the page in the text, with its partners', async () => {
    const editor = await open(`Not this. ${sentence}`, false);
    editor.selection = new vscode.Selection(0, 10, 0, 10 + sentence.length);
    await showAttention();
    const token = (await ended(api)).run.info?.tokens[4] ?? assert.fail('no token');
    api.fromPage(0, { type: 'highlight', highlight: { token: 4, pinned: false, partners: [{ token: 2, weight: 0.5 }] } });
    const lit = await until(() => (api.decorations()?.focused.length ? api.decorations() ?? undefined : undefined));
    assert.deepEqual(lit.focused, [[10 + token.start, 10 + token.end]]);
    assert.equal(lit.partners.flat().length, 1);
    api.fromPage(0, { type: 'highlight', highlight: null });
    await until(() => (api.decorations()?.focused.length ? undefined : true));
  });

  it('tells the page which token the cursor is in', async () => {
    const editor = await open(sentence);
    await showAttention();
    const tokens = (await ended(api)).run.info?.tokens ?? [];
    await vscode.window.showTextDocument(editor.document, vscode.ViewColumn.One);
    const word = tokens.findIndex(({ start }) => start >= sentence.indexOf('girl') - 1);
    const at = editor.document.positionAt((tokens[word]?.end ?? 0) - 1);
    editor.selection = new vscode.Selection(at, at);
    await until(() => (api.panels()[0]?.caret === word ? true : undefined));
  });

  it('marks the picture as of the old text when the text is edited inside, and moves with edits before it', async () => {
    const editor = await open(`Intro. ${sentence}`, false);
    editor.selection = new vscode.Selection(0, 7, 0, 7 + sentence.length);
    await showAttention();
    await ended(api);
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), 'More. '));
    api.fromPage(0, { type: 'highlight', highlight: { token: 0, pinned: true, partners: [] } });
    const first = api.panels()[0]?.run.info?.tokens[0] ?? assert.fail('no token');
    const lit = await until(() => (api.decorations()?.focused.length ? api.decorations() ?? undefined : undefined));
    assert.deepEqual(lit.focused, [[13 + first.start, 13 + first.end]]);
    assert.equal(api.panels()[0]?.stale, false);
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 20), 'XYZ'));
    await until(() => (api.panels()[0]?.stale === true ? true : undefined));
  });
});
