import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { commands } from '../../../../src/manifest.ts';
import type { TestApi } from '../../../../src/testApi.ts';
import { closeAll, ended, headlight, longText, open, showAttention, until } from './headlight.ts';

describe('when it is disturbed', () => {
  let api: TestApi;
  before(async () => {
    api = await headlight();
  });
  afterEach(() => closeAll(api));

  /** What the engine holds, once it holds no more than `runs` runs. */
  async function settledInventory(runs: number): Promise<{ runs: number; traceBytes: number }> {
    for (;;) {
      const inventory = await api.inventory();
      assert(inventory.ok);
      if (inventory.value.runs <= runs) return inventory.value;
    }
  }

  /** Resolves while the first panel's run is under way. */
  function running(): Promise<true> {
    return until(() => (api.panels()[0]?.run.state === 'running' ? true : undefined));
  }

  it('says so when the worker dies in mid-run, and the next request works', async () => {
    await open(longText(400));
    await showAttention();
    await running();
    await api.killEngine();
    const panel = await ended(api);
    assert.equal(panel.run.problem, 'engine.died');
    api.fromPage(0, { type: 'command', command: 'retry' });
    await until(() => (api.panels()[0]?.run.state === 'finished' ? true : undefined));
    await closeAll(api);
    await open('And it goes on.');
    await showAttention();
    assert.equal((await ended(api)).run.state, 'finished');
  });

  it('lets go of everything when the panel is closed in mid-run', async () => {
    await open(longText(400));
    await showAttention();
    await running();
    await closeAll(api);
    assert.deepEqual(await settledInventory(0).then(({ runs, traceBytes }) => ({ runs, traceBytes })), { runs: 0, traceBytes: 0 });
    await open('The next request works.');
    await showAttention();
    assert.equal((await ended(api)).run.state, 'finished');
  });

  it('follows fifty changes of the selection in a burst, newest wins, and holds one run', async () => {
    const text = longText(120);
    const editor = await open(text);
    await showAttention();
    await ended(api);
    await vscode.commands.executeCommand(commands.followSelection);
    await vscode.window.showTextDocument(editor.document, vscode.ViewColumn.One);
    for (let i = 1; i <= 50; i++) {
      editor.selection = new vscode.Selection(editor.document.positionAt(0), editor.document.positionAt(100 + i));
      await new Promise((resolve) => setImmediate(resolve));
    }
    const panel = await ended(api, ({ subject }) => subject?.text === text.slice(0, 150));
    assert.equal(panel.run.state, 'finished');
    assert.equal((await settledInventory(1)).runs, 1);
  });

  it('holds nothing after ten panels have come and gone', async () => {
    for (let i = 0; i < 10; i++) {
      await open(`Panel number ${i} comes and goes.`);
      await showAttention(commands.showAttentionInNewPanel);
      await ended(api);
      await closeAll(api);
    }
    const { runs, traceBytes } = await settledInventory(0);
    assert.deepEqual({ runs, traceBytes }, { runs: 0, traceBytes: 0 });
    assert.equal(api.decorations(), null);
  });
});
