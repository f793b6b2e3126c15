import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Inventory } from '../../../../src/protocol.ts';
import type { TestApi } from '../../../../src/testApi.ts';
import { closeAll, ended, headlight, longText, open, runCommand, showAttention, until } from '../headlight.ts';

describe('when it is disturbed', () => {
  let api: TestApi;
  before(async () => {
    api = await headlight();
  });
  afterEach(() => closeAll(api));

  /** What the engine holds, once it holds no more than `runs` runs. */
  async function settledInventory(runs: number): Promise<Inventory> {
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
    const before = await settledInventory(0);
    await open(longText(400));
    await showAttention();
    await running();
    await closeAll(api);
    assert.deepEqual(await settledInventory(0), before);
    await open('The next request works.');
    await showAttention();
    assert.equal((await ended(api)).run.state, 'finished');
  });

  it('follows fifty changes of the selection in a burst, newest wins, and holds one run', async () => {
    const text = longText(120);
    const editor = await open(text);
    await showAttention();
    await ended(api);
    await runCommand('headlight.followSelection');
    await vscode.window.showTextDocument(editor.document, vscode.ViewColumn.One);
    for (let i = 1; i <= 50; i++) {
      editor.selection = new vscode.Selection(editor.document.positionAt(0), editor.document.positionAt(100 + i));
      await new Promise((resolve) => setImmediate(resolve));
    }
    const panel = await ended(api, ({ subject }) => subject?.text === text.slice(0, 150));
    assert.equal(panel.run.state, 'finished');
    assert.equal((await settledInventory(1)).runs, 1);
  });

  it('holds no more after ten panels have come and gone than after one', async () => {
    const comeAndGo = async (): Promise<Inventory> => {
      await open('A panel comes and goes.');
      await showAttention();
      await ended(api);
      await closeAll(api);
      return settledInventory(0);
    };
    const afterOne = await comeAndGo();
    for (let i = 0; i < 9; i++) await comeAndGo();
    const { models, traceBytes } = await comeAndGo();
    assert.deepEqual(models, afterOne.models);
    // The engine keeps the latest trace for what is typed next, with what its page had asked for when it went; never ten of them.
    assert(traceBytes < 3 * afterOne.traceBytes, `${traceBytes} bytes are held, and ${afterOne.traceBytes} were after one panel`);
    assert.equal(api.decorations(), null);
  });
});
