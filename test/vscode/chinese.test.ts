import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { VscodeWindow } from '../support/vscodeWindow.ts';
import { openFile } from '../support/workbench.ts';

// One window from beginning to end, as a user goes: each test begins where the one before ended.
describe('with Simplified Chinese as the display language', () => {
  let window: VscodeWindow;

  beforeAll(async () => {
    window = await VscodeWindow.open({ name: 'chinese', files: { 'story.txt': 'Tom found a little red ball.' }, language: 'zh-cn' });
    await openFile(window.page, 'story.txt');
  });
  afterAll(() => window.close());

  it('offers its commands in Chinese', async () => {
    await window.offered('Headlight');
    const titles = window.page.locator('.quick-input-list .monaco-list-row .quick-input-list-rows > .quick-input-list-row:first-child .label-name');
    const all = await titles.allTextContents();
    expect(all.length).toBeGreaterThan(5);
    await window.picture('palette');
    expect(all.filter((title) => !/\p{Script=Han}/u.test(title))).toEqual([]);
    await window.run('Headlight: 显示注意力');
  });

  it('speaks Chinese in the panel', async () => {
    await window.panel().locator('[data-token]').last().waitFor();
    await window.panel().locator('.bars .bar').first().waitFor();
    await window.picture('panel');
    const tabs = await window.panel().locator('vscode-panel-tab').allInnerTexts();
    expect(tabs.length).toBeGreaterThan(1);
    expect(tabs.filter((tab) => !/\p{Script=Han}/u.test(tab))).toEqual([]);
  });
});
