/** A damaged folder gets one clear catalogue error that names the file. */
import { cpSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openFolder } from '../../../src/engine/files.node.ts';
import { Model } from '../../../src/engine/model.ts';
import { problemOf } from '../../../src/engine/problemError.ts';
import { safetensorsHeader } from '../../../src/engine/safetensors.ts';
import { describe as sentence } from '../../../src/problems.ts';
import type { Problem } from '../../../src/protocol.ts';
import { root, runtime } from '../../support/engine.ts';

let folder: string;

/** Each test damages a copy of its own. */
function startFrom(fixture: string): void {
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'headlight-damaged-'));
    cpSync(join(root, 'test/fixtures', fixture), folder, { recursive: true });
  });
  afterEach(() => rmSync(folder, { recursive: true }));
}

async function problem(): Promise<Problem> {
  const model = await Model.load({ name: 'damaged', location: folder }, openFolder(folder), runtime()).catch((thrown: unknown) => problemOf(thrown));
  if (model instanceof Model) throw new Error('the damaged model was opened');
  expect(sentence(model).message).not.toContain('?');
  return model;
}

const weights = (): string => join(folder, 'model.safetensors');

function editConfig(change: (config: Record<string, unknown>) => void): void {
  const config = JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8')) as Record<string, unknown>;
  change(config);
  writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
}

/** Replaces the header, keeping the data. */
function editHeader(change: (header: Record<string, { dtype: string; shape: number[]; data_offsets: number[] }>) => void): void {
  const bytes = readFileSync(weights());
  const length = Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.subarray(8, 8 + length).toString()) as Parameters<typeof change>[0];
  change(header);
  const json = Buffer.from(JSON.stringify(header));
  const prefix = Buffer.alloc(8);
  prefix.writeBigUInt64LE(BigInt(json.length));
  writeFileSync(weights(), Buffer.concat([prefix, json, bytes.subarray(8 + length)]));
}

describe('a damaged model folder', () => {
  startFrom('gpt2-basic');

  it.each(['config.json', 'model.safetensors'])('without %s', async (file) => {
    rmSync(join(folder, file));
    expect(await problem()).toMatchObject({ code: 'model.missingFile', facts: { file } });
  });

  it('with a config.json that is not JSON', async () => {
    writeFileSync(join(folder, 'config.json'), '{"model_type": "gpt2"');
    expect(await problem()).toMatchObject({ code: 'model.notJson', facts: { file: 'config.json' } });
  });

  it.each([
    ['no model_type', (c: Record<string, unknown>) => delete c['model_type'], 'model.badConfig'],
    ['an unknown architecture', (c: Record<string, unknown>) => (c['model_type'] = 'mamba'), 'model.unknownArchitecture'],
    ['no layers', (c: Record<string, unknown>) => (c['n_layer'] = 0), 'model.badConfig'],
    ['absurdly many layers', (c: Record<string, unknown>) => (c['n_layer'] = 1e9), 'model.badConfig'],
    ['more layers than the weights', (c: Record<string, unknown>) => (c['n_layer'] = 4), 'model.missingTensor'],
    ['heads that do not divide the width', (c: Record<string, unknown>) => (c['n_head'] = 5), 'model.badConfig'],
    ['another width', (c: Record<string, unknown>) => (c['n_embd'] = 64), 'model.wrongShape'],
    ['another vocabulary', (c: Record<string, unknown>) => (c['vocab_size'] = 7), 'model.wrongShape'],
    ['an unknown activation', (c: Record<string, unknown>) => (c['activation_function'] = 'constructor'), 'model.badConfig'],
  ])('whose config has %s', async (_, change, code) => {
    editConfig(change);
    expect((await problem()).code).toBe(code);
  });

  it('whose config is a list', async () => {
    writeFileSync(join(folder, 'config.json'), '[]');
    expect((await problem()).code).toBe('model.badConfig');
  });

  it.each([0, 4, 100])('whose weights are cut to %i bytes', async (length) => {
    truncateSync(weights(), length);
    expect(await problem()).toMatchObject({ code: 'model.badWeights', facts: { file: 'model.safetensors' } });
  });

  it('whose weights are cut in the last tensor', async () => {
    truncateSync(weights(), readFileSync(weights()).length - 1);
    expect((await problem()).code).toBe('model.badWeights');
  });

  it('whose header claims to be longer than the file', async () => {
    const bytes = readFileSync(weights());
    bytes.writeBigUInt64LE(2n ** 62n);
    writeFileSync(weights(), bytes);
    expect((await problem()).code).toBe('model.badWeights');
  });

  it('whose header is not JSON', async () => {
    const bytes = readFileSync(weights());
    bytes.fill(0xff, 8, 40);
    writeFileSync(weights(), bytes);
    expect((await problem()).code).toBe('model.badWeights');
  });

  const tensor = 'transformer.h.0.ln_1.weight';
  it.each([
    ['beyond the end', (h: Record<string, { data_offsets: number[] }>) => void h[tensor]?.data_offsets.splice(0, 2, 1e12, 1e12 + 128)],
    ['with a length that lies', (h: Record<string, { data_offsets: number[] }>) => void h[tensor]?.data_offsets.splice(1, 1, 7)],
    ['with negative offsets', (h: Record<string, { data_offsets: number[] }>) => void h[tensor]?.data_offsets.splice(0, 2, -128, 0)],
    ['with a shape that is no list', (h: Record<string, unknown>) => (h[tensor] = { dtype: 'F32', shape: 'all', data_offsets: [0, 4] })],
    ['in a format that is not read', (h: Record<string, { dtype: string }>) => void Object.assign(h[tensor] ?? {}, { dtype: 'F8_E4M3' })],
  ])('with a tensor %s', async (_, change) => {
    editHeader(change);
    expect((await problem()).code).toBe('model.badWeights');
  });

  it('without a tensor', async () => {
    editHeader((header) => Reflect.deleteProperty(header, tensor));
    expect(await problem()).toMatchObject({ code: 'model.missingTensor', facts: { tensor } });
  });

  it('with a tensor of another shape', async () => {
    editHeader((header) => void header[tensor]?.shape.unshift(1));
    expect(await problem()).toMatchObject({ code: 'model.wrongShape', facts: { tensor } });
  });
});

describe('a model with grouped heads and rotary positions', () => {
  startFrom('llama-llama3');
  type Change = (config: Record<string, unknown>) => void;
  const rope = (change: Change): Change => (c) => {
    const parameters = { ...(c['rope_scaling'] as Record<string, unknown>) };
    change(parameters);
    c['rope_scaling'] = parameters;
  };

  const cases: readonly (readonly [what: string, change: Change, code: string, named: string])[] = [
    ['key heads that do not divide the heads', (c) => void (c['num_key_value_heads'] = 3), 'model.badConfig', 'num_key_value_heads'],
    ['other key heads than the weights', (c) => void (c['num_key_value_heads'] = 4), 'model.wrongShape', 'k_proj'],
    ['another head width than the weights', (c) => void (c['head_dim'] = 8), 'model.wrongShape', 'q_proj'],
    ['a head of odd width', (c) => void (c['head_dim'] = 11), 'model.badConfig', '11'],
    ['an unknown kind of scaling', rope((p) => (p['rope_type'] = 'toString')), 'model.badConfig', 'toString'],
    ['a scaling without its factor', rope((p) => Reflect.deleteProperty(p, 'factor')), 'model.badConfig', 'factor'],
    ['a factor of zero', rope((p) => (p['factor'] = 0)), 'model.badConfig', 'factor'],
    ['factors for another head width', rope((p) => Object.assign(p, { rope_type: 'longrope', short_factor: [1], long_factor: [1] })), 'model.badConfig', 'long_factor'],
    ['biases that the weights lack', (c) => void (c['attention_bias'] = true), 'model.missingTensor', 'bias'],
  ];

  it.each(cases)('whose config has %s', async (_, change, code, named) => {
    editConfig(change);
    const found = await problem();
    expect(found.code).toBe(code);
    expect(sentence(found).message).toContain(named);
  });
});

describe('a model in several files', () => {
  startFrom('llama-sharded');
  const index = 'model.safetensors.index.json';
  const shard = 'model-00002-of-00002.safetensors';

  function editIndex(change: (map: Record<string, unknown>) => void): void {
    const written = JSON.parse(readFileSync(join(folder, index), 'utf8')) as { weight_map: Record<string, unknown> };
    change(written.weight_map);
    writeFileSync(join(folder, index), JSON.stringify(written));
  }

  it('without one of them', async () => {
    rmSync(join(folder, shard));
    expect(await problem()).toMatchObject({ code: 'model.missingFile', facts: { file: shard } });
  });

  it('of which one is cut', async () => {
    truncateSync(join(folder, shard), 1000);
    expect(await problem()).toMatchObject({ code: 'model.badWeights', facts: { file: shard } });
  });

  it('without the index', async () => {
    rmSync(join(folder, index));
    expect(await problem()).toMatchObject({ code: 'model.missingFile', facts: { file: 'model.safetensors' } });
  });

  it('whose index is not JSON', async () => {
    truncateSync(join(folder, index), 100);
    expect(await problem()).toMatchObject({ code: 'model.notJson', facts: { file: index } });
  });

  it.each(['[]', '{}', '{"weight_map": {"a": 1}}'])('whose index is %s', async (text) => {
    writeFileSync(join(folder, index), text);
    expect(await problem()).toMatchObject({ code: 'model.badWeights', facts: { file: index } });
  });

  it('whose index places a tensor where it is not', async () => {
    editIndex((map) => (map['model.norm.weight'] = 'model-00001-of-00002.safetensors'));
    const found = await problem();
    expect(found).toMatchObject({ code: 'model.badWeights', facts: { file: index } });
    expect(sentence(found).message).toContain('"model.norm.weight" in model-00001-of-00002.safetensors');
  });

  it('whose index lacks a tensor', async () => {
    editIndex((map) => Reflect.deleteProperty(map, 'model.norm.weight'));
    expect(await problem()).toMatchObject({ code: 'model.missingTensor', facts: { file: index, tensor: 'model.norm.weight' } });
  });

  it.each(['../model.safetensors', '/etc/model.safetensors', '..\\model.safetensors', 'C:model.safetensors', 'sub/model.safetensors', '..', 'config.json', ''])('whose index leads to "%s"', async (file) => {
    editIndex((map) => (map['model.norm.weight'] = file));
    const found = await problem();
    expect(found).toMatchObject({ code: 'model.badWeights', facts: { file: index } });
    expect(sentence(found).message).toContain(`"${file}"`);
  });
});

describe('a safetensors header', () => {
  it('is written so that the data starts at a multiple of 8, with offsets in order', () => {
    const header = safetensorsHeader([{ name: 'a', shape: [2, 3] }, { name: 'b', shape: [] }], { text: 'é' });
    const length = Number(new DataView(header.buffer).getBigUint64(0, true));
    expect(header.length).toBe(8 + length);
    expect(header.length % 8).toBe(0);
    expect(JSON.parse(new TextDecoder().decode(header.subarray(8)))).toEqual({
      __metadata__: { text: 'é' },
      a: { dtype: 'F32', shape: [2, 3], data_offsets: [0, 24] },
      b: { dtype: 'F32', shape: [], data_offsets: [24, 28] },
    });
  });
});

describe('a damaged folder of an encoder–decoder', () => {
  describe('with a generation_config.json', () => {
    startFrom('marian-basic');
    const write = (settings: unknown): void => writeFileSync(join(folder, 'generation_config.json'), typeof settings === 'string' ? settings : JSON.stringify(settings));

    it('that is not JSON', async () => {
      write('{"eos_token_id": 0');
      expect(await problem()).toMatchObject({ code: 'model.notJson', facts: { file: 'generation_config.json' } });
    });

    it.each([
      ['whose end is a word', { eos_token_id: '</s>' }, /^generation_config\.json: eos_token_id: /],
      ['that starts from a token the decoder does not have', { decoder_start_token_id: 96 }, /^token 96 is not one of the 96/],
      ['with a banned word of no tokens', { bad_words_ids: [[]] }, /^generation_config\.json: bad_words_ids\.0: /],
      ['that is a number', 5, /^generation_config\.json/],
    ])('%s', async (_, settings, detail) => {
      write(settings);
      expect((await problem()).facts['detail']).toMatch(detail);
    });
  });

  describe('of T5', () => {
    startFrom('t5-gated');

    it.each([
      ['a feed-forward of no known kind', (c: Record<string, unknown>) => (c['feed_forward_proj'] = 'gated-gelu-new'), 'model.badConfig'],
      ['an activation of no known kind', (c: Record<string, unknown>) => (c['feed_forward_proj'] = 'gated-mish'), 'model.badConfig'],
      ['distances that leave nothing for the wide buckets', (c: Record<string, unknown>) => (c['relative_attention_max_distance'] = 16), 'model.badConfig'],
      ['other buckets than the weights', (c: Record<string, unknown>) => (c['relative_attention_num_buckets'] = 30), 'model.wrongShape'],
      ['more layers of the decoder than the weights', (c: Record<string, unknown>) => (c['num_decoder_layers'] = 3), 'model.missingTensor'],
      ['an encoder only', (c: Record<string, unknown>) => (c['is_encoder_decoder'] = false), 'model.badConfig'],
    ])('%s', async (_, change, code) => {
      editConfig(change);
      expect(await problem()).toMatchObject({ code });
    });
  });

  describe('of BART', () => {
    startFrom('bart-basic');

    it.each([
      ['heads that do not divide the width', (c: Record<string, unknown>) => (c['decoder_attention_heads'] = 3), 'model.badConfig'],
      ['fewer positions than the weights', (c: Record<string, unknown>) => (c['max_position_embeddings'] = 30), 'model.wrongShape'],
      ['a head of its own that is not there', (c: Record<string, unknown>) => (c['tie_word_embeddings'] = false), 'model.missingTensor'],
    ])('%s', async (_, change, code) => {
      editConfig(change);
      expect(await problem()).toMatchObject({ code });
    });
  });
});

describe('a recurrent model folder', () => {
  startFrom('gru-wide');

  it.each([
    ['that reads both ways', (config: Record<string, unknown>): void => void (config['bidirectional'] = true), 'model.badConfig', 'bidirectional'],
    ['whose states are of another width', (config: Record<string, unknown>): void => void (config['hidden_size'] = 32), 'model.wrongShape', 'rnn.weight_ih_l0'],
    ['with more layers than weights', (config: Record<string, unknown>): void => void (config['num_hidden_layers'] = 3), 'model.missingTensor', 'rnn.weight_ih_l2'],
    ['without its own output matrix', (config: Record<string, unknown>): void => void (config['tie_word_embeddings'] = false), 'model.missingTensor', 'decoder.weight'],
  ] as const)('%s', async (_, change, code, named) => {
    editConfig(change);
    const { code: found, facts } = await problem();
    expect(found).toBe(code);
    expect(Object.values(facts).join()).toContain(named);
  });

  it('without the way from states to embeddings', async () => {
    editHeader((header) => {
      const { 'projection.weight': projection } = header;
      if (projection) header['elsewhere'] = projection;
      delete header['projection.weight'];
    });
    expect(await problem()).toMatchObject({ code: 'model.missingTensor', facts: { tensor: 'projection.weight' } });
  });
});
