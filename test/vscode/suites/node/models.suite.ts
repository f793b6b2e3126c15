import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { embeddedModels } from '../../../../src/models/modelNames.ts';
import type { TestApi } from '../../../../src/testApi.ts';
import { closeAll, ended, headlight, open, showAttention, until } from '../headlight.ts';

const sentence = 'The little dog ran to the river.';

describe('models', () => {
  let api: TestApi;
  let scratch: vscode.Uri;
  const fixtures = vscode.Uri.joinPath(vscode.workspace.workspaceFolders?.[0]?.uri ?? assert.fail('no folder'), '../../test/fixtures');

  before(async () => {
    api = await headlight();
    scratch = vscode.Uri.file(join(tmpdir(), `headlight-models-${process.pid}`));
  });
  afterEach(async () => {
    await setModel(undefined);
    await closeAll(api);
  });
  after(() => vscode.workspace.fs.delete(scratch, { recursive: true }).then(undefined, () => undefined));

  const setModel = (value: string | undefined): Thenable<void> => vscode.workspace.getConfiguration().update('headlight.model', value, vscode.ConfigurationTarget.Global);

  /** A copy of a good model folder with some of its files spoilt. */
  async function spoilt(name: string, files: Record<string, Uint8Array | null>): Promise<string> {
    const folder = vscode.Uri.joinPath(scratch, name);
    await vscode.workspace.fs.copy(vscode.Uri.joinPath(fixtures, 'gpt2-basic'), folder, { overwrite: true });
    for (const [file, content] of Object.entries(files)) {
      const uri = vscode.Uri.joinPath(folder, file);
      if (content === null) await vscode.workspace.fs.delete(uri);
      else await vscode.workspace.fs.writeFile(uri, content);
    }
    return folder.fsPath;
  }

  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

  for (const { name, kind } of embeddedModels) {
    it(`that come with the extension show the text: ${name}`, async () => {
      await setModel(name);
      await open(sentence);
      await showAttention();
      const { run, subject } = await ended(api);
      assert.deepEqual([run.state, run.problem, run.info?.model.kind, subject?.model], ['finished', null, kind, name]);
      assert(api.status()?.includes(name));
    });
  }

  it('can be any folder in Hugging Face layout, named by the setting', async () => {
    await setModel(vscode.Uri.joinPath(fixtures, 'gpt2-basic').fsPath);
    await open(sentence);
    await showAttention();
    const panel = await ended(api);
    assert.equal(panel.run.state, 'finished');
    assert.equal(panel.subject?.model, 'gpt2-basic');
  });

  it('can be switched in the page, and the choice is kept for new panels', async () => {
    await setModel(vscode.Uri.joinPath(fixtures, 'gpt2-basic').fsPath);
    await open(sentence);
    await showAttention();
    await ended(api);
    api.fromPage(0, { type: 'model', name: 'storyteller' });
    assert.equal((await ended(api, ({ subject }) => subject?.model === 'storyteller')).run.state, 'finished');
    await until(() => (vscode.workspace.getConfiguration().get('headlight.model') === 'storyteller' ? true : undefined));
  });

  it('run again with as many threads as the setting says', async () => {
    const setThreads = (value: number | undefined): Thenable<void> => vscode.workspace.getConfiguration().update('headlight.threads', value, vscode.ConfigurationTarget.Global);
    await open(sentence);
    await showAttention();
    await ended(api);
    try {
      await setThreads(1);
      await ended(api, ({ run }) => run.info?.model.threads === 1);
    } finally {
      await setThreads(undefined);
    }
  });

  it('that are not known are named in one sentence, and another can be chosen', async () => {
    await setModel('no-such-model');
    await open(sentence);
    await showAttention();
    const panel = await ended(api);
    assert.equal(panel.run.problem, 'model.unknownName');
    api.fromPage(0, { type: 'model', name: 'storyteller' });
    assert.equal((await ended(api, ({ subject }) => subject?.model === 'storyteller')).run.state, 'finished');
  });

  for (const [what, files] of [
    ['without weights', { 'model.safetensors': null }],
    ['with weights that were cut short', { 'model.safetensors': bytes('12345678{"x"') }],
    ['with a config.json that is not JSON', { 'config.json': bytes('{"model_type": "gpt2",') }],
    ['of an unknown architecture', { 'config.json': bytes('{"model_type": "mamba"}') }],
    ['with a tokenizer.json that is none', { 'tokenizer.json': bytes('{}') }],
  ] as const) {
    it(`${what} are refused in one sentence, and the model before goes on`, async () => {
      await open(sentence);
      await showAttention();
      await ended(api);
      const name = what.replaceAll(/\W+/g, '-');
      await setModel(await spoilt(name, files));
      const before = api.told().length;
      api.fromPage(0, { type: 'model', name });
      await until(() => (api.told().length > before ? true : undefined));
      assert.doesNotMatch(api.told().at(-1) ?? '', /\bat \S+:\d+|Error:/);
      const panel = await ended(api, ({ subject }) => subject?.model === 'storyteller');
      assert.equal(panel.run.state, 'finished');
      assert((await api.links(0)).ok);
    });
  }
});
