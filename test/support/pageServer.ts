/** The built page in a plain browser, under the panel's own document and policy, with the test in the host's place. */
import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { freshNonce, panelHtml } from '../../src/panel/html.ts';
import type { HostMessage, PageMessage, PanelState } from '../../src/protocol.ts';
import { listen } from './listen.ts';

export type ThemeKind = 'dark' | 'light' | 'hc-dark' | 'hc-light';

export interface HostedPageOptions {
  readonly theme?: ThemeKind;
  readonly width?: number;
  readonly height?: number;
  /** What VS Code had kept for this panel. */
  readonly state?: PanelState;
  readonly reducedMotion?: boolean;
}

const dist = fileURLToPath(new URL('../../dist/', import.meta.url));
const contentTypes: Readonly<Record<string, string>> = { '.js': 'text/javascript', '.css': 'text/css', '.map': 'application/json', '.ttf': 'font/ttf' };

/** Classes that VS Code puts on a webview's body. */
const bodyClasses: Readonly<Record<ThemeKind, string>> = {
  dark: 'vscode-dark',
  light: 'vscode-light',
  'hc-dark': 'vscode-high-contrast',
  'hc-light': 'vscode-high-contrast-light vscode-high-contrast',
};

/** What VS Code's own style sheet sets in every webview, below the page's in the cascade. */
const webviewDefaults = `@layer vscode-default {
  html { scrollbar-color: var(--vscode-scrollbarSlider-background) var(--vscode-editor-background); }
  body {
    margin: 0; padding: 0 20px; background-color: transparent; overscroll-behavior-x: none;
    color: var(--vscode-editor-foreground); font: var(--vscode-font-weight) var(--vscode-font-size) var(--vscode-font-family);
  }
}`;

/** VS Code's variables of each theme, as `scripts/themes.mjs` read them from a real webview, and the colours that package.json contributes. */
function themeVariables(theme: ThemeKind): Record<string, string> {
  const { contributes } = readJson('../../package.json') as { contributes: { colors: readonly { id: string; defaults: Record<string, string> }[] } };
  const own = contributes.colors.map(({ id, defaults }) => [`--vscode-${id.replaceAll('.', '-')}`, defaults[defaultsOf[theme]] ?? ''] as const);
  return { ...(readJson(`./themes/${theme}.json`) as Record<string, string>), ...Object.fromEntries(own.filter(([, color]) => color.startsWith('#'))) };
}

/** What a theme is called among a contributed colour's defaults. */
const defaultsOf: Readonly<Record<ThemeKind, string>> = { dark: 'dark', light: 'light', 'hc-dark': 'highContrast', 'hc-light': 'highContrastLight' };

const readJson = (path: string): unknown => JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));

/** Serves dist/ and the panel's document on a port of its own. */
export async function startPageServer(): Promise<PageServer> {
  for (const file of ['page.js', 'page.css']) {
    if (!existsSync(join(dist, file))) throw new Error(`dist/${file} is missing: run npm run build first.`);
  }
  const server = createServer((request, response) => {
    const { origin, pathname } = new URL(request.url ?? '/', `http://${request.headers.host ?? '127.0.0.1'}`);
    if (pathname === '/') {
      response.setHeader('Content-Type', 'text/html');
      response.end(panelHtml({ scriptUri: `${origin}/page.js`, styleUri: `${origin}/page.css`, cspSource: origin, nonce: freshNonce(), lang: 'en' }));
      return;
    }
    if (pathname === '/favicon.ico') {
      response.statusCode = 204;
      response.end();
      return;
    }
    readFile(join(dist, pathname)).then(
      (body) => {
        response.setHeader('Content-Type', contentTypes[extname(pathname)] ?? 'application/octet-stream');
        response.end(body);
      },
      () => {
        response.statusCode = 404;
        response.end();
      },
    );
  });
  const { authority, close } = await listen(server);
  return { url: `http://${authority}/`, close };
}

export interface PageServer {
  readonly url: string;
  close(): Promise<void>;
}

/** A loaded page and everything it did that a host would see. */
export class HostedPage {
  readonly messages: PageMessage[] = [];
  /** Directives and blocked URIs of policy violations: a test ends with none. */
  readonly violations: string[] = [];
  /** Uncaught errors and what went to console.error or console.warn. */
  readonly complaints: string[] = [];
  /** Called with every message of the page, after it is recorded. */
  onMessage: (message: PageMessage) => void = () => undefined;
  private readonly waiting = new Set<() => void>();

  private constructor(readonly page: Page) {}

  /** Opens the page in a context of its own. It has sent `ready` unless it is broken: wait for it. */
  static async open(browser: Browser, server: PageServer, options: HostedPageOptions = {}): Promise<HostedPage> {
    const { theme = 'dark', width = 900, height = 700, state, reducedMotion = false } = options;
    const context = await browser.newContext({ viewport: { width, height }, reducedMotion: reducedMotion ? 'reduce' : 'no-preference' });
    const hosted = new HostedPage(await context.newPage());
    await hosted.page.exposeFunction('headlightTestReceive', (message: PageMessage) => hosted.receive(message));
    await hosted.page.exposeFunction('headlightTestViolation', (violation: string) => hosted.violations.push(violation));
    hosted.page.on('pageerror', (error) => hosted.complaints.push(error.stack ?? error.message));
    hosted.page.on('console', (entry) => {
      if (entry.type() === 'error' || entry.type() === 'warning') hosted.complaints.push(`${entry.text()} (${entry.location().url})`);
    });
    await hosted.page.addInitScript(standInForVscode, state ?? null);
    await hosted.page.addInitScript((css) => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(css);
      document.adoptedStyleSheets = [sheet];
    }, webviewDefaults);
    await hosted.page.addInitScript(dressAsVscode, { variables: themeVariables(theme), classes: bodyClasses[theme] });
    await hosted.page.goto(server.url);
    return hosted;
  }

  /** Sends as the host does: structured clone, typed arrays included. */
  async send(message: HostMessage): Promise<void> {
    await this.page.evaluate((data) => window.postMessage(data, '*'), message);
  }

  /** The first message that `wanted` accepts, of those that came since `from` (default: all) and those to come. */
  async waitFor<T extends PageMessage>(wanted: (message: PageMessage) => message is T, from = 0): Promise<T> {
    for (;;) {
      const found = this.messages.slice(from).find(wanted);
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => this.waiting.add(resolve));
    }
  }

  /** Puts on another of VS Code's themes, as VS Code does while a page lives. */
  async setTheme(theme: ThemeKind): Promise<void> {
    await this.page.evaluate(dressAsVscode, { variables: themeVariables(theme), classes: bodyClasses[theme] });
  }

  /** What the page has asked VS Code to keep. */
  async keptState(): Promise<unknown> {
    return this.page.evaluate(() => (window as unknown as { headlightTestState: unknown }).headlightTestState);
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }

  private receive(message: PageMessage): void {
    this.messages.push(message);
    this.onMessage(message);
    for (const wake of this.waiting) wake();
    this.waiting.clear();
  }
}

/** Runs in the page before its own script: VS Code's API, and a count of what its policy refused. */
function standInForVscode(kept: unknown): void {
  const test = window as unknown as {
    headlightTestState: unknown;
    headlightTestReceive(message: unknown): void;
    headlightTestViolation(violation: string): void;
    acquireVsCodeApi(): unknown;
  };
  test.headlightTestState = kept ?? undefined;
  let acquired = false;
  test.acquireVsCodeApi = () => {
    if (acquired) throw new Error('An instance of the VS Code API has already been acquired');
    acquired = true;
    return {
      postMessage: (message: unknown) => test.headlightTestReceive(structuredClone(message)),
      getState: () => test.headlightTestState,
      setState: (state: unknown) => (test.headlightTestState = structuredClone(state)),
    };
  };
  document.addEventListener('securitypolicyviolation', (event) => test.headlightTestViolation(`${event.effectiveDirective}: ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`));
}

/** Runs in the page: VS Code's variables on the root and its classes on the body, as soon as they exist. */
function dressAsVscode({ variables, classes }: { variables: Readonly<Record<string, string>>; classes: string }): void {
  const dress = (): boolean => {
    const body = document.querySelector('body');
    if (body === null) return false;
    for (const [name, value] of Object.entries(variables)) document.documentElement.style.setProperty(name, value);
    body.className = classes;
    body.dataset['vscodeThemeKind'] = classes.split(' ')[0];
    return true;
  };
  if (dress()) return;
  const observer = new MutationObserver(() => {
    if (dress()) observer.disconnect();
  });
  observer.observe(document, { childList: true, subtree: true });
}
