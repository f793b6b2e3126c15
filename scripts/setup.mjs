/** What `npm start` and `npm test` need before anything else: Node's own modules only. */
import { spawn } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** Throws one sentence where this Node is too old. */
export function requireNode20() {
  if (Number(process.versions.node.split('.')[0]) < 20) throw new Error(`Headlight needs Node 20 or newer; this is ${process.version}.`);
}

/** Installs what package-lock.json names, unless that has been done since it last changed. No package needs its install scripts here. */
export async function installDependencies() {
  const installed = `${root}/node_modules/.package-lock.json`;
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(`${root}/package-lock.json`).mtimeMs) return;
  console.log('Installing dependencies (npm ci) …');
  if ((await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'])) !== 0) throw new Error('npm ci failed: see above.');
}

/**
 * Runs a program in the repository's root with its output shown as it comes.
 * @param {string} program `node` is this Node
 * @param {readonly string[]} args
 * @param {Record<string, string>} [env]
 * @returns {Promise<number>} its exit code; 127 where it cannot be started
 */
export function run(program, args, env = {}) {
  const npm = program === 'npm';
  const child = spawn(program === 'node' ? process.execPath : program, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env }, shell: npm && process.platform === 'win32' });
  return new Promise((resolve) => {
    child.once('error', () => resolve(127));
    child.once('close', (code) => resolve(code ?? 1));
  });
}
