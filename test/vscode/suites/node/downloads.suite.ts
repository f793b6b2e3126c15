import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { commands } from '../../../../src/manifest.ts';
import type { TestApi } from '../../../../src/testApi.ts';
import { fakeHub, type FakeHub } from '../../../support/hub.ts';
import { closeAll, ended, headlight, open, showAttention, until } from '../headlight.ts';

const sentence = 'The little dog ran to the river.';
const id = 'tests/small-model';
const fixture = vscode.Uri.joinPath(vscode.workspace.workspaceFolders?.[0]?.uri ?? assert.fail('no folder'), '../../test/fixtures/gpt2-basic').fsPath;
const files = Object.fromEntries(readdirSync(fixture).map((file) => [file, readFileSync(join(fixture, file))]));

describe('a model from the Hub', () => {
  let api: TestApi;
  let hub: FakeHub;
  const configuration = (): vscode.WorkspaceConfiguration => vscode.workspace.getConfiguration('headlight');

  before(async () => {
    api = await headlight();
    hub = await fakeHub({ [id]: files });
    await configuration().update('hub.endpoint', hub.endpoint, vscode.ConfigurationTarget.Global);
  });
  afterEach(() => closeAll(api));
  after(async () => {
    await configuration().update('hub.endpoint', undefined, vscode.ConfigurationTarget.Global);
    await hub.close();
  });

  it('comes when it is asked for, and not before, and shows the text', async () => {
    await open(sentence);
    await showAttention();
    await ended(api);
    assert.deepEqual(hub.requests, []);
    await api.download(id);
    const { run } = await ended(api, ({ subject }) => subject?.model === id);
    assert.equal(run.state, 'finished');
    assert.equal(run.info?.model.type, 'gpt2');
    await until(() => (configuration().get('model') === id ? true : undefined));
    assert(api.status()?.includes(id));
  });

  it('stays when its next version cannot be had', async () => {
    hub.commit(id, { ...files, 'README.md': 'A new word.' });
    hub.misbehave(({ path }, response) => {
      if (!path.endsWith('/README.md')) return false;
      response.writeHead(404).end();
      return true;
    });
    const before = api.told().length;
    void api.download(id);
    await until(() => (api.told().length > before ? true : undefined));
    assert.match(api.told().at(-1) ?? '', new RegExp(id));
    assert(api.models().includes(id));
    await open(sentence);
    await showAttention();
    const panel = await ended(api);
    assert.deepEqual([panel.run.state, panel.subject?.model], ['finished', id]);
  });

  it('is removed with its folder, and new panels start with another', async () => {
    await api.removeModel(id);
    assert(!api.models().includes(id));
    await until(() => (configuration().get('model') === 'storyteller' ? true : undefined));
  });

  it('is not taken from an address that is none', async () => {
    await configuration().update('hub.endpoint', 'http://example.invalid', vscode.ConfigurationTarget.Global);
    const asked = hub.requests.length;
    const before = api.told().length;
    void api.download(id);
    await until(() => (api.told().length > before ? true : undefined));
    assert.match(api.told().at(-1) ?? '', /example\.invalid/);
    assert.equal(hub.requests.length, asked);
  });
});

describe('a folder that is opened', () => {
  let api: TestApi;
  const scratch = vscode.Uri.file(join(tmpdir(), `headlight-folders-${process.pid}`));
  before(async () => {
    api = await headlight();
  });
  afterEach(async () => {
    await vscode.workspace.getConfiguration().update('headlight.model', undefined, vscode.ConfigurationTarget.Global);
    await closeAll(api);
  });
  after(() => vscode.workspace.fs.delete(scratch, { recursive: true }));

  const copy = async (name: string): Promise<vscode.Uri> => {
    const folder = vscode.Uri.joinPath(scratch, name);
    await vscode.workspace.fs.copy(vscode.Uri.file(fixture), folder);
    return folder;
  };

  it('from its weights in the explorer shows the text', async () => {
    const folder = await copy('whole');
    await open(sentence);
    await showAttention();
    await ended(api);
    await vscode.commands.executeCommand(commands.openThisModel, vscode.Uri.joinPath(folder, 'model.safetensors'));
    assert.equal((await ended(api, ({ subject }) => subject?.model === 'whole')).run.state, 'finished');
  });

  it('is refused with a report, file by file, before anything is loaded', async () => {
    const folder = await copy('spoilt');
    await vscode.workspace.fs.writeFile(vscode.Uri.joinPath(folder, 'config.json'), new TextEncoder().encode('{"model_type"'));
    await vscode.workspace.fs.writeFile(vscode.Uri.joinPath(folder, 'model.safetensors'), new Uint8Array(100));
    const before = api.told().length;
    void vscode.commands.executeCommand(commands.openThisModel, vscode.Uri.joinPath(folder, 'model.safetensors'));
    await until(() => (api.told().length > before ? true : undefined));
    assert.match(api.told().at(-1) ?? '', /config\.json, model\.safetensors/);
    const report = (await vscode.workspace.openTextDocument(vscode.Uri.parse('headlight-report:/spoilt.txt'))).getText();
    assert.match(report, /config\.json\n {4}config\.json is not valid JSON/);
    assert.match(report, /model\.safetensors\n {4}model\.safetensors is damaged/);
  });
});
