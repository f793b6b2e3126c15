/**
 * Builds everything that ships into dist/.
 *
 *   node esbuild.mjs [--production] [--watch]
 *
 * `--production` minifies and leaves the source maps out; `--watch` builds again on every change.
 */
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import * as esbuild from 'esbuild';
import { thirdPartyNotices } from './scripts/notices.mjs';

const { values: flags } = parseArgs({
  options: { production: { type: 'boolean', default: false }, watch: { type: 'boolean', default: false } },
});

/** CommonJS dependencies call `require` for Node's own modules, which ES modules do not have. */
const requireForEsm = "import { createRequire as headlightCreateRequire } from 'node:module'; const require = headlightCreateRequire(import.meta.url);";

/** @type {esbuild.BuildOptions} What every Node target shares; VS Code 1.100 runs extensions on Node 20. */
const node = { platform: 'node', target: 'node20', bundle: true };
/** @type {esbuild.BuildOptions} What every browser target shares. */
const browser = { platform: 'browser', target: 'es2022', bundle: true };

/** What reads lessons (Markdown, YAML, formulas) is large and seldom wanted: in Node it is a file of its own, loaded with the first lesson. A browser's host loads one file only. */
const lessonReader = { name: 'lesson-reader', setup: (/** @type {esbuild.PluginBuild} */ build) => void build.onResolve({ filter: /\/lessonReader\.ts$/ }, () => ({ path: './lessons.cjs', external: true })) };

/** @type {readonly esbuild.BuildOptions[]} One line a file that ships. */
const targets = [
  { ...node, entryPoints: ['src/extension.ts'], outfile: 'dist/extension.cjs', format: 'cjs', external: ['vscode'], define: { 'import.meta.url': '__filename' }, plugins: [lessonReader] },
  { ...node, entryPoints: ['src/lessons/lessonReader.ts'], outfile: 'dist/lessons.cjs', format: 'cjs' },
  { ...browser, entryPoints: ['src/extension.web.ts'], outfile: 'dist/extension.web.cjs', format: 'cjs', external: ['vscode'] },
  // onnxruntime-web has one entry for browsers and one for Node, which reads its files from the disk instead of fetching them.
  { ...node, entryPoints: ['src/engine/worker.node.ts'], outfile: 'dist/worker.node.mjs', format: 'esm', banner: { js: requireForEsm }, alias: { 'onnxruntime-web/wasm': 'onnxruntime-web' } },
  { ...browser, entryPoints: ['src/engine/worker.web.ts'], outfile: 'dist/worker.web.js', format: 'iife', define: { 'import.meta.url': 'self.location.href' } },
  { ...node, entryPoints: ['src/cli.ts'], outfile: 'dist/cli.js', format: 'esm', banner: { js: requireForEsm } },
  { ...browser, entryPoints: ['webview/main.tsx'], outfile: 'dist/page.js', format: 'iife', jsx: 'automatic', jsxImportSource: 'preact' },
  { ...browser, entryPoints: ['webview/page.css'], outfile: 'dist/page.css' },
];

/** Files of onnxruntime-web that it loads itself at run time, by name. */
const runtimeFiles = ['ort-wasm-simd-threaded.mjs', 'ort-wasm-simd-threaded.wasm'];

const builds = targets.map((target) => ({
  ...target,
  minify: flags.production,
  sourcemap: flags.production ? false : 'linked',
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
}));

await mkdir('dist/runtime', { recursive: true });
for (const file of runtimeFiles) {
  await cp(`node_modules/onnxruntime-web/dist/${file}`, `dist/runtime/${file}`);
}

if (flags.watch) {
  for (const build of builds) {
    const context = await esbuild.context({ ...build, logLevel: 'info' });
    await context.watch();
  }
} else {
  const results = await Promise.all(builds.map((build) => esbuild.build(build)));
  const inputs = results.flatMap((result) => Object.keys(result.metafile.inputs));
  await writeFile('dist/ThirdPartyNotices.txt', await thirdPartyNotices([...inputs, ...runtimeFiles.map((file) => `node_modules/onnxruntime-web/dist/${file}`)]));
  for (const result of results) {
    for (const [file, output] of Object.entries(result.metafile.outputs)) {
      if (!file.endsWith('.map')) console.log(`${file}  ${(output.bytes / 1024).toFixed(0)} KB`);
    }
  }
}
