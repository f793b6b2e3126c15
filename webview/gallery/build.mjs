/**
 * Draws the gallery from what the built engine says about a text:
 *
 *   npm run build && node webview/gallery/build.mjs [--text TEXT] [--model FOLDER] [--recurrent FOLDER] [--translator FOLDER]
 *
 * and writes dist/gallery.html, which opens in any browser.
 */
import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import * as esbuild from 'esbuild';

const root = resolve(import.meta.dirname, '../..');
const { values: options } = parseArgs({
  options: {
    text: { type: 'string', default: 'Once upon a time, there was a little girl named Lily. One day, Lily saw a big red ball in the park. She wanted to play with the ball.' },
    model: { type: 'string', default: resolve(root, 'models/storyteller') },
    recurrent: { type: 'string', default: resolve(root, 'models/recaller') },
    translator: { type: 'string', default: resolve(root, 'models/translator') },
  },
});
const worker = resolve(root, 'dist/worker.node.mjs');
if (!existsSync(worker)) throw new Error('dist/worker.node.mjs is missing: run npm run build first.');

const bundle = resolve(root, 'dist/gallery.mjs');
await esbuild.build({
  stdin: {
    contents: "export * from './webview/gallery/gallery.ts'; export * from './src/engine/client.ts'; export * from './src/engine/spawn.node.ts';",
    resolveDir: root,
    loader: 'ts',
  },
  bundle: true,
  platform: 'node',
  format: 'esm',
  packages: 'external',
  outfile: bundle,
});
const { EngineClient, galleryPage, spawnNodeWorker } = await import(pathToFileURL(bundle).href);
await rm(bundle);

const engine = new EngineClient(() => spawnNodeWorker(worker), { runtime: pathToFileURL(resolve(root, 'dist/runtime')).href + '/', threads: 0 });
try {
  /** Runs a model on the text; its layers or states, and a way to ask it. */
  const runOf = async (name, location, text = options.text, targets = []) => {
    const summaries = [];
    const states = [];
    let info;
    let output = [];
    const { run, done } = engine.run({ model: { name, location: resolve(location) }, text, targets }, (event) => {
      if (event.type === 'started') ({ info } = event);
      if (event.type === 'layer') summaries.push(event.summary);
      if (event.type === 'output') output = event.tokens;
      if (event.type === 'state') states.push(event.summary);
      if (event.type === 'failed') throw new Error(`${event.problem.code}: ${JSON.stringify(event.problem.facts)}`);
    });
    await done;
    const ask = async (question, about) => {
      const outcome = await engine.ask(run, question, about);
      if (!outcome.ok) throw new Error(`${outcome.problem.code}: ${JSON.stringify(outcome.problem.facts)}`);
      return outcome.value;
    };
    return { info, summaries, states, output, ask };
  };
  const { info, summaries, ask } = await runOf('gallery', options.model);
  const recurrent = await runOf('recurrent', options.recurrent);
  const translation = await runOf('translator', options.translator, 'The committee will meet again on Monday.', ['>>fra<<']);
  const cross = { part: 'cross', layer: 1, heads: [...Array(translation.info.model.heads).keys()], average: false, sink: 'show', unit: 'token' };
  const { layers, heads } = info.model;
  const [{ part }] = info.model.attentions;
  const of = { part, layer: Math.floor(layers / 2), heads: [...Array(heads).keys()], average: false, sink: 'show', unit: 'token' };
  const one = { ...of, heads: [0] };
  const unit = Math.floor((info.tokens.length * 2) / 3);
  const page = galleryPage({
    info,
    of,
    unit,
    summaries,
    links: await ask('links', { ...of, percent: 70, limit: 5000 }),
    row: await ask('focus', { ...of, percent: 70, unitIndex: unit, direction: 'from' }),
    column: await ask('focus', { ...of, percent: 70, unitIndex: unit, direction: 'to' }),
    pattern: await ask('pattern', one),
    patternRow: await ask('focus', { ...one, percent: 70, unitIndex: unit, direction: 'from' }),
    influence: await ask('influence', { position: unit, tokens: [...Array(unit + 1).keys()] }),
    translation: {
      info: translation.info,
      output: translation.output,
      of: cross,
      links: await translation.ask('links', { ...cross, percent: 70, limit: 5000 }),
      unit: 1,
      row: await translation.ask('focus', { ...cross, percent: 70, unitIndex: 1, direction: 'from' }),
    },
    recurrent: {
      info: recurrent.info,
      changes: recurrent.states,
      states: await recurrent.ask('states', { layer: 0, units: 32 }),
      influence: await recurrent.ask('influence', { position: unit, tokens: [...Array(unit + 1).keys()] }),
    },
  });
  await writeFile(resolve(root, 'dist/gallery.html'), page);
  console.log('dist/gallery.html');
} finally {
  await engine.dispose();
}
