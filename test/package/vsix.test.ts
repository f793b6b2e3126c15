import { execFile } from 'node:child_process';
import { readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as v from 'valibot';
import { root } from '../../scripts/setup.mjs';
import { EngineClient } from '../../src/engine/client.ts';
import { spawnNodeWorker } from '../../src/engine/spawn.node.ts';
import type { RunEvent } from '../../src/protocol.ts';
import { packedVsix } from '../support/packed.ts';
import { unpack, type Unpacked } from '../support/unpack.ts';

const megabyte = 1024 * 1024;

describe('the package', () => {
  let unpacked: Unpacked;
  beforeAll(async () => {
    unpacked = await unpack(packedVsix());
  });
  afterAll(() => rm(unpacked.folder, { recursive: true }));

  it('is at most 44 MB, of which weights are 40', async () => {
    expect((await stat(packedVsix())).size).toBeLessThanOrEqual(44 * megabyte);
    const weights = [...unpacked.files].filter(([file]) => file.endsWith('.safetensors')).map(([, size]) => size);
    expect(weights.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(40 * megabyte);
  });

  it('holds what runs and what people read, and nothing else', () => {
    const allowed = /^(dist\/[\w.-]+\.(js|cjs|mjs|css)|dist\/ThirdPartyNotices\.txt|dist\/runtime\/ort-wasm-simd-threaded\.(mjs|wasm)|l10n\/bundle\.l10n(\.[\w-]+)?\.json|media\/(icon\.png|panel-\w+\.svg|probe\.schema\.json|lesson\.\w+\.json|lessons\/(README\.md|glossary\.json|(en|zh-cn)\/[\w-]+\.md)|walkthrough\/\w+\.svg|screenshots\/[\w-]+\.png)|models\/\w+\/[\w.-]+|package(\.nls(\.[\w-]+)?)?\.json|readme\.md|changelog\.md|LICENSE(\.txt)?|NOTICE)$/i;
    expect([...unpacked.files.keys()].filter((file) => !allowed.test(file))).toEqual([]);
  });

  it.each(['dist/extension.cjs', 'dist/lessons.cjs', 'dist/extension.web.cjs', 'dist/worker.node.mjs', 'dist/worker.web.js', 'dist/page.js', 'dist/page.css', 'dist/cli.js', 'dist/runtime/ort-wasm-simd-threaded.mjs', 'dist/runtime/ort-wasm-simd-threaded.wasm', 'dist/ThirdPartyNotices.txt', 'models/storyteller/model.safetensors', 'models/reader/model.safetensors', 'models/translator/model.safetensors', 'models/recaller/model.safetensors', 'package.nls.zh-cn.json', 'l10n/bundle.l10n.zh-cn.json', 'media/icon.png', 'NOTICE'])(
    'holds %s',
    (file) => {
      expect([...unpacked.files.keys()]).toContain(file);
    },
  );

  it.each([
    // What is loaded when the extension wakes; the reader of lessons comes with the first of them, but a browser's host loads one file only.
    ['dist/extension.cjs', 280],
    ['dist/lessons.cjs', 560],
    ['dist/extension.web.cjs', 720],
    ['dist/worker.node.mjs', 600],
    ['dist/worker.web.js', 600],
    ['dist/cli.js', 720],
    ['dist/page.js', 540],
    ['dist/page.css', 60],
  ])('%s is at most %i KB', (file, kilobytes) => {
    expect(unpacked.files.get(file)).toBeLessThanOrEqual(kilobytes * 1024);
  });

  it('names no folder of the machine that packed it', async () => {
    for (const file of unpacked.files.keys()) {
      if (!/\.(js|cjs|mjs|css|json)$/.test(file)) continue;
      expect((await readFile(join(unpacked.folder, file), 'utf8')).includes(root), file).toBe(false);
    }
  });

  it('carries the licence of everything that it bundles', async () => {
    const notices = await readFile(join(unpacked.folder, 'dist/ThirdPartyNotices.txt'), 'utf8');
    for (const name of ['onnxruntime-web', 'preact', '@preact/signals', 'comlink', '@vscode/webview-ui-toolkit', '@huggingface/tokenizers', '@huggingface/hub', 'commander', 'valibot']) {
      expect(notices).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\(`, 'm'));
    }
  });

  it('has a worker that runs its own model', async () => {
    const dist = join(unpacked.folder, 'dist');
    const engine = new EngineClient(() => spawnNodeWorker(join(dist, 'worker.node.mjs')), { runtime: `${pathToFileURL(dist).href}/runtime/`, threads: 1 });
    const events: RunEvent[] = [];
    try {
      const model = { name: 'storyteller', location: join(unpacked.folder, 'models/storyteller') };
      const { run, done } = engine.run({ model, text: 'Once upon a time there was a little' }, (event) => events.push(event));
      await done;
      expect(events.at(-1)).toMatchObject({ type: 'finished' });
      const next = await engine.ask(run, 'next', { position: 3, top: 5 });
      expect(next).toMatchObject({ ok: true, value: { top: { length: 5 } } });
    } finally {
      await engine.dispose();
    }
  });

  it('has a command line that prints tokens with their ranges', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [join(unpacked.folder, 'dist/cli.js'), 'tokens', '--text', 'A red ball.', '--json']);
    const { tokens } = v.parse(v.object({ tokens: v.array(v.object({ start: v.number(), end: v.number() })) }), JSON.parse(stdout));
    expect(tokens.map(({ start, end }) => 'A red ball.'.slice(start, end)).join('')).toBe('A red ball.');
  });
});
