#!/usr/bin/env node
/**
 * Stands in for VS Code's executable where there is no desktop VS Code: takes the arguments that
 * @vscode/test-electron gives it, runs the tests in the server build's extension host with a window in
 * Chromium, and ends with their exit code.
 */
import { parseArgs } from 'node:util';
import { VscodeServer } from '../../scripts/vscodeServer.mjs';
import { launchChromium } from '../support/chromium.ts';
import { isAddonComplaint, openWorkbench, remoteUri } from '../support/workbench.ts';

const { values, positionals } = parseArgs({
  options: { extensionDevelopmentPath: { type: 'string' }, extensionTestsPath: { type: 'string' }, 'install-extension': { type: 'string', multiple: true } },
  strict: false,
  allowPositionals: true,
});
const { extensionDevelopmentPath, extensionTestsPath, 'install-extension': vsix } = values;
const [folder] = positionals;
if (typeof extensionDevelopmentPath !== 'string' || typeof extensionTestsPath !== 'string' || folder === undefined) {
  throw new Error('An extension, a test script and a folder are needed.');
}

/** What the server and the window have to say, told only when something goes wrong. */
const output: string[] = [];
const server = await VscodeServer.start({
  vsix: Array.isArray(vsix) ? vsix.filter((file) => typeof file === 'string') : [],
  // Without the smoke-test driver this build does not read the development payload.
  args: ['--without-connection-token', '--enable-smoke-test-driver'],
  log: (entry) => {
    if (!isAddonComplaint(entry)) output.push(entry);
  },
});
const browser = await launchChromium();
try {
  process.exitCode = await new Promise<number>((resolve, reject) => {
    openWorkbench(browser, server, {
      folder,
      payload: [
        ['extensionDevelopmentPath', remoteUri(server, extensionDevelopmentPath)],
        ['extensionTestsPath', remoteUri(server, extensionTestsPath)],
        ['skipWelcome', 'true'],
      ],
      prepare: async (context) => {
        await context.exposeFunction('codeAutomationLog', (type: string, args: unknown[]) => {
          const line = args.map(String).join(' ');
          if (/^[✓✗·] /.test(line)) console.log(line);
          else if (!isAddonComplaint(line)) output.push(`${type} ${line}\n`);
        });
        await context.exposeFunction('codeAutomationExit', resolve);
      },
    }).catch(reject);
  });
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  if (process.exitCode !== 0) console.error(output.join('').slice(-20_000));
  await browser.close();
  await server.stop();
}
