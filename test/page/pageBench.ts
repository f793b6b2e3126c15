/** What every page test needs: a browser, the built page, the real engine; and that nothing was refused or complained of. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Locator } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import type { EngineClient } from '../../src/engine/client.ts';
import type { ViewState } from '../../src/protocol.ts';
import { initialView } from '../../webview/viewState.ts';
import { launchChromium } from '../support/chromium.ts';
import { HostedPage, startPageServer, type HostedPageOptions, type PageServer } from '../support/pageServer.ts';
import { EngineHost, startEngine, type HostOptions } from './engineHost.ts';

const screenshots = fileURLToPath(new URL('../../test-results/page/', import.meta.url));

export interface Opened {
  readonly hosted: HostedPage;
  readonly host: EngineHost;
  readonly token: (index: number) => Locator;
}

export interface OpenOptions extends HostedPageOptions, HostOptions {
  /** Shown at once, where given. */
  readonly text?: string;
  readonly windowStart?: number;
  /** An embedded model, storyteller where it is left out. */
  readonly model?: string;
}

/** Registers the hooks of a test file; each page it opens is closed and judged after its test. */
export function pageBench(): { open(options?: OpenOptions): Promise<Opened> } {
  let browser: Browser;
  let server: PageServer;
  let engine: EngineClient;
  const opened: Opened[] = [];

  beforeAll(async () => {
    engine = startEngine();
    [browser, server] = await Promise.all([launchChromium(), startPageServer()]);
  });

  afterEach(async () => {
    const pages = opened.splice(0);
    await Promise.all(pages.map(({ host }) => host.close()));
    for (const { hosted } of pages) {
      expect(hosted.violations, 'refused by the content security policy').toEqual([]);
      expect(hosted.complaints, 'errors and warnings of the page').toEqual([]);
    }
  });

  afterAll(async () => {
    await engine.dispose();
    await browser.close();
    await server.close();
  });

  return {
    async open({ text, windowStart, model, ...options } = {}) {
      const hosted = await HostedPage.open(browser, server, options);
      const host = new EngineHost(engine, hosted, options);
      const page = { hosted, host, token: (index: number) => hosted.page.locator(`[data-sequence="text"] [data-token="${index}"]`) };
      opened.push(page);
      if (text !== undefined) await host.show(text, windowStart, model);
      return page;
    },
  };
}

/** How the page last said that it is looked at. */
export const keptView = ({ hosted }: Opened): ViewState => hosted.messages.findLast((message) => message.type === 'view')?.view ?? initialView;

/** Keeps a picture of the page in test-results/page, for people to look at. */
export async function keepScreenshot(hosted: HostedPage, name: string): Promise<void> {
  mkdirSync(screenshots, { recursive: true });
  await hosted.page.screenshot({ path: join(screenshots, `${name}.png`) });
}
