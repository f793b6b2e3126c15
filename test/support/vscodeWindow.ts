/** A window of real VS Code with the packed extension, on a server and in a browser of its own, as a user goes through it. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Frame, FrameLocator, Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { root } from '../../scripts/setup.mjs';
import { VscodeServer } from '../../scripts/vscodeServer.mjs';
import { launchChromium } from './chromium.ts';
import { packedVsix } from './packed.ts';
import { openWorkbench } from './workbench.ts';

export interface WindowOptions {
  /** Begins the names of its screenshots. */
  readonly name: string;
  /** What lies in its folder: text by file name. */
  readonly files?: Readonly<Record<string, string>>;
  /** Display language. */
  readonly language?: string;
}

/** In the address of our webviews: walkthroughs draw their pictures in webviews too. */
const ours = 'extensionId=headlight.headlight';

const screenshots = join(root, 'test-results/screenshots');

export class VscodeWindow {
  private constructor(
    private readonly options: WindowOptions,
    /** Its folder, absolute path. */
    readonly folder: string,
    private readonly server: VscodeServer,
    private readonly browser: Browser,
    private current: Page,
  ) {}

  static async open(options: WindowOptions): Promise<VscodeWindow> {
    await mkdir(screenshots, { recursive: true });
    const folder = await mkdtemp(join(tmpdir(), 'headlight-folder-'));
    for (const [name, text] of Object.entries(options.files ?? {})) await writeFile(join(folder, name), text);
    const server = await VscodeServer.start({ vsix: [packedVsix()], args: ['--without-connection-token'], language: options.language ?? 'en' });
    let browser: Browser | null = null;
    try {
      browser = await launchChromium();
      return new VscodeWindow(options, folder, server, browser, await open(browser, server, folder, options));
    } catch (thrown) {
      await browser?.close();
      await server.stop();
      throw thrown;
    }
  }

  get page(): Page {
    return this.current;
  }

  /** Headlight's panel, whenever it comes. */
  panel(): FrameLocator {
    return this.page.frameLocator(`iframe.webview.ready[src*="${ours}"]`).frameLocator('iframe#active-frame');
  }

  /** The panel's page, once it is there: asked directly, it answers several times as fast. */
  panelFrame(): Frame {
    const frame = this.page.frames().findLast((one) => one.parentFrame()?.url().includes(ours));
    if (!frame) throw new Error('There is no panel.');
    return frame;
  }

  /** Opens the palette at a command: nothing is offered before VS Code has read the extensions. */
  async offered(title: string): Promise<Locator> {
    const row = this.page.locator('.quick-input-list .monaco-list-row', { hasText: title });
    await expect
      .poll(async () => {
        await this.page.keyboard.press('Escape');
        await this.page.keyboard.press('F1');
        await this.page.locator('.quick-input-widget input').fill(`>${title}`);
        return row.count();
      })
      .toBeGreaterThan(0);
    return row;
  }

  /** Runs a command by the title that the palette shows, as soon as it is offered. */
  async run(title: string): Promise<void> {
    const row = await this.offered(title);
    await row.first().click();
  }

  /** Saves what a save dialog asks for, under a path or as it is proposed. */
  async save(proposed: RegExp, path?: string): Promise<void> {
    const name = this.page.locator('.quick-input-widget input[type=text]');
    await expect.poll(() => name.inputValue()).toMatch(proposed);
    if (path !== undefined) await name.fill(path);
    await this.picture('save');
    // What is typed is looked up first: until then the key is not heard.
    await expect
      .poll(async () => {
        await this.page.keyboard.press('Enter');
        return name.isVisible();
      })
      .toBe(false);
  }

  /** Closes the window and opens a fresh one on the same folder and profile, up to where VS Code has read the extensions. */
  async reopen(): Promise<void> {
    await this.page.close();
    this.current = await open(this.browser, this.server, this.folder, this.options);
    await this.offered('Headlight');
    await this.page.keyboard.press('Escape');
  }

  async picture(what: string): Promise<void> {
    await this.page.screenshot({ path: join(screenshots, `${this.options.name}-${what}.png`) });
  }

  /** Ends all of it, with a last screenshot. */
  async close(): Promise<void> {
    await this.picture('last');
    await this.browser.close();
    await this.server.stop();
    await rm(this.folder, { recursive: true });
  }
}

function open(browser: Browser, server: VscodeServer, folder: string, { language }: WindowOptions): Promise<Page> {
  return openWorkbench(browser, server, { folder, context: { locale: new Intl.Locale(language ?? 'en').toString() } });
}
