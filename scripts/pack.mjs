/**
 * Packs the extension as it ships.
 *
 *   node scripts/pack.mjs [--out FILE]
 */
import { spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const vsce = fileURLToPath(new URL('../node_modules/@vscode/vsce/vsce', import.meta.url));

/**
 * @param {string} folder the extension's folder, built
 * @param {string} out the file to write
 * @returns {Promise<string>} its absolute path
 */
export async function packExtension(folder, out) {
  const file = resolve(out);
  await mkdir(dirname(file), { recursive: true });
  const child = spawn(process.execPath, [vsce, 'package', '--no-dependencies', '--allow-missing-repository', '--skip-license', '--no-rewrite-relative-links', '--out', file], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  const code = await new Promise((done) => child.once('close', done));
  if (code !== 0) throw new Error(`vsce package ended with ${code}:\n${output}`);
  return file;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({ options: { out: { type: 'string', default: 'headlight.vsix' } } });
  console.log(await packExtension(fileURLToPath(new URL('..', import.meta.url)), values.out));
}
