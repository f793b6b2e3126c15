import { chromium, type Browser } from 'playwright-core';
import { findChromium, quietFlags } from '../../scripts/chromium.mjs';

/** Starts the machine's Chromium, quiet and without a window. Throws one sentence where there is none. */
export async function launchChromium(): Promise<Browser> {
  const executablePath = await findChromium();
  if (executablePath === null) throw new Error('No Chromium was found: install chromium or Google Chrome, or set CHROMIUM_PATH.');
  return chromium.launch({ executablePath, args: [...quietFlags] });
}
