/**
 * `npm run bench`: builds, then measures and writes the table to test/bench/results.md and README.md.
 * `-- --large` also loads the largest models that fit. What Headlight is measured beside is installed into
 * .cache/bench/others; where that cannot be done, or HEADLIGHT_PYTHON names no Python with torch, the table says so.
 */
import { copyFileSync, mkdirSync } from 'node:fs';
import * as esbuild from 'esbuild';
import { installDependencies, requireNode20, root, run } from './setup.mjs';

/**
 * sharp reads images by a native library: nothing here has any.
 * @type {esbuild.Plugin}
 */
const withoutImages = {
  name: 'without images',
  setup(build) {
    build.onResolve({ filter: /^sharp$/ }, () => ({ path: 'sharp', namespace: 'nothing' }));
    build.onLoad({ filter: /.*/, namespace: 'nothing' }, () => ({ contents: 'export default {};' }));
  },
};

requireNode20();
await installDependencies();
if ((await run('node', ['esbuild.mjs', '--production'])) !== 0) throw new Error('The build failed.');

const cache = `${root}.cache/bench`;
const others = `${cache}/others`;
mkdirSync(others, { recursive: true });
copyFileSync(`${root}test/bench/contestants/package.json`, `${others}/package.json`);
await run('npm', ['install', '--prefix', others, '--ignore-scripts', '--no-audit', '--no-fund', '--omit=optional', '--loglevel=error']);

/** @type {esbuild.BuildOptions} */
const node = { absWorkingDir: root, bundle: true, platform: 'node', target: 'node20', format: 'esm', logLevel: 'warning' };
// Two folders below the root, as its sources are: what it imports from scripts/ stays where it is.
await esbuild.build({ ...node, entryPoints: ['test/bench/bench.ts', 'test/bench/sizeChild.ts'], outdir: cache, outExtension: { '.js': '.mjs' }, packages: 'external', external: ['../../scripts/*'] });
await esbuild.build({ ...node, entryPoints: ['test/bench/contestants/headlight.ts', 'test/bench/contestants/onnxruntimeNode.mjs'], outdir: others, outExtension: { '.js': '.mjs' }, packages: 'external' });
await bundleTransformersJs();
process.exitCode = await run('node', [`${cache}/bench.mjs`, root, ...process.argv.slice(2)]);

/** With Headlight's own runtime in the place of the one that it would call in Node; where it is not installed there is no bundle. */
async function bundleTransformersJs() {
  const runtime = `${root}node_modules/onnxruntime-web/dist/ort.node.min.mjs`;
  const build = {
    ...node,
    entryPoints: ['test/bench/contestants/transformersJs.mjs'],
    outdir: others,
    outExtension: { '.js': '.mjs' },
    nodePaths: [`${others}/node_modules`],
    alias: { 'onnxruntime-node': runtime, 'onnxruntime-web': runtime, 'onnxruntime-web/webgpu': runtime },
    plugins: [withoutImages],
    banner: { js: "import { createRequire as headlightCreateRequire } from 'node:module'; const require = headlightCreateRequire(import.meta.url);" },
  };
  await esbuild.build(build).catch(() => console.log('@huggingface/transformers could not be bundled: it is left out.'));
}
