/** Probe files in their editor: the same numbers again, changes from both sides, and files that are not what they should be. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Probe } from '../../../../src/protocol.ts';
import type { ProbeSnapshot, TestApi } from '../../../../src/testApi.ts';
import { closeAll, ended, headlight, open, showAttention, until } from '../headlight.ts';

const text = 'The teacher taught the student with the';
const asked: Probe = {
  model: { name: 'storyteller', kind: 'decoder', precision: 'float32', fingerprint: '0'.repeat(64) },
  text,
  experiments: [{ name: null, on: true, intervention: { kind: 'head', part: 'decoder', layer: 2, head: 3, by: 'mean' } }],
  aim: { position: 6, target: null, rival: null },
  view: { picture: 'map', layer: 2, heads: [3] },
  result: null,
};

describe('A probe file', () => {
  let api: TestApi;
  let folder: vscode.Uri;
  before(async () => {
    api = await headlight();
    const [workspace] = vscode.workspace.workspaceFolders ?? [];
    assert.ok(workspace);
    folder = vscode.Uri.joinPath(workspace.uri, 'probes-of-the-test');
    await vscode.workspace.fs.createDirectory(folder);
  });
  afterEach(async () => {
    await closeAll(api);
    await until(() => (api.probes().length === 0 ? true : undefined));
  });
  after(() => vscode.workspace.fs.delete(folder, { recursive: true }));

  async function fileOf(name: string, content: string): Promise<vscode.Uri> {
    const file = vscode.Uri.joinPath(folder, `${name}.probe.json`);
    await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(content));
    return file;
  }
  const written = (probe: Probe): string => JSON.stringify({ headlightProbe: 1, ...probe, experiments: probe.experiments.map(({ on, intervention }) => ({ on, intervention })) }, null, 2);
  const show = (file: vscode.Uri): Thenable<unknown> => vscode.commands.executeCommand('vscode.open', file);
  /** The only editor once it is so. */
  const when = (isIt: (editor: ProbeSnapshot) => boolean): Promise<ProbeSnapshot> =>
    until(() => {
      const [editor] = api.probes();
      return editor && isIt(editor) ? editor : undefined;
    });
  const compared = (): Promise<ProbeSnapshot> => when(({ differences, run }) => differences !== null && run === 'finished');
  const documentOf = async (file: vscode.Uri): Promise<vscode.TextDocument> => vscode.workspace.openTextDocument(file);
  const read = async (file: vscode.Uri): Promise<Probe> => JSON.parse(new TextDecoder().decode(await vscode.workspace.fs.readFile(file))) as Probe;

  /** What the page says when the experiment is switched on or off. */
  async function switchTo(on: boolean): Promise<void> {
    const { version, view } = await when((editor) => editor.view !== null);
    const experiments = asked.experiments.map((experiment) => ({ ...experiment, on }));
    api.fromProbePage(0, { type: 'looked', version, view: { ...view, experiments }, differs: ['picture', 'layer', 'heads'], position: 6 });
  }

  it('opens in its own editor, is not changed by that, and has its result when it is saved', async () => {
    const file = await fileOf('first', written(asked));
    await show(file);
    const { differences, view } = await compared();
    assert.deepEqual(differences?.map(({ what }) => what), ['fingerprint']);
    assert.deepEqual([view?.picture, view?.layer, view?.heads], ['map', 2, [3]]);
    const document = await documentOf(file);
    assert.equal(document.isDirty, false);
    await switchTo(false);
    await until(() => (document.isDirty ? true : undefined));
    await vscode.commands.executeCommand('undo');
    await until(() => (document.getText() === written(asked) ? true : undefined));
    await vscode.commands.executeCommand('redo');
    await until(() => (document.getText().includes('"on": false') ? true : undefined));
    await switchTo(true);
    await until(() => (document.getText().includes('"on": true') ? true : undefined));
    assert.ok(await document.save());
    const { result, model } = await read(file);
    assert.ok(result && result.divergence > 0.01 && result.target.before !== result.target.after);
    assert.notEqual(model.fingerprint, asked.model.fingerprint);
  });

  it('gives the same numbers after the engine was started anew, and says what differs where they are others', async () => {
    const file = vscode.Uri.joinPath(folder, 'first.probe.json');
    const kept = await read(file);
    assert.ok(kept.result);
    await api.killEngine();
    await show(file);
    assert.deepEqual((await compared()).differences, []);
    const document = await documentOf(file);
    assert.equal(document.isDirty, false);
    await closeAll(api);

    const other = { ...kept.result, divergence: kept.result.divergence + 0.5 };
    const changed = await fileOf('changed', JSON.stringify({ ...kept, result: other }));
    await show(changed);
    const { differences } = await compared();
    assert.deepEqual(differences, [{ what: 'divergence', saved: other.divergence, now: kept.result.divergence }]);
    assert.deepEqual((await read(changed)).result, other);
    api.fromProbePage(0, { type: 'probe', action: 'accept' });
    await when((editor) => editor.differences?.length === 0);
    await (await documentOf(changed)).save();
    assert.deepEqual((await read(changed)).result, kept.result);
  });

  it('takes in what is written to it from outside', async () => {
    const file = await fileOf('outside', written(asked));
    await show(file);
    await compared();
    const document = await documentOf(file);
    const edit = new vscode.WorkspaceEdit();
    edit.replace(file, new vscode.Range(0, 0, document.lineCount, 0), written({ ...asked, view: { picture: 'graph', layer: 4 } }));
    await vscode.workspace.applyEdit(edit);
    await when(({ view }) => view?.layer === 4 && view.picture === 'graph');
    assert.equal(document.getText(), written({ ...asked, view: { picture: 'graph', layer: 4 } }));
    const again = new vscode.WorkspaceEdit();
    again.replace(file, new vscode.Range(0, 0, document.lineCount, 0), written({ ...asked, text: 'Once upon a time there was a' }));
    await vscode.workspace.applyEdit(again);
    await when(({ probe, differences }) => probe?.text.startsWith('Once') === true && differences !== null);
  });

  it('that is damaged while it is open is shown as it was, and is not written to', async () => {
    const file = await fileOf('damaged', written(asked));
    await show(file);
    await compared();
    const document = await documentOf(file);
    const edit = new vscode.WorkspaceEdit();
    edit.delete(file, new vscode.Range(2, 0, 4, 0));
    await vscode.workspace.applyEdit(edit);
    const broken = document.getText();
    const { problem, probe, version, view } = await when((editor) => editor.problem !== null);
    assert.match(problem ?? '', /^probe\./);
    assert.equal(probe?.text, text);
    api.fromProbePage(0, { type: 'looked', version, view: { ...view, layer: 5 }, differs: ['layer'], position: 6 });
    api.fromProbePage(0, { type: 'window', start: 2 });
    assert.equal(document.getText(), broken);
    await vscode.commands.executeCommand('undo');
    await when((editor) => editor.problem === null);
  });

  const bad: readonly (readonly [string, string, string])[] = [
    ['of a newer version', written(asked).replace('"headlightProbe": 1', '"headlightProbe": 2'), 'probe.newer'],
    ['of a model that is not listed', written({ ...asked, model: { ...asked.model, name: '../../../etc' } }), 'model.unknownName'],
    ['with a layer that its model does not have', written({ ...asked, view: { layer: 99 } }), 'probe.misfit'],
    ['that is something else', '{"a": 1}', 'probe.other'],
    ['with a key of JavaScript', written(asked).replace('"view": {', '"view": {"__proto__": {"layer": 1},'), 'probe.unknownEntry'],
  ];
  for (const [name, content, code] of bad) {
    it(`${name} is refused, and stays as it is`, async () => {
      const file = await fileOf('bad', content);
      await show(file);
      const { run } = await when(({ problem }) => problem === code);
      assert.equal(run, 'failed');
      const document = await documentOf(file);
      assert.deepEqual([document.isDirty, document.getText()], [false, content]);
    });
  }

  it('is made of what a panel shows', async () => {
    await open(text);
    await showAttention();
    await ended(api);
    const file = vscode.Uri.joinPath(folder, 'panel.probe.json');
    // The page says how it looks at the run a moment after that has ended.
    await until(async () => {
      await vscode.commands.executeCommand('headlight.saveProbe', file);
      return vscode.workspace.fs.stat(file).then(
        () => true as const,
        () => undefined,
      );
    });
    const probe = await read(file);
    assert.equal(probe.text, text);
    assert.equal(probe.aim?.position, 6);
    assert.ok(probe.result);
    await closeAll(api);
    await show(file);
    assert.deepEqual((await compared()).differences, []);
  });

  it('opens as text too, where the schema finds mistakes and nothing else', async () => {
    const file = await fileOf('as-text', written(asked).replace('"float32"', '"float16"'));
    await vscode.commands.executeCommand('vscode.openWith', file, 'default');
    const found = (): vscode.Diagnostic[] => vscode.languages.getDiagnostics(file);
    await until(() => (found().some(({ message }) => message.includes('float32')) ? true : undefined));
    assert.equal(found().length, 1);
    const saved = await fileOf('as-text-2', (await vscode.workspace.fs.readFile(vscode.Uri.joinPath(folder, 'first.probe.json')).then((bytes) => new TextDecoder().decode(bytes))).replace('"float32"', '"float16"'));
    await vscode.commands.executeCommand('vscode.openWith', saved, 'default');
    await until(() => (vscode.languages.getDiagnostics(saved).length > 0 ? true : undefined));
    assert.deepEqual(vscode.languages.getDiagnostics(saved).map(({ message }) => message.includes('float32')), [true]);
  });
});
