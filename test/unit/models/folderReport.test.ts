import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KNOWN_TYPES } from '../../../src/engine/architectures/index.ts';
import { catalog } from '../../../src/models/catalog.ts';
import { diskFolder } from '../../../src/models/diskFolder.ts';
import { inspectFolder } from '../../../src/models/folderReport.ts';
import { parseRepo } from '../../../src/models/hub/repo.ts';
import { kindOf, knownTypes } from '../../../src/models/modelKind.ts';
import { Speed } from '../../../src/models/speed.ts';
import { readSafetensors } from '../../support/safetensorsFile.ts';

const fixtures = new URL('../../fixtures/', import.meta.url).pathname;

describe('the report on a folder', () => {
  let scratch: string;
  let folder: string;
  beforeEach(() => {
    scratch = mkdtempSync(join(tmpdir(), 'headlight-folder-'));
    folder = join(scratch, 'model');
  });
  afterEach(() => rmSync(scratch, { recursive: true }));

  const from = (fixture: string): void => cpSync(join(fixtures, fixture), folder, { recursive: true });
  const write = (file: string, content: string | Uint8Array): void => writeFileSync(join(folder, file), content);
  const remove = (file: string): void => rmSync(join(folder, file));
  const findings = async (): Promise<string[]> => (await inspectFolder(diskFolder(folder))).findings.map(({ file, problem }) => `${file}: ${problem.code}`);

  it.each(['gpt2-basic', 'gpt2-f16', 'llama-sharded'])('finds nothing wrong with %s, and counts its weights', async (fixture) => {
    from(fixture);
    const report = await inspectFolder(diskFolder(folder));
    expect(report.findings.filter(({ file }) => file !== 'tokenizer.json')).toEqual([]);
    expect(report.kind).toBe('decoder');
    expect(report.memory).toBeGreaterThan(0);
  });

  it('states weights as they are in memory: float32, however they are stored', async () => {
    from('gpt2-basic');
    const { tensors } = readSafetensors(join(folder, 'model.safetensors'));
    const values = [...tensors.values()].reduce((sum, { data }) => sum + data.length, 0);
    expect((await inspectFolder(diskFolder(folder))).memory).toBe(values * 4);
  });

  it('reads the licence from the card', async () => {
    from('gpt2-basic');
    write('README.md', '---\nlanguage: en\nlicense: apache-2.0\n---\n# A model\nlicense: mit\n');
    expect((await inspectFolder(diskFolder(folder))).licence).toBe('apache-2.0');
  });

  it('names every file that is missing', async () => {
    mkdirSync(folder);
    expect(await findings()).toEqual(['config.json: model.missingFile', 'model.safetensors: model.missingFile', 'tokenizer.json: model.missingFile']);
  });

  it('names every file that is damaged', async () => {
    from('gpt2-basic');
    write('config.json', '{"model_type": "gpt2",');
    write('tokenizer.json', 'not json');
    truncateSync(join(folder, 'model.safetensors'), 5000);
    expect(await findings()).toEqual(['config.json: model.notJson', 'model.safetensors: model.badWeights', 'tokenizer.json: model.notJson']);
  });

  it.each([
    ['a few bytes', 'abc'],
    ['a pointer of Git LFS', 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 3\n'],
    ['a header that is longer than the file', new Uint8Array([255, 255, 0, 0, 0, 0, 0, 0, 123])],
    ['a header that is longer than anything', new Uint8Array([255, 255, 255, 255, 255, 255, 255, 255, 123])],
    ['a header that is no JSON', new Uint8Array([2, 0, 0, 0, 0, 0, 0, 0, 1, 2])],
    ['a header of something else', new Uint8Array([9, 0, 0, 0, 0, 0, 0, 0, ...new TextEncoder().encode('{"a":"b"}')])],
  ])('does not take %s for weights', async (_, content) => {
    from('gpt2-basic');
    write('tokenizer.json', '{}');
    write('model.safetensors', content);
    expect(await findings()).toEqual(['model.safetensors: model.badWeights']);
  });

  it('says which shards are missing', async () => {
    from('llama-sharded');
    write('tokenizer.json', '{}');
    const index: unknown = JSON.parse(readFileSync(join(folder, 'model.safetensors.index.json'), 'utf8'));
    const shards = [...new Set(JSON.stringify(index).match(/model-\d+-of-\d+\.safetensors/g))];
    remove(shards[0] ?? '');
    const report = await inspectFolder(diskFolder(folder));
    expect(report.findings).toMatchObject([{ file: 'model.safetensors.index.json', problem: { code: 'folder.missingShards', facts: { files: shards[0] } } }]);
  });

  it.each(['pytorch_model.bin', 'model.gguf'])('says what would help where there is only %s', async (file) => {
    from('gpt2-basic');
    write('tokenizer.json', '{}');
    remove('model.safetensors');
    write(file, 'x');
    expect(await findings()).toEqual([`${file}: folder.otherWeights`]);
  });

  it.each(['model.onnx', 'onnx/model.onnx', 'onnx/decoder_model.onnx', 'onnx/model_quantized.onnx'])('takes %s for weights too', async (file) => {
    from('gpt2-basic');
    write('tokenizer.json', '{}');
    remove('model.safetensors');
    mkdirSync(join(folder, 'onnx'));
    write(file, 'x');
    expect(await findings()).toEqual([]);
  });

  it('says so where the folder cannot be read', async () => {
    expect(await findings()).toEqual(['model: folder.unreadable']);
  });

  it('says so where the type cannot be opened, unless an ONNX file tells what to compute', async () => {
    from('gpt2-basic');
    write('tokenizer.json', '{}');
    write('config.json', '{"model_type": "mamba"}');
    expect(await findings()).toEqual(['config.json: model.unknownArchitecture']);
    write('model.onnx', 'x');
    expect(await findings()).toEqual([]);
    remove('model.safetensors');
    remove('config.json');
    expect(await findings()).toEqual([]);
  });

  it('says so where config.json names no type', async () => {
    from('gpt2-basic');
    write('tokenizer.json', '{}');
    for (const config of ['{}', '[]', 'null', '{"model_type": 3}']) {
      write('config.json', config);
      expect(await findings()).toEqual(['config.json: model.badConfig']);
    }
  });
});

describe('the kind of a model', () => {
  it('is known of each type that the engine opens, and of no other', () => {
    expect([...knownTypes()].sort()).toEqual([...KNOWN_TYPES].sort());
    expect(KNOWN_TYPES.filter((type) => kindOf({ model_type: type }) === null)).toEqual([]);
  });

  it.each([
    [{ model_type: 'strange', architectures: ['StrangeForCausalLM'] }, 'decoder'],
    [{ model_type: 'strange', architectures: ['StrangeForMaskedLM'] }, 'encoder'],
    [{ model_type: 'strange', is_encoder_decoder: true }, 'encoder-decoder'],
    [{ model_type: 'strange' }, null],
    [null, null],
    ['gpt2', null],
  ])('of %j is %j', (config, kind) => {
    expect(kindOf(config)).toBe(kind);
  });
});

describe('the catalogue', () => {
  it('names repositories that can be asked for, each once, 30 MB to 1.5 GB', () => {
    const entries = catalog();
    expect(entries.map(({ repo }) => parseRepo(repo)?.id)).toEqual(entries.map(({ repo }) => repo));
    expect(new Set(entries.map(({ repo }) => repo)).size).toBe(entries.length);
    expect(entries.filter(({ megabytes }) => megabytes < 30 || megabytes > 1500)).toEqual([]);
  });

  it('has every kind that the Hub has models of', () => {
    expect([...new Set(catalog().map(({ kind }) => kind))].sort()).toEqual(['decoder', 'encoder', 'encoder-decoder']);
  });
});

describe('the speed of a download', () => {
  it('is that of the last seconds, told twice a second', () => {
    let now = 0;
    const speed = new Speed(() => now);
    const at = (milliseconds: number, bytes: number): number | null => {
      now = milliseconds;
      return speed.at(bytes);
    };
    expect(at(0, 0)).toBeNull();
    expect(at(400, 400)).toBeNull();
    expect(at(500, 1000)).toBe(2000);
    expect(at(900, 100_000)).toBe(2000);
    // Ten seconds later what was before no longer counts.
    expect(at(10_500, 100_000)).toBeNull();
    expect(at(11_500, 101_000)).toBe(1000);
  });

  it('is not that of a file that begins anew', () => {
    let now = 0;
    const speed = new Speed(() => now);
    for (const [milliseconds, bytes] of [[0, 0], [1000, 5000], [2000, 0]] as const) {
      now = milliseconds;
      speed.at(bytes);
    }
    now = 3000;
    expect(speed.at(1000)).toBe(1000);
  });
});
