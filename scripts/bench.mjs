/**
 * `npm run bench`: builds, then measures and writes the table to test/bench/results.md and README.md.
 * `-- --large` also loads the largest models that fit. What Headlight is measured beside is installed into
 * .cache/bench/others; where that cannot be done, or HEADLIGHT_PYTHON names no Python with torch, the table says so.
 */
import { copyFileSync, mkdirSync } from 'node:fs';
import * as esbuild from 'esbuild';
import { installDependencies, requireNode20, root, run } from './setup.mjs';

requireNode20();
await installDependencies();
if ((await run('node', ['esbuild.mjs', '--production'])) !== 0) throw new Error('The build failed.');

const cache = `${root}.cache/bench`;
const others = `${cache}/others`;
mkdirSync(others, { recursive: true });
copyFileSync(`${root}test/bench/contestants/package.json`, `${others}/package.json`);
await run('npm', ['install', '--prefix', others, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']);

// Two folders below the root, as its sources are: what it imports from scripts/ stays where it is.
await bundle(cache, 'bench.ts', 'sizeChild.ts');
await bundle(cache, 'contestants/headlight.ts');
// Beside the packages that they import.
await bundle(others, 'contestants/transformersJs.mjs', 'contestants/onnxruntimeNode.mjs');
process.exitCode = await run('node', [`${cache}/bench.mjs`, root, ...process.argv.slice(2)]);

/**
 * @param {string} outdir
 * @param {readonly string[]} files in test/bench
 */
async function bundle(outdir, ...files) {
  const entryPoints = files.map((file) => `test/bench/${file}`);
  await esbuild.build({ absWorkingDir: root, entryPoints, outdir, outExtension: { '.js': '.mjs' }, bundle: true, platform: 'node', target: 'node20', format: 'esm', packages: 'external', external: ['../../scripts/*'], logLevel: 'warning' });
}
