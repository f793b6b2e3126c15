/** `npm run bench`: builds, then measures in one process and writes the table to test/bench/results.md and README.md. */
import * as esbuild from 'esbuild';
import { installDependencies, requireNode20, root, run } from './setup.mjs';

requireNode20();
await installDependencies();
if ((await run('node', ['esbuild.mjs', '--production'])) !== 0) throw new Error('The build failed.');
// Two folders below the root, as its sources are: what it imports from scripts/ stays where it is.
const bundle = `${root}.cache/bench/bench.mjs`;
await esbuild.build({ absWorkingDir: root, entryPoints: ['test/bench/bench.ts'], outfile: bundle, bundle: true, platform: 'node', target: 'node20', format: 'esm', packages: 'external', external: ['../../scripts/*'], logLevel: 'warning' });
process.exitCode = await run('node', [bundle, root]);
