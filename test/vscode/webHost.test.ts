import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../../scripts/setup.mjs';
import { VscodeServer } from '../../scripts/vscodeServer.mjs';
import { bundleSuites } from '../support/bundle.ts';
import { launchChromium } from '../support/chromium.ts';
import { serveFolder } from '../support/folderServer.ts';
import { packedVsix } from '../support/packed.ts';
import { unpack } from '../support/unpack.ts';
import { isAddonComplaint, openWorkbench } from '../support/workbench.ts';
import { reportMark, type TestReport } from './suites/report.ts';

// The suite runs once, here, and each of its tests is shown below as one of ours.
const { reports, ended } = await runInWebExtensionHost();

describe('the packed extension in the web extension host', () => {
  it('runs to the end', () => {
    expect(reports.length).toBeGreaterThan(0);
    // A test that failed is told below; here, that nothing else went wrong.
    if (reports.every(({ failure }) => failure === null)) expect(ended).toBe('passed');
  });
  for (const { title, failure } of reports) {
    it(title, () => {
      if (failure !== null) throw new Error(failure);
    });
  }
});

async function runInWebExtensionHost(): Promise<{ reports: readonly TestReport[]; ended: string }> {
  const { folder } = await unpack(packedVsix());
  const files = await serveFolder(folder, { '/suites.cjs': await bundleSuites('web') });
  const server = await VscodeServer.start({ args: ['--without-connection-token', '--enable-smoke-test-driver'] });
  const browser = await launchChromium();
  const output: string[] = [];
  let reports: readonly TestReport[] = [];
  try {
    const code = await new Promise<number>((resolve, reject) => {
      openWorkbench(browser, server, {
        folder: join(root, 'media/sample'),
        // The tests are served from another origin than the window's.
        context: { bypassCSP: true },
        prepare: async (context) => {
          await context.exposeFunction('codeAutomationLog', (type: string, args: unknown[]) => {
            const line = args.map(String).join(' ');
            if (!isAddonComplaint(line)) output.push(`${type} ${line}`);
            // The report is printed by runner.web.ts.
            if (line.startsWith(reportMark)) reports = JSON.parse(line.slice(reportMark.length)) as TestReport[];
            else if (/^[✓✗·] /.test(line)) console.log(line);
          });
          await context.exposeFunction('codeAutomationExit', resolve);
          const at = (path: string): UriParts => ({ scheme: 'http', authority: files.authority, path });
          await context.addInitScript(developIn, { extensions: [at('/')], extensionTestsPath: at('/suites.cjs') });
        },
      }).catch(reject);
    });
    if (code !== 0) console.log(output.join('\n').slice(-20_000));
    return { reports, ended: code === 0 ? 'passed' : `exit code ${code}` };
  } finally {
    await browser.close();
    await server.stop();
    await files.close();
    await rm(folder, { recursive: true });
  }
}

interface UriParts {
  readonly scheme: string;
  readonly authority: string;
  readonly path: string;
}

/** Runs in the window before its own script: the workbench reads its development options from an attribute that only its server could fill. */
function developIn(developmentOptions: { extensions: UriParts[]; extensionTestsPath: UriParts }): void {
  const original = Object.getOwnPropertyDescriptor(Element.prototype, 'getAttribute')?.value as (this: Element, name: string) => string | null;
  Element.prototype.getAttribute = function (name) {
    const value = original.call(this, name);
    if (name !== 'data-settings' || this.id !== 'vscode-workbench-web-configuration' || value === null) return value;
    const settings: unknown = JSON.parse(value);
    return JSON.stringify({ ...(typeof settings === 'object' ? settings : {}), developmentOptions });
  };
}
