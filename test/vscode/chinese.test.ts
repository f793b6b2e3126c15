import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, FrameLocator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../../scripts/setup.mjs';
import { VscodeServer } from '../../scripts/vscodeServer.mjs';
import { launchChromium } from '../support/chromium.ts';
import { packedVsix } from '../support/packed.ts';
import { openFile, openWorkbench } from '../support/workbench.ts';

const screenshots = join(root, 'test-results/screenshots');

// One window from beginning to end, as a user goes: each test begins where the one before ended.
describe('with Simplified Chinese as the display language', () => {
  let browser: Browser;
  let server: VscodeServer;
  let folder: string;
  let page: Page;

  beforeAll(async () => {
    await mkdir(screenshots, { recursive: true });
    folder = await mkdtemp(join(tmpdir(), 'headlight-folder-'));
    await writeFile(join(folder, 'story.txt'), 'Tom found a little red ball.');
    server = await VscodeServer.start({ vsix: [packedVsix()], args: ['--without-connection-token'], language: 'zh-cn' });
    browser = await launchChromium();
    page = await openWorkbench(browser, server, { folder, context: { locale: 'zh-CN' } });
    await openFile(page, 'story.txt');
  });
  afterAll(async () => {
    await page.screenshot({ path: join(screenshots, 'chinese-last.png') });
    await browser.close();
    await server.stop();
    await rm(folder, { recursive: true });
  });

  const panel = (): FrameLocator => page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');

  it('offers its commands in Chinese', async () => {
    const titles = page.locator('.quick-input-list .monaco-list-row .quick-input-list-rows > .quick-input-list-row:first-child .label-name');
    let all: string[] = [];
    // Nothing is offered before VS Code has read the extensions.
    await expect
      .poll(async () => {
        await page.keyboard.press('Escape');
        await page.keyboard.press('F1');
        await page.locator('.quick-input-widget input').fill('>Headlight');
        await titles.first().waitFor();
        all = await titles.allTextContents();
        return all.length;
      })
      .toBeGreaterThan(5);
    await page.screenshot({ path: join(screenshots, 'chinese-palette.png') });
    expect(all.filter((title) => !/\p{Script=Han}/u.test(title))).toEqual([]);
    await page.locator('.quick-input-widget input').fill('>Headlight: 显示注意力');
    await page.locator('.quick-input-list .monaco-list-row', { hasText: '显示注意力' }).first().click();
  });

  it('speaks Chinese in the panel', async () => {
    await panel().locator('[data-token]').last().waitFor();
    await panel().locator('.bars .bar').first().waitFor();
    await page.screenshot({ path: join(screenshots, 'chinese-panel.png') });
    const tabs = await panel().locator('vscode-panel-tab').allInnerTexts();
    expect(tabs.length).toBeGreaterThan(1);
    expect(tabs.filter((tab) => !/\p{Script=Han}/u.test(tab))).toEqual([]);
  });
});
