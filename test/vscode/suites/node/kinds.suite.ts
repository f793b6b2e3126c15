import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { TestApi } from '../../../../src/testApi.ts';
import { closeAll, ended, headlight, open, showAttention, until } from '../headlight.ts';

const sentence = 'The little dog ran to the river.';

describe('encoders and encoder–decoders', () => {
  let api: TestApi;
  before(async () => {
    api = await headlight();
  });
  afterEach(async () => {
    await vscode.workspace.getConfiguration().update('headlight.model', undefined, vscode.ConfigurationTarget.Global);
    await closeAll(api);
  });

  async function show(model: string, text: string): Promise<vscode.TextEditor> {
    await vscode.workspace.getConfiguration().update('headlight.model', model, vscode.ConfigurationTarget.Global);
    const editor = await open(text);
    await showAttention();
    return editor;
  }

  it('an encoder attends to what follows as well', async () => {
    await show('reader', sentence);
    await ended(api);
    const links = await api.links(0);
    assert(links.ok);
    const { query, key } = links.value;
    assert(query.some((position, link) => (key[link] ?? 0) > position) && query.some((position, link) => (key[link] ?? 0) < position));
  });

  it('a translator writes an output, and the document stays as it is', async () => {
    const editor = await show('translator', sentence);
    const { run, subject } = await ended(api);
    assert.equal(run.state, 'finished', `problem: ${run.problem}`);
    assert.equal(run.info?.target, '>>fra<<');
    assert((run.output ?? []).some(({ origin }) => origin === 'text'));
    assert.equal(editor.document.getText(), sentence);
    assert.equal(subject?.text, sentence);
  });

  it('the language is the one that is chosen, also for the next text', async () => {
    await show('translator', sentence);
    await ended(api);
    api.fromPage(0, { type: 'target', target: '>>cmn_Hans<<' });
    await ended(api, ({ run }) => run.info?.target === '>>cmn_Hans<<');
    await open('Another text.');
    await showAttention();
    assert.equal((await ended(api, ({ subject }) => subject?.text === 'Another text.')).run.info?.target, '>>cmn_Hans<<');
  });

  it('tokens stand in the document where the text says, whatever stands in front of what the model reads', async () => {
    await show('translator', sentence);
    const { run } = await ended(api);
    const tokens = run.info?.tokens ?? [];
    const river = tokens.findIndex(({ start, end }) => sentence.slice(start, end).includes('r') && start >= sentence.indexOf('river') - 1 && end > start);
    const { start, end } = tokens[river] ?? assert.fail('no token');
    api.fromPage(0, { type: 'highlight', highlight: { token: river, pinned: true, partners: [] } });
    const lit = await until(() => (api.decorations()?.focused.length ? (api.decorations() ?? undefined) : undefined));
    assert.deepEqual(lit.focused, [[start, end]]);
    // What the model has put in front stands nowhere.
    api.fromPage(0, { type: 'highlight', highlight: { token: 0, pinned: true, partners: [] } });
    await until(() => (api.decorations() === null ? true : undefined));
  });

  it('a token of the output lights up what it looks at in the text', async () => {
    await show('translator', sentence);
    await ended(api);
    api.fromPage(0, { type: 'highlight', highlight: { token: null, pinned: false, partners: [{ token: 2, weight: 0.6 }, { token: 3, weight: 0.2 }] } });
    const lit = await until(() => (api.decorations()?.partners.flat().length ? (api.decorations() ?? undefined) : undefined));
    assert.deepEqual(lit.focused, []);
    assert.equal(lit.partners.flat().length, 2);
  });
});
