import type { FrameLocator, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { VscodeWindow } from '../support/vscodeWindow.ts';
import { openFile } from '../support/workbench.ts';

const lines = ['Not this line.', 'Tom found a little red ball in the garden.', 'He was happy.'];
const line = lines[1] ?? '';

// One window from beginning to end, as a user goes: each test begins where the one before ended.
describe('from the context menu to the panel and back', () => {
  let window: VscodeWindow;
  let page: Page;

  beforeAll(async () => {
    window = await VscodeWindow.open({ name: 'context-menu', files: { 'story.txt': lines.join('\n') } });
    ({ page } = window);
    await openFile(page, 'story.txt');
  });
  afterAll(() => window.close());

  const textLine = (text: string): Locator => page.locator('.monaco-editor .view-line', { hasText: text });
  const panel = (): FrameLocator => window.panel();
  const chips = (): Locator => panel().locator('[role=listbox] [data-token]');
  /** The text of the token strip, whose dots stand for spaces. */
  const shownText = async (): Promise<string> => (await chips().allTextContents()).join('').replaceAll('·', ' ');
  /** What extensions have lit up in the text. */
  const lit = (): Locator => page.locator('.monaco-editor .view-overlays .cdr[class*="ced-"]');
  const litBoxes = (): Promise<{ left: number; right: number }[]> =>
    lit().evaluateAll((marks) => marks.map((mark) => mark.getBoundingClientRect()).map(({ left, right }) => ({ left, right })));

  /** Right-clicks in the text until the menu has our item: it has not before VS Code has read the extensions. */
  async function contextMenuItem(at: Locator, name: RegExp): Promise<Locator> {
    const item = page.getByRole('menuitem', { name });
    await expect
      .poll(async () => {
        await at.click({ button: 'right', position: { x: 40, y: 8 } });
        await page.getByRole('menuitem', { name: 'Command Palette' }).waitFor();
        if ((await item.count()) === 1) return true;
        await page.keyboard.press('Escape');
        return false;
      })
      .toBe(true);
    return item;
  }

  it('shows the tokens of the selection that was right-clicked', async () => {
    await textLine('Tom found').click({ position: { x: 4, y: 8 } });
    await page.keyboard.press('Home');
    await page.keyboard.press('Shift+End');
    const item = await contextMenuItem(textLine('Tom found'), /^Headlight: Show Attention\b/);
    await window.picture('open');
    await item.click();
    await chips().last().waitFor();
    expect(await shownText()).toBe(line);
  });

  it('draws the graph and what the model expects next', async () => {
    await panel().locator('.bars .bar').first().waitFor();
    await expect.poll(() => panel().locator('.drawing canvas').first().evaluate(colouredPixels)).toBeGreaterThan(500);
    await window.picture('panel');
  });

  it('lights up the token under the pointer in the text', async () => {
    expect(await lit().count()).toBe(0);
    await chips().filter({ hasText: 'little' }).hover();
    const word = await wordBox(page, 'little');
    // The token begins with the space before the word.
    await expect.poll(async () => (await litBoxes()).some(({ left, right }) => Math.abs(right - word.right) < 3 && left <= word.left + 1)).toBe(true);
    await window.picture('hover');
    await page.locator('.tabs-container').first().hover();
    await expect.poll(() => lit().count()).toBe(0);
  });

  it('focuses the token that the cursor is in', async () => {
    const { left, right, middle } = await wordBox(page, 'garden');
    await page.mouse.click((left + right) / 2, middle);
    await expect.poll(() => panel().locator('[data-token].caret').allTextContents()).toEqual([expect.stringContaining('garden')]);
  });

  it('comes back after the window is reloaded', async () => {
    const reloaded = page.waitForEvent('load');
    await window.run('Developer: Reload Window');
    await reloaded;
    await page.locator('iframe.webview.ready').waitFor();
    await chips().last().waitFor();
    expect(await shownText()).toBe(line);
    await window.picture('reloaded');
  });
});

/** Where a word of the editor's text is on the screen. */
async function wordBox(page: Page, word: string): Promise<{ left: number; right: number; middle: number }> {
  return page.locator('.monaco-editor .view-lines').first().evaluate((view, sought) => {
    const walker = document.createTreeWalker(view, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      // Monaco draws spaces of any kind.
      const at = (node.textContent ?? '').indexOf(sought);
      if (at < 0) continue;
      const range = document.createRange();
      range.setStart(node, at);
      range.setEnd(node, at + sought.length);
      const { left, right, top, bottom } = range.getBoundingClientRect();
      return { left, right, middle: (top + bottom) / 2 };
    }
    throw new Error(`${sought} is not on the screen`);
  }, word);
}

/** Runs in the page: how many of a canvas's pixels are neither grey nor see-through, as arcs are in the hues of heads. */
function colouredPixels(canvas: Element): number {
  if (!(canvas instanceof HTMLCanvasElement)) return 0;
  const { data } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] };
  let coloured = 0;
  for (let at = 0; at < data.length; at += 4) {
    const [red = 0, green = 0, blue = 0, alpha = 0] = data.slice(at, at + 4);
    if (alpha > 30 && Math.max(red, green, blue) - Math.min(red, green, blue) > 30) coloured++;
  }
  return coloured;
}
