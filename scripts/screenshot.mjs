/**
 * Takes README's pictures from real VS Code into media/screenshots.
 *
 *   npm run build -- --production && node scripts/screenshot.mjs
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { findChromium, quietFlags } from './chromium.mjs';
import { packExtension } from './pack.mjs';
import { root } from './setup.mjs';
import { VscodeServer } from './vscodeServer.mjs';

const screenshots = `${root}media/screenshots`;
/** What is hovered in the coloured text. */
const WORD = 'snow';

const vsix = await packExtension(root, `${root}.vscode-test/screenshot.vsix`);
const server = await VscodeServer.start({
  vsix: [vsix],
  settings: { 'workbench.colorTheme': 'Dark Modern', 'editor.minimap.enabled': false, 'workbench.activityBar.location': 'hidden', 'window.commandCenter': false, 'window.title': '${activeEditorShort}${separator}${rootName}', 'editor.fontSize': 13, 'editor.occurrencesHighlight': 'off' },
  args: ['--without-connection-token'],
});
const browser = await chromium.launch({ executablePath: (await findChromium()) ?? undefined, args: [...quietFlags] });
try {
  await mkdir(screenshots, { recursive: true });
  await showAttention(await openProse(1360, 860));
  await colorsOfSurprise(await openProse(1000, 640));
  await whatIf();
  await lesson('Many heads', 7, 'lesson', 1360, 820);
  await lesson('Self-attention', 6, 'lesson-self-attention', 1180, 760);
  await lesson('Encoder and decoder', 6, 'lesson-translator', 1180, 760);
} finally {
  await browser.close();
  await server.stop();
  await rm(vsix);
}

/** A window with the sample's prose in it, the cursor in its second paragraph. */
async function openProse(width, height) {
  const page = await browser.newPage({ viewport: { width, height }, deviceScaleFactor: 1 });
  const query = new URLSearchParams({ folder: `${root}media/sample`, payload: JSON.stringify([['openFile', `vscode-remote://${server.authority}${root}media/sample/prose.md`]]) });
  await page.goto(`http://${server.authority}/?${query}`);
  await page.getByRole('tab', { name: 'prose.md' }).waitFor();
  await page.locator('.monaco-editor .view-line', { hasText: 'Somebody might be lost' }).click();
  return page;
}

/** The panel beside the text, a word pinned. */
async function showAttention(page) {
  await page.keyboard.press('Control+B');
  // VS Code takes a moment to know the keys of extensions.
  while ((await page.locator('iframe.webview').count()) === 0) {
    await page.keyboard.press('Control+Alt+H');
    await page.locator('iframe.webview').waitFor({ state: 'attached', timeout: 2_000 }).catch(() => undefined);
  }
  const panel = page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
  await panel.locator('.bars .bar').first().waitFor();
  await panel.locator('[data-token]', { hasText: 'light' }).last().click();
  await page.mouse.move(5, 5);
  await panel.locator('[data-token].pinned').waitFor();
  await panel.locator('[data-token].shaded').first().waitFor();
  await page.locator('.monaco-editor .view-overlays .cdr[class*="ced-"]').first().waitFor();
  await page.screenshot({ path: `${screenshots}/show-attention.png` });
  await page.close();
}

/** The text in the colours of surprise, with what is said of a word in it. */
async function colorsOfSurprise(page) {
  const colored = page.locator('.statusbar-item', { hasText: 'bits/word' });
  while ((await colored.count()) === 0) {
    await page.keyboard.press('F1');
    await page.keyboard.type('Colors of Surprise');
    await page.getByRole('option', { name: /Colors of Surprise/ }).first().click({ timeout: 2_000 }).catch(() => page.keyboard.press('Escape'));
    await colored.waitFor({ timeout: 5_000 }).catch(() => undefined);
  }
  await page.keyboard.press('Control+B');
  // Until all that is visible has its colours.
  const marks = page.locator('.monaco-editor .view-overlays .cdr[class*="ced-"]');
  for (let before = -1, now = 0; now === 0 || now !== before; ) {
    before = now;
    await page.waitForTimeout(2_000);
    now = await marks.count();
  }
  const line = page.locator('.monaco-editor .view-line > span', { hasText: WORD });
  const [box, text] = [await line.boundingBox(), (await line.textContent()) ?? ''];
  if (!box) throw new Error(`"${WORD}" is not in sight.`);
  // All letters are of one width.
  await page.mouse.move(box.x + (box.width * (text.indexOf(WORD) + WORD.length / 2)) / text.length, box.y + box.height / 2);
  await page.locator('.monaco-hover', { hasText: 'rank' }).first().waitFor();
  await page.screenshot({ path: `${screenshots}/surprise.png` });
  await page.close();
}

/** Runs a command by the title that the palette shows, as soon as VS Code knows it. */
async function run(page, title, shown) {
  while (!(await shown.isVisible())) {
    await page.keyboard.press('F1');
    await page.locator('.quick-input-widget input').fill(`>${title}`);
    await page.getByRole('option', { name: title }).first().click({ timeout: 2_000 }).catch(() => page.keyboard.press('Escape'));
    await shown.waitFor({ timeout: 5_000 }).catch(() => undefined);
  }
}

/** The heads that copy switched off, and in the sources of the logit where it came from before. */
async function whatIf() {
  const folder = await mkdtemp(join(tmpdir(), 'headlight-'));
  await writeFile(join(folder, 'read.txt'), 'The little green dragon lived in a cave. One day the little green');
  const page = await browser.newPage({ viewport: { width: 1360, height: 860 }, deviceScaleFactor: 1 });
  await page.goto(`http://${server.authority}/?${new URLSearchParams({ folder, payload: JSON.stringify([['openFile', `vscode-remote://${server.authority}${folder}/read.txt`]]) })}`);
  await page.getByRole('tab', { name: 'read.txt' }).waitFor();
  await page.keyboard.press('Control+B');
  const panel = page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
  await run(page, 'Headlight: Show Attention', panel.locator('.bars .bar').first());
  // The panel alone, so that there is room for all of it.
  const tab = page.getByRole('tab', { name: 'read.txt', exact: true });
  await tab.hover();
  await tab.getByRole('button', { name: /Close/ }).click();
  await panel.locator('.head-filter input').fill('induction > 0.55');
  for (const head of await panel.locator('.head-button[data-left="true"]').all()) {
    await head.click();
    await page.keyboard.press('x');
  }
  await panel.locator('.measures dd').first().waitFor();
  await panel.locator('.picture [role=radio]', { hasText: 'Prediction' }).click();
  await panel.locator('vscode-panel-tab', { hasText: 'Sources' }).click();
  await page.mouse.move(5, 5);
  await panel.locator('.bars .bar').first().waitFor();
  await page.waitForTimeout(2_000);
  await page.screenshot({ path: `${screenshots}/what-if.png` });
  await page.close();
  await rm(folder, { recursive: true });
}

/** A lesson of the course at one of its steps, counted from 1. */
async function lesson(title, step, name, width, height) {
  const page = await browser.newPage({ viewport: { width, height }, deviceScaleFactor: 1 });
  await page.goto(`http://${server.authority}/?${new URLSearchParams({ folder: `${root}media/sample` })}`);
  await page.locator('.monaco-workbench .part.editor').waitFor();
  await page.keyboard.press('Control+B');
  const panel = page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
  await run(page, 'Headlight: Open Course', panel.locator('.course-entry').first());
  await panel.locator('.course-entry', { has: page.getByText(title, { exact: true }) }).click();
  await panel.locator('.step-count').waitFor();
  for (let at = 1; at < step; at++) {
    await page.keyboard.press('n');
    await panel.locator('.step-count', { hasText: `Step ${at + 1} ` }).waitFor();
  }
  await page.mouse.move(5, 5);
  await page.waitForTimeout(6_000);
  await page.screenshot({ path: `${screenshots}/${name}.png` });
  await page.close();
}
