import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { VscodeServer } from '../../scripts/vscodeServer.mjs';

export interface WorkbenchOptions {
  /** Folder that the window opens, absolute path. */
  readonly folder: string;
  /** Development options, as the workbench reads them from its URL. */
  readonly payload?: readonly (readonly [string, string])[];
  /** Called once on the fresh context, before the first document. */
  readonly prepare?: (context: BrowserContext) => Promise<void>;
  readonly context?: Parameters<Browser['newContext']>[0];
}

/** Whether a log entry only says that the server build's native addons are missing, which nothing here needs. */
export function isAddonComplaint(entry: string): boolean {
  return /Could not locate the bindings file|native-watchdog/.test(entry);
}

/** A file of this machine as the remote window names it. */
export function remoteUri(server: VscodeServer, path: string): string {
  return `vscode-remote://${server.authority}${path}`;
}

/** Opens a window of VS Code on the server, in a browser context of its own, and waits for its frame to stand. */
export async function openWorkbench(browser: Browser, server: VscodeServer, options: WorkbenchOptions): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options.context });
  await options.prepare?.(context);
  const page = await context.newPage();
  const query = new URLSearchParams({ folder: options.folder });
  if (options.payload !== undefined) query.set('payload', JSON.stringify(options.payload));
  // The server reads everything for the first time, beside whatever else the machine does.
  await page.goto(`http://${server.authority}/?${query.toString()}`, { timeout: 60_000 });
  await page.locator('.monaco-workbench .part.editor').waitFor();
  return page;
}

/** Opens a file of the window's folder through Quick Open, in whatever editor it has. */
export async function goToFile(page: Page, name: string): Promise<void> {
  await page.keyboard.press('ControlOrMeta+P');
  await page.locator('.quick-input-widget input').fill(name);
  await page.locator('.quick-input-list .monaco-list-row', { hasText: name }).first().waitFor();
  await page.keyboard.press('Enter');
}

/** Opens a text file of the window's folder through Quick Open and waits for its text. */
export async function openFile(page: Page, name: string): Promise<void> {
  await goToFile(page, name);
  await page.getByRole('tab', { name }).waitFor();
  await page.locator('.monaco-editor .view-line').first().waitFor();
}
