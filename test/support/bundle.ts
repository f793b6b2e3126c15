/** Tests that run elsewhere than in vitest, bundled for where they run. */
import { chmod, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as esbuild from 'esbuild';
import { root } from '../../scripts/setup.mjs';

/** Beside the server build, one level below the root as the scripts expect it of themselves. */
const outdir = join(root, '.vscode-test');

/** The executable for @vscode/test-electron. Returns its path. */
export async function bundleStandIn(): Promise<string> {
  const outfile = join(outdir, 'stand-in.mjs');
  await esbuild.build({ entryPoints: [join(root, 'test/vscode/standIn.ts')], outfile, bundle: true, platform: 'node', format: 'esm', packages: 'external', logLevel: 'warning' });
  await chmod(outfile, 0o755);
  return outfile;
}

/** All `*.suite.ts` of a folder as one script with `run()`, for an extension host of Node or of a browser. Returns its path. */
export async function bundleSuites(host: 'node' | 'web'): Promise<string> {
  const folder = join(root, 'test/vscode/suites', host);
  const suites = (await readdir(folder)).filter((file) => file.endsWith('.suite.ts')).sort();
  const outfile = join(outdir, `suites.${host}.cjs`);
  const runner = `../runner.${host}.ts`;
  await esbuild.build({
    stdin: {
      contents: `import { runMocha } from '${runner}';\nexport const run = () => runMocha(() => { ${suites.map((file) => `require('./${file}');`).join(' ')} });\n`,
      resolveDir: folder,
      loader: 'ts',
    },
    outfile,
    bundle: true,
    platform: host === 'node' ? 'node' : 'browser',
    format: 'cjs',
    external: host === 'node' ? ['vscode', 'mocha'] : ['vscode'],
    sourcemap: 'inline',
    logLevel: 'warning',
  });
  return outfile;
}
