/** What a model is known by: every file that matters counts, and where the folder is does not. */
import { createHash } from 'node:crypto';
import { appendFileSync, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openFolder } from '../../../src/engine/files.node.ts';
import type { ModelFiles } from '../../../src/engine/files.ts';
import { fingerprintOf, WHOLE_BYTES } from '../../../src/engine/fingerprint.ts';
import { root } from '../../support/engine.ts';

const storyteller = join(root, 'models/storyteller');
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'headlight-fingerprint-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const hash = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');

async function fingerprint(location: string): Promise<string> {
  const files = openFolder(location);
  try {
    return await fingerprintOf(files);
  } finally {
    await files.close();
  }
}

/** A copy of a fixture under a name of its own. */
function copyOf(source: string, name: string): string {
  const copy = join(folder, name);
  cpSync(source, copy, { recursive: true });
  return copy;
}

/** A folder in memory, as the browser has it. */
const inMemory = (contents: Readonly<Record<string, Uint8Array>>): ModelFiles => ({
  folder: 'memory',
  size: (file) => Promise.resolve(contents[file]?.length ?? null),
  text: (file) => Promise.resolve(new TextDecoder().decode(contents[file])),
  range: (file, start, end) => Promise.resolve((contents[file] ?? new Uint8Array()).subarray(start, end)),
  read: () => Promise.reject(new Error('not needed')),
  close: () => Promise.resolve(),
});

describe('a fingerprint', () => {
  it('is the hash of the list of files', async () => {
    const names = ['config.json', 'generation_config.json', 'model.safetensors', 'tokenizer.json', 'tokenizer_config.json'];
    const list = names.map((name) => {
      const bytes = readFileSync(join(storyteller, name));
      return `${name}\t${String(bytes.length)}\t${hash(bytes)}\n`;
    });
    expect(await fingerprint(storyteller)).toBe(hash(list.join('')));
  });

  it('is the same from memory and from another folder, whatever else lies there', async () => {
    const copy = copyOf(storyteller, 'elsewhere');
    writeFileSync(join(copy, 'notes.txt'), 'mine');
    const contents = Object.fromEntries(readdirSync(copy).map((name) => [name, new Uint8Array(readFileSync(join(copy, name)))] as const));
    expect(new Set([await fingerprint(storyteller), await fingerprint(copy), await fingerprintOf(inMemory(contents))]).size).toBe(1);
  });

  it.each(['config.json', 'tokenizer.json', 'model.safetensors'])('is another when %s is', async (name) => {
    const copy = copyOf(storyteller, `other-${name}`);
    appendFileSync(join(copy, name), ' ');
    expect(await fingerprint(copy)).not.toBe(await fingerprint(storyteller));
  });

  it('takes in every shard', async () => {
    const sharded = join(root, 'test/fixtures/llama-sharded');
    const shard = readdirSync(sharded).filter((name) => /^model-.*\.safetensors$/.test(name)).at(-1) ?? '';
    const copy = copyOf(sharded, 'sharded');
    const bytes = readFileSync(join(copy, shard));
    bytes[bytes.length - 1] = (bytes[bytes.length - 1] ?? 0) ^ 1;
    writeFileSync(join(copy, shard), bytes);
    expect(await fingerprint(copy)).not.toBe(await fingerprint(sharded));
  });

  it('samples large files, beginning and end included', async () => {
    const seen: string[] = [];
    for (const change of ['none', 'beginning', 'end']) {
      const copy = copyOf(join(root, 'test/fixtures/gpt2-basic'), `large-${change}`);
      const weights = join(copy, 'model.safetensors');
      if (change === 'beginning') writeFileSync(weights, Buffer.concat([Buffer.from('!'), readFileSync(weights).subarray(1)]));
      truncateSync(weights, WHOLE_BYTES + 10);
      if (change === 'end') {
        truncateSync(weights, WHOLE_BYTES + 9);
        appendFileSync(weights, '!');
      }
      seen.push(await fingerprint(copy));
    }
    expect(new Set(seen).size).toBe(3);
  });

  it('is not given to a folder without weights, nor to an index that leads out of it', async () => {
    const bare = mkdtempSync(join(folder, 'bare-'));
    writeFileSync(join(bare, 'config.json'), '{}');
    await expect(fingerprint(bare)).rejects.toMatchObject({ problem: { code: 'model.missingFile' } });
    writeFileSync(join(bare, 'model.safetensors.index.json'), JSON.stringify({ weight_map: { a: '../../secret.safetensors' } }));
    await expect(fingerprint(bare)).rejects.toMatchObject({ problem: { code: 'model.badWeights' } });
  });
});
