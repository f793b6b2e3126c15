/** `npm run bench`: builds, then measures in one process and writes the table to test/bench/results.md and README.md. */
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
execFileSync(process.execPath, ['esbuild.mjs', '--production'], { cwd: root, stdio: 'inherit' });
mkdirSync(`${root}.cache/bench`, { recursive: true });
const bundle = `${root}.cache/bench/bench.mjs`;
await esbuild.build({ absWorkingDir: root, entryPoints: ['test/bench/bench.ts'], outfile: bundle, bundle: true, platform: 'node', target: 'node20', format: 'esm', alias: { 'onnxruntime-web/wasm': 'onnxruntime-web' }, logLevel: 'warning' });
execFileSync(process.execPath, [bundle, root], { cwd: root, stdio: 'inherit' });
