/**
 * Renders media/icon.svg to media/icon.png, which the manifest names.
 *
 *   node scripts/icon.mjs
 */
import { readFile } from 'node:fs/promises';
import { chromium } from 'playwright-core';
import { findChromium, quietFlags } from './chromium.mjs';

const browser = await chromium.launch({ executablePath: (await findChromium()) ?? undefined, args: [...quietFlags] });
const page = await browser.newPage({ viewport: { width: 128, height: 128 } });
await page.setContent(`<body style="margin:0">${await readFile('media/icon.svg', 'utf8')}`);
await page.locator('svg').screenshot({ path: 'media/icon.png', omitBackground: true });
await browser.close();
