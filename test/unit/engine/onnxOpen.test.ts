/** A folder with an exported graph and a tokenizer, opened like any other model: by the built command line and its worker. */
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer, ModelInfo, RunEvent, Token } from '../../../src/protocol.ts';
import { Engine } from '../../../src/engine/engine.ts';
import { openFolder } from '../../../src/engine/files.node.ts';
import { loadModel, root, runtime, traceOf } from '../../support/engine.ts';
import { readSafetensors } from '../../support/safetensorsFile.ts';

const fixture = (name: string): string => join(root, 'test/fixtures/onnx', name);
const ids = (name: string, tensor: string): number[] => [...(readSafetensors(join(fixture(name), 'expected.safetensors')).tensors.get(tensor)?.data ?? [])];

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'headlight-onnx-'));
  cpSync(join(fixture('bert-eager'), 'model.onnx'), join(folder, 'model.onnx'));
  writeFileSync(join(folder, 'tokenizer.json'), JSON.stringify(letters()));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** reader's tokenizer with a vocabulary of letters, since the exported model knows 96 tokens. */
function letters(): unknown {
  const definition = JSON.parse(readFileSync(join(root, 'models/reader/tokenizer.json'), 'utf8')) as { added_tokens: { content: string; id: number }[]; model: Record<string, unknown> };
  const alphabet = 'a b c d e f g h i j k l m n o p q r s t u v w x y z'.split(' ');
  const pieces = [...alphabet, ...alphabet.map((letter) => `##${letter}`)];
  const special = definition.added_tokens.map(({ content, id }) => [content, id] as const);
  const vocab = Object.fromEntries([...special, ...pieces.map((piece, i) => [piece, special.length + i] as const)]);
  return { ...definition, model: { ...definition.model, vocab } };
}

async function headlight<T>(...given: readonly string[]): Promise<T> {
  const { stdout } = await promisify(execFile)(process.execPath, [join(root, 'dist/cli.js'), ...given]);
  return JSON.parse(stdout) as T;
}

describe('a folder with model.onnx and tokenizer.json', () => {
  it('is looked at by its text, without a configuration', async () => {
    const answer = await headlight<{ model: ModelInfo; tokens: Token[] } & Answer<'links'>>('attention', '-m', folder, '-t', 'a cat', '-l', '1', '-p', '100', '--json');
    expect(answer.model).toMatchObject({
      kind: 'encoder',
      door: 'onnx',
      type: 'onnx',
      attentions: [{ part: 'encoder', layers: 2, heads: 4, keyHeads: 4, queries: 'text', keys: 'text', causal: false }],
      predicts: 'masked',
      mask: '[MASK]',
      vocabulary: 96,
      positions: 32,
      width: 16,
      headWidth: 4,
      weights: 'F32',
    });
    expect(answer.tokens.map(({ text }) => text)).toEqual(['[CLS]', 'a', 'c', 'a', 't', '[SEP]']);
    expect(Object.values(answer.query)).toHaveLength(36);
  });

  it('says what it expects in the place of a mask', async () => {
    const model = await loadModel(folder);
    const trace = await traceOf(model, model.tokenizer.encode('a c[MASK]t').map(({ id }) => id));
    const logits = (await trace.logits([3])).data;
    await model.release();
    const { top } = await headlight<Answer<'next'>>('next', '-m', folder, '-t', 'a c[MASK]t', '--position', '3', '-k', '2', '--json');
    expect(top[0]?.id).toBe(logits.indexOf(Math.max(...logits)));
    expect(top[0]?.rank).toBe(1);
  });

  it('gives its patterns under their names, as transformers has them', async () => {
    const out = join(folder, 'trace.safetensors');
    await promisify(execFile)(process.execPath, [join(root, 'dist/cli.js'), 'trace', '-m', folder, '--ids', ids('bert-eager', 'input_ids').join(), '-o', out]);
    const { tensors } = readSafetensors(out);
    expect([...tensors.keys()]).toEqual(['blocks.0.attn.hook_pattern', 'blocks.1.attn.hook_pattern', 'logits']);
    for (const [name, { shape, data }] of readSafetensors(join(fixture('bert-eager'), 'expected.safetensors')).tensors) {
      if (name === 'input_ids') continue;
      expect(tensors.get(name)?.shape).toEqual(shape);
      expect(Math.max(...Array.from(data, (value, i) => Math.abs(value - (tensors.get(name)?.data[i] ?? NaN)))), name).toBeLessThan(name === 'logits' ? 1e-3 : 1e-4);
    }
  });
});

describe('an exported encoder–decoder', () => {
  it.each(['marian-halves', 'marian-merged', 't5-halves', 'bart-whole'])('%s writes what transformers writes', async (name) => {
    const engine = new Engine({ openFiles: openFolder, startRuntime: runtime, memory: () => ({ heap: Infinity, machine: Infinity }) });
    const written: number[][] = [];
    const outcome = await new Promise<RunEvent>((resolve) => {
      void engine.start({ runtime: '', threads: 1 }, (event) => {
        if (event.type === 'output') written.push(event.tokens.map(({ id }) => id));
        if (event.type === 'finished' || event.type === 'failed') resolve(event);
      });
      engine.run(1, { model: { name, location: fixture(name) }, text: '', ids: ids(name, 'input_ids') });
    });
    expect(outcome).toMatchObject({ type: 'finished' });
    const expected = ids(name, 'written_ids');
    expect(expected.length).toBeGreaterThan(2);
    expect(written.at(-1)).toEqual(expected);
  });
});

describe('a decoder', () => {
  it('of a file that was exported with caches is told from an encoder by what it sees', async () => {
    const model = await loadModel('test/fixtures/onnx/llama-cached');
    expect(model.info).toMatchObject({ kind: 'decoder', type: 'llama', predicts: 'next', heads: 4, keyHeads: 2, attentions: [{ part: 'decoder', causal: true }] });
    await model.release();
  });

  it('runs anew where an earlier text began the same: an exported graph takes nothing over', async () => {
    const model = await loadModel('test/fixtures/onnx/gpt2-eager');
    const all = ids('gpt2-eager', 'input_ids');
    const prefix = await traceOf(model, all.slice(0, 9));
    const trace = await traceOf(model, all, { prefix });
    expect(trace.reused).toEqual({ text: 0, output: 0 });
    expect((await trace.get('blocks.1.attn.hook_pattern')).shape).toEqual([1, 4, 17, 17]);
    await model.release();
  });

  it('that classifies predicts nothing of its tokens', async () => {
    const model = await loadModel('test/fixtures/onnx/distilbert-labels');
    expect(model.info).toMatchObject({ kind: 'encoder', predicts: 'nothing', vocabulary: 96 });
    await model.release();
  });
});
