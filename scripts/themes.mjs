/**
 * Writes test/support/themes/: the variables that VS Code gives a webview in its four default themes,
 * read from a real webview, so that page tests draw in the colours that users see.
 *
 *   node scripts/themes.mjs
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { findChromium, quietFlags } from './chromium.mjs';
import { packExtension } from './pack.mjs';
import { VscodeServer } from './vscodeServer.mjs';

const themes = { dark: 'Dark Modern', light: 'Light Modern', 'hc-dark': 'Default High Contrast', 'hc-light': 'Default High Contrast Light' };

/** The smallest extension that opens a webview. */
const probe = {
  'package.json': JSON.stringify({ name: 'probe', publisher: 'headlight', version: '0.0.1', engines: { vscode: '^1.100.0' }, main: './main.js', activationEvents: ['onStartupFinished'] }),
  'main.js': "const { window } = require('vscode');\nexports.activate = () => { window.createWebviewPanel('probe', 'Probe', 1, { enableScripts: true }).webview.html = '<!DOCTYPE html><p id=probe></p>'; };\n",
};

const folder = await mkdtemp(join(tmpdir(), 'headlight-probe-'));
for (const [name, text] of Object.entries(probe)) await writeFile(join(folder, name), text);
const vsix = await packExtension(folder, join(folder, 'probe.vsix'));
const browser = await chromium.launch({ executablePath: (await findChromium()) ?? undefined, args: [...quietFlags] });

for (const [kind, theme] of Object.entries(themes)) {
  const server = await VscodeServer.start({ vsix: [vsix], settings: { 'workbench.colorTheme': theme }, args: ['--without-connection-token'] });
  const page = await browser.newPage();
  await page.goto(`http://${server.authority}/?folder=${encodeURIComponent(folder)}`);
  const document = page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
  const variables = await document.locator('#probe').evaluate((element) => {
    const { style } = element.ownerDocument.documentElement;
    return Object.fromEntries([...style].map((name) => [name, style.getPropertyValue(name)]));
  });
  await writeFile(`test/support/themes/${kind}.json`, JSON.stringify(variables, null, 1) + '\n');
  console.log(`${kind}: ${Object.keys(variables).length} variables`);
  await page.close();
  await server.stop();
}
await browser.close();
await rm(folder, { recursive: true });
