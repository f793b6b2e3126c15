import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, FrameLocator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../../scripts/setup.mjs';
import { VscodeServer } from '../../scripts/vscodeServer.mjs';
import { launchChromium } from '../support/chromium.ts';
import { packedVsix } from '../support/packed.ts';
import { openFile, openWorkbench, runCommand } from '../support/workbench.ts';

const text = 'The teacher taught the student to read the';
const screenshots = join(root, 'test-results/screenshots');

// One window from beginning to end, as a user goes, and then a fresh one: each test begins where the one before ended.
describe('from a guess about a head to a probe that anybody can replay', () => {
  let browser: Browser;
  let server: VscodeServer;
  let folder: string;
  let page: Page;
  let measured: string[];

  beforeAll(async () => {
    await mkdir(screenshots, { recursive: true });
    folder = await mkdtemp(join(tmpdir(), 'headlight-folder-'));
    await writeFile(join(folder, 'read.txt'), text);
    server = await VscodeServer.start({ vsix: [packedVsix()], args: ['--without-connection-token'] });
    browser = await launchChromium();
    page = await openWorkbench(browser, server, { folder });
    await openFile(page, 'read.txt');
  });
  afterAll(async () => {
    await page.screenshot({ path: join(screenshots, 'what-if-last.png') });
    await browser.close();
    await server.stop();
    await rm(folder, { recursive: true });
  });

  const panel = (): FrameLocator => page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
  /** Name and value of each number that the experiments are measured by. */
  const measures = async (): Promise<string[]> => {
    await panel().locator('.measures dd').first().waitFor();
    return panel().locator('.measures > *').allInnerTexts();
  };

  it('finds the head that looks most at the token before, by its score on the text', async () => {
    // Nothing is offered before VS Code has read the extensions.
    await expect
      .poll(async () => {
        await page.keyboard.press('Escape');
        await page.keyboard.press('F1');
        await page.locator('.quick-input-widget input').fill('>Headlight: Show Attention');
        return page.locator('.quick-input-list .monaco-list-row', { hasText: 'Headlight: Show Attention' }).count();
      })
      .toBeGreaterThan(0);
    await page.locator('.quick-input-list .monaco-list-row', { hasText: 'Headlight: Show Attention' }).first().click();
    await panel().locator('[data-token]').last().waitFor();
    await panel().locator('.bars .bar').first().waitFor();
    await panel().locator('.head-filter input').fill('previous > 0.45');
    const left = panel().locator('.head-button[data-left="true"]');
    await expect.poll(() => left.count()).toBe(1);
    await left.click();
    await panel().locator('.head-button[aria-pressed="true"][aria-label^="Layer 2, head 3:"]').waitFor();
    await page.screenshot({ path: join(screenshots, 'what-if-found.png') });
  });

  it('switches it off, and the prediction changes', async () => {
    await panel().locator('.head-button[aria-label^="Layer 2, head 3:"]').focus();
    await page.keyboard.press('x');
    measured = await measures();
    const [before, after] = /P\(“.+”\)\s*([\d.]+) %\D+([\d.]+) %/.exec(measured.join(' '))?.slice(1).map(Number) ?? [];
    expect(after).toBeLessThan((before ?? 0) / 2);
    await page.screenshot({ path: join(screenshots, 'what-if-off.png') });
  });

  it('shows why in sources and lens', async () => {
    await panel().locator('.picture [role=radio]', { hasText: 'Prediction' }).click();
    await panel().locator('vscode-panel-tab', { hasText: 'Sources' }).click();
    await expect.poll(() => panel().locator('.picture').innerText()).toMatch(/the parts add up to/);
    await page.screenshot({ path: join(screenshots, 'what-if-sources.png') });
    await panel().locator('vscode-panel-tab', { hasText: 'Lens' }).click();
    await expect.poll(() => panel().locator('.picture').innerText()).toMatch(/is the likeliest|comes to rank|in the end/);
    await page.screenshot({ path: join(screenshots, 'what-if-lens.png') });
  });

  it('keeps it in a file', async () => {
    await runCommand(page, 'Headlight: Save as Probe');
    const name = page.locator('.quick-input-widget input[type=text]');
    await expect.poll(() => name.inputValue()).toMatch(/^\/.*\.probe\.json$/);
    await name.fill(join(folder, 'reading.probe.json'));
    await page.screenshot({ path: join(screenshots, 'what-if-save.png') });
    // What is typed is looked up first: until then the key is not heard.
    await expect
      .poll(async () => {
        await page.keyboard.press('Enter');
        return name.isVisible();
      })
      .toBe(false);
    await expect.poll(() => readFile(join(folder, 'reading.probe.json'), 'utf8').catch(() => '')).toContain('"headlightProbe": 1');
  });

  it('gives the same numbers in a fresh window', async () => {
    await page.close();
    page = await openWorkbench(browser, server, { folder });
    await page.keyboard.press('ControlOrMeta+P');
    await page.locator('.quick-input-widget input').fill('reading.probe.json');
    await page.locator('.quick-input-list .monaco-list-row', { hasText: 'reading.probe.json' }).first().waitFor();
    await page.keyboard.press('Enter');
    await panel().locator('[data-token]').last().waitFor();
    expect(await measures()).toEqual(measured);
    await page.screenshot({ path: join(screenshots, 'what-if-reopened.png') });
  });
});
