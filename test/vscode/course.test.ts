import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, FrameLocator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../../scripts/setup.mjs';
import { VscodeServer } from '../../scripts/vscodeServer.mjs';
import { launchChromium } from '../support/chromium.ts';
import { packedVsix } from '../support/packed.ts';
import { openWorkbench } from '../support/workbench.ts';

const screenshots = join(root, 'test-results/screenshots');
const languages = [
  { language: 'en', folder: 'en', welcome: 'Headlight: Welcome', door: 'Take the course', button: 'Open Course' },
  { language: 'zh-cn', folder: 'zh-cn', welcome: 'Headlight: 欢迎', door: '学习课程', button: '打开课程' },
];

/** Titles of the steps of each lesson, in the order of the course. */
async function stepsOf(folder: string): Promise<{ title: string; steps: number }[]> {
  const lessons = join(root, 'media/lessons', folder);
  const files = (await readdir(lessons)).sort();
  return Promise.all(
    files.map(async (file) => {
      const text = await readFile(join(lessons, file), 'utf8');
      return { title: /^title: (.*)$/m.exec(text)?.[1] ?? '', steps: text.match(/^## /gm)?.length ?? 0 };
    }),
  );
}

// By the keyboard alone: nothing is clicked.
describe.each(languages)('the course, from the welcome to its end, with $language as the display language', ({ language, folder, welcome, door, button }) => {
  let browser: Browser;
  let server: VscodeServer;
  let empty: string;
  let page: Page;

  beforeAll(async () => {
    await mkdir(screenshots, { recursive: true });
    empty = await mkdtemp(join(tmpdir(), 'headlight-folder-'));
    server = await VscodeServer.start({ vsix: [packedVsix()], args: ['--without-connection-token'], language });
    browser = await launchChromium();
    page = await openWorkbench(browser, server, { folder: empty });
  });
  afterAll(async () => {
    await page.screenshot({ path: join(screenshots, `course-${language}-last.png`) });
    await browser.close();
    await server.stop();
    await rm(empty, { recursive: true });
  });

  /** Which of the two frames is the panel's: the other one is the walkthrough's picture. */
  let which = 0;
  const panel = (): FrameLocator => page.locator('iframe.webview.ready').nth(which).contentFrame().frameLocator('iframe#active-frame');

  /** Presses Tab until what has the keyboard's focus is what `selector` selects, with just this text in it where one is given. */
  async function tabTo(selector: string, text?: string): Promise<void> {
    for (let presses = 0; presses < 60; presses++) {
      const there = await page.evaluate(([wanted, said]) => {
        const focus = document.activeElement;
        return focus?.matches(wanted) === true && (said === undefined || focus.textContent.trim() === said);
      }, [selector, text] as const);
      if (there) return;
      await page.keyboard.press('Tab');
    }
    throw new Error(`Tab does not come to ${selector}.`);
  }

  it('is entered from the walkthrough', async () => {
    const row = page.locator('.quick-input-list .monaco-list-row', { hasText: welcome });
    // Nothing is offered before VS Code has read the extensions.
    await expect
      .poll(async () => {
        await page.keyboard.press('Escape');
        await page.keyboard.press('F1');
        await page.locator('.quick-input-widget input').fill(`>${welcome}`);
        return row.count();
      })
      .toBeGreaterThan(0);
    await page.keyboard.press('Enter');
    await page.locator('.getting-started-step', { hasText: door }).waitFor();
    await page.screenshot({ path: join(screenshots, `course-${language}-welcome.png`) });
    const step = '[data-step-id$="headlight.welcome.course"]';
    await tabTo(step);
    await page.keyboard.press('Enter');
    await page.locator(`${step}.expanded`).waitFor();
    await tabTo(`${step} *`, button);
    await page.keyboard.press('Enter');
    await expect
      .poll(async () => {
        which = 1 - which;
        return panel().locator('.course-entry').count();
      })
      .toBe(11);
    await page.screenshot({ path: join(screenshots, `course-${language}.png`) });
  });

  it('goes through every step of its lessons', async () => {
    const lessons = await stepsOf(folder);
    expect(lessons).toHaveLength(11);
    await panel().locator('.course-actions vscode-button[appearance=primary]').waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    for (const { title, steps } of lessons) {
      await panel().locator('.lesson-header h1', { hasText: title }).waitFor();
      for (let step = 0; step < steps; step++) {
        await panel().locator(`.step-list li:nth-child(${step + 1}) [aria-current=step]`).waitFor();
        // The step's picture is there, and nothing went wrong on the way to it.
        await panel().locator('.region.picture vscode-panel-tab[aria-selected=true]').waitFor();
        await expect.poll(() => panel().locator('.status').innerText(), { message: `${title}, step ${step + 1}` }).toMatch(/ (ms|毫秒)/);
        expect(await panel().locator('.trouble').allInnerTexts(), `${title}, step ${step + 1}`).toEqual([]);
        await page.keyboard.press('n');
      }
    }
    // After the last lesson comes the list of all of them.
    await panel().locator('.course-entry').first().waitFor();
  }, 300_000);
});
