/**
 * Takes README's picture from real VS Code: media/screenshots/show-attention.png.
 *
 *   npm run build -- --production && node scripts/screenshot.mjs
 */
import { mkdir, rm } from 'node:fs/promises';
import { chromium } from 'playwright-core';
import { findChromium, quietFlags } from './chromium.mjs';
import { packExtension } from './pack.mjs';
import { root } from './setup.mjs';
import { VscodeServer } from './vscodeServer.mjs';

const out = `${root}media/screenshots/show-attention.png`;

const vsix = await packExtension(root, `${root}.vscode-test/screenshot.vsix`);
const server = await VscodeServer.start({
  vsix: [vsix],
  settings: { 'workbench.colorTheme': 'Dark Modern', 'editor.minimap.enabled': false, 'workbench.activityBar.location': 'hidden', 'window.commandCenter': false, 'window.title': '${activeEditorShort}${separator}${rootName}', 'editor.fontSize': 13 },
  args: ['--without-connection-token'],
});
const browser = await chromium.launch({ executablePath: (await findChromium()) ?? undefined, args: [...quietFlags] });
try {
  const page = await browser.newPage({ viewport: { width: 1360, height: 860 }, deviceScaleFactor: 1 });
  const query = new URLSearchParams({ folder: `${root}media/sample`, payload: JSON.stringify([['openFile', `vscode-remote://${server.authority}${root}media/sample/prose.md`]]) });
  await page.goto(`http://${server.authority}/?${query}`);
  await page.getByRole('tab', { name: 'prose.md' }).waitFor();
  await page.locator('.monaco-editor .view-line', { hasText: 'Somebody might be lost' }).click();
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
  await mkdir(new URL('../media/screenshots/', import.meta.url), { recursive: true });
  await page.screenshot({ path: out });
} finally {
  await browser.close();
  await server.stop();
  await rm(vsix);
}
