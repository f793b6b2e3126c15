/** From the key press to arcs on the screen, in real VS Code with the packed extension: worker, run and page together. */
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { packExtension } from '../../scripts/pack.mjs';
import { VscodeServer } from '../../scripts/vscodeServer.mjs';
import { launchChromium } from '../support/chromium.ts';
import { openFile, openWorkbench } from '../support/workbench.ts';
import { median } from './rounds.ts';

const ROUNDS = 3;

/** Milliseconds, medians: `cold` is a window's first picture, `warm` the next on another text. */
export async function firstPaint(root: string): Promise<{ readonly cold: number; readonly warm: number }> {
  const vsix = await packExtension(root, join(root, '.vscode-test/headlight.vsix'));
  const server = await VscodeServer.start({ vsix: [vsix], args: ['--without-connection-token'] });
  const browser = await launchChromium();
  const cold: number[] = [];
  const warm: number[] = [];
  try {
    for (let round = 0; round < ROUNDS; round++) {
      const page = await openWorkbench(browser, server, { folder: join(root, 'media/sample') });
      await openFile(page, 'prose.md');
      await page.locator('.monaco-editor .view-line', { hasText: /\w{3}/ }).nth(1).click();
      cold.push(await paint(page, ''));
      const before = (await strip(page).textContent()) ?? '';
      await page.locator('.monaco-editor .view-line', { hasText: /\w{3}/ }).last().click();
      warm.push(await paint(page, before));
      await page.context().close();
    }
  } finally {
    await browser.close();
    await server.stop();
  }
  return { cold: median(cold), warm: median(warm) };
}

const panel = (page: Page) => page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
const strip = (page: Page) => panel(page).locator('[role=listbox]').first();

/** Presses the key and waits until another text's tokens stand there and its graph has ink. */
async function paint(page: Page, before: string): Promise<number> {
  const began = performance.now();
  await page.keyboard.press('Control+Alt+H');
  for (;;) {
    const text = await strip(page).textContent().catch(() => null);
    const drawn = text && text !== before ? await panel(page).locator('.drawing canvas').first().evaluate(hasInk) : false;
    if (drawn) return performance.now() - began;
    if (performance.now() - began > 120_000) throw new Error('No picture has appeared within two minutes.');
  }
}

/** Whether anything coloured is on a canvas: arcs are, labels are grey. */
function hasInk(canvas: Element): boolean {
  if (!(canvas instanceof HTMLCanvasElement)) return false;
  const { data } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] };
  for (let at = 0; at < data.length; at += 4) {
    const [red = 0, green = 0, blue = 0, alpha = 0] = data.slice(at, at + 4);
    if (alpha > 30 && Math.max(red, green, blue) - Math.min(red, green, blue) > 30) return true;
  }
  return false;
}
