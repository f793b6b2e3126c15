/**
 * Every check of the project, with all that it needs set up on a fresh machine: `npm test`.
 *
 * The last line is `N passed, N failed`, in tests as the runners report them; a part that fails as a
 * whole (types, lint, build) counts as one failed test. A part that cannot run here fails too, unless
 * HEADLIGHT_ALLOW_SKIP names it: `browser` (page and VS Code tests), `vscode` (VS Code tests).
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { packExtension } from './pack.mjs';
import { installDependencies, requireNode20, root, run } from './setup.mjs';
import { installServer } from './vscodeServer.mjs';

const allowedToSkip = new Set((process.env['HEADLIGHT_ALLOW_SKIP'] ?? '').split(','));
const results = `${root}test-results`;
const total = { passed: 0, failed: 0 };
/** What failed, a line each: said once more at the end, where a long log is read first. */
const failures = [];

requireNode20();
await installDependencies();
rmSync(results, { recursive: true, force: true });
mkdirSync(results, { recursive: true });

await part('build', () => mustSucceed('node', ['esbuild.mjs', '--production']));
for (const project of ['src/engine', 'src', 'webview', 'test']) {
  await part(`types of ${project}`, () => mustSucceed('node', ['node_modules/typescript/bin/tsc', '-p', project]));
}
await part('lint', () => mustSucceed('node', ['node_modules/eslint/bin/eslint.js', '.', '--max-warnings=0']));
await part('unit tests', () => vitest('unit'));

const vsix = await part('VSIX', () => packExtension(root, `${root}.vscode-test/headlight.vsix`));
if (vsix !== undefined) await part('package tests', () => vitest('package', { HEADLIGHT_VSIX: vsix }));

const browser = await needed('browser', 'page tests', provideChromium);
if (browser) await part('page tests', () => vitest('page'));

if (vsix === undefined) notRun('VS Code tests', 'there is no VSIX');
else if (!browser) skip('browser', 'VS Code tests', 'there is no browser');
else if (await needed('vscode', 'VS Code tests', installServer)) await part('VS Code tests', () => vitest('vscode', { HEADLIGHT_VSIX: vsix }));

if (failures.length > 0) console.log(`\nFailed:\n${failures.map((line) => `  ${line}`).join('\n')}\n`);
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 ? 0 : 1;

/**
 * One part: its failure is told and counted, and the next part goes on.
 * @template T
 * @param {string} name
 * @param {() => Promise<T>} work
 * @returns {Promise<T | undefined>}
 */
async function part(name, work) {
  console.log(`\n── ${name} ──`);
  const begun = performance.now();
  try {
    const result = await work();
    console.log(`── ${name}: ${seconds(begun)} ──`);
    return result;
  } catch (error) {
    total.failed += 1;
    failures.push(name);
    console.log(`── ${name} failed after ${seconds(begun)}: ${error instanceof Error ? error.message : error} ──`);
    return undefined;
  }
}

/** @param {number} begun */
function seconds(begun) {
  return `${((performance.now() - begun) / 1000).toFixed(1)} s`;
}

/** @param {string} program @param {readonly string[]} args */
async function mustSucceed(program, args) {
  const code = await run(program, args);
  if (code !== 0) throw new Error(`it ended with ${code}`);
}

/**
 * Runs one of vitest.config.ts's projects and adds its tests to the total. A skipped test was not run, so it fails.
 * @param {string} project @param {Record<string, string>} [env]
 */
async function vitest(project, env) {
  const report = `${results}/${project}.json`;
  const code = await run('node', ['node_modules/vitest/vitest.mjs', 'run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`], env);
  const { numPassedTests, numTotalTests, testResults } = JSON.parse(readFileSync(report, 'utf8'));
  const brokenFiles = testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0);
  const failed = numTotalTests - numPassedTests + brokenFiles.length;
  const notPassed = testResults.flatMap((file) => file.assertionResults).filter((test) => test.status !== 'passed');
  failures.push(...[...brokenFiles.map((file) => file.name), ...notPassed.map((test) => test.fullName)].map((name) => `${project}: ${name}`));
  total.passed += numPassedTests;
  total.failed += failed;
  console.log(`${project}: ${numPassedTests} passed, ${failed} failed`);
  if (numTotalTests === 0) throw new Error('no test was found');
  if (code !== 0 && failed === 0) throw new Error(`vitest ended with ${code}`);
}

/**
 * Sets up what a part needs.
 * @param {string} what @param {string} name the part @param {() => Promise<void>} provide
 * @returns {Promise<boolean>} whether it is there
 */
async function needed(what, name, provide) {
  try {
    await provide();
    return true;
  } catch (error) {
    skip(what, name, error instanceof Error ? error.message : String(error));
    return false;
  }
}

/** @param {string} what @param {string} name @param {string} reason */
function skip(what, name, reason) {
  if (allowedToSkip.has(what)) console.log(`\n── ${name} were not run (HEADLIGHT_ALLOW_SKIP=${what}): ${reason} ──`);
  else notRun(name, `${reason} HEADLIGHT_ALLOW_SKIP=${what} lets the rest pass without.`);
}

/** @param {string} name @param {string} reason */
function notRun(name, reason) {
  total.failed += 1;
  failures.push(name);
  console.log(`\n── ${name} could not run: ${reason} ──`);
}

/** Finds a Chromium, or installs Debian's where this is Debian and we may. */
async function provideChromium() {
  const { findChromium } = await import('./chromium.mjs');
  if ((await findChromium()) !== null) return;
  const mayInstall = process.getuid?.() === 0 && spawnSync('apt-get', ['--version']).status === 0;
  if (mayInstall) {
    console.log('Installing chromium (apt-get) …');
    await run('apt-get', ['update', '-qq']);
    await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], { DEBIAN_FRONTEND: 'noninteractive' });
  }
  if ((await findChromium()) === null) throw new Error('No Chromium was found: install chromium or Google Chrome, or set CHROMIUM_PATH.');
}
