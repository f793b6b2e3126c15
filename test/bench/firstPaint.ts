/** From the key press to arcs on the screen, in real VS Code with the packed extension: worker, run and page together. */
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { packExtension } from '../../scripts/pack.mjs';
import { VscodeServer } from '../../scripts/vscodeServer.mjs';
import { launchChromium } from '../support/chromium.ts';
import { openFile, openWorkbench } from '../support/workbench.ts';
import { median } from './rounds.ts';

const ROUNDS = 5;

/** Milliseconds for the window to come to rest: its own start is not what is measured. */
const REST = 3000;

/** Milliseconds, medians: `cold` is a window's first picture, `warm` the next on another text, `hover` from the pointer's arrival on a token of a whole page to its arcs. */
export interface ScreenTimes {
  readonly cold: number;
  readonly warm: number;
  readonly hover: number;
  /** Tokens of the page that was hovered. */
  readonly hoveredTokens: number;
}

export async function firstPaint(root: string): Promise<ScreenTimes> {
  const vsix = await packExtension(root, join(root, '.vscode-test/headlight.vsix'));
  const server = await VscodeServer.start({ vsix: [vsix], args: ['--without-connection-token'] });
  const browser = await launchChromium();
  const cold: number[] = [];
  const warm: number[] = [];
  const hovers: number[] = [];
  let hoveredTokens = 0;
  try {
    for (let round = 0; round < ROUNDS; round++) {
      const prepare = async (context: BrowserContext): Promise<void> => {
        await context.addInitScript(watchArcs);
      };
      const page = await openWorkbench(browser, server, { folder: join(root, 'media/sample'), prepare });
      await openFile(page, 'prose.md');
      const lines = page.locator('.monaco-editor .view-line', { hasText: /\w{3}/ });
      for (const [line, times] of [[lines.nth(1), cold], [lines.last(), warm]] as const) {
        await line.click();
        await page.waitForTimeout(REST);
        times.push(await paint(page));
      }
      if (round === ROUNDS - 1) {
        await page.keyboard.press('Control+A');
        await paint(page);
        await page.waitForTimeout(REST);
        hoveredTokens = await hoverTokens(page, hovers);
      }
      await page.context().close();
    }
  } finally {
    await browser.close();
    await server.stop();
  }
  return { cold: median(cold), warm: median(warm), hover: median(hovers), hoveredTokens };
}

/** Presses the key; the time until the first arc of another text than before was drawn. */
async function paint(page: Page): Promise<number> {
  const panel = page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
  const strip = panel.locator('[role=listbox]').first();
  const before = (await strip.count()) ? ((await strip.textContent()) ?? '') : '';
  const pressed = Date.now();
  await page.keyboard.press('Control+Alt+H');
  for (;;) {
    const drawn = await panel.locator('body').evaluate(firstArc, { pressed, before });
    if (drawn !== null) return drawn - pressed;
    if (Date.now() - pressed > 120_000) throw new Error('No picture has appeared within two minutes.');
    await page.waitForTimeout(250); // the times were taken in the page: asking seldom disturbs least
  }
}

/** Points at every fifth token of the strip that is seen, and adds the times until its arcs were drawn; returns how many tokens the text has. */
async function hoverTokens(page: Page, times: number[]): Promise<number> {
  const panel = page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
  await panel.locator('body').evaluate(() => document.addEventListener('pointerover', () => (window.headlightPointed = Date.now()), true));
  const chips = panel.locator('[role=listbox] [data-token]');
  for (let token = 5; token < 100; token += 5) {
    await chips.nth(token).hover();
    await page.waitForTimeout(200);
    const took = await panel.locator('body').evaluate(() => {
      const pointed = window.headlightPointed ?? 0;
      return (window.headlightArcs?.find(({ at }) => at >= pointed)?.at ?? NaN) - pointed;
    });
    if (!Number.isNaN(took)) times.push(took);
  }
  return chips.count();
}

declare global {
  interface Window {
    /** When arcs were drawn, milliseconds since 1970, and beside which text. */
    headlightArcs?: { at: number; text: string }[];
    /** When the pointer last came to something else. */
    headlightPointed?: number;
  }
}

/** Runs in every frame before its own scripts: notes when arcs are drawn, which are the only curves on a canvas. */
function watchArcs(): void {
  const arcs: { at: number; text: string }[] = [];
  window.headlightArcs = arcs;
  const { bezierCurveTo } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.bezierCurveTo = function (...curve) {
    bezierCurveTo.apply(this, curve);
    // One note for all arcs of a picture.
    if (Date.now() - (arcs.at(-1)?.at ?? 0) > 4) arcs.push({ at: Date.now(), text: document.querySelector('[role=listbox]')?.textContent ?? '' });
  };
}

function firstArc(_: Element, { pressed, before }: { pressed: number; before: string }): number | null {
  return window.headlightArcs?.find(({ at, text }) => at >= pressed && text !== before)?.at ?? null;
}
