/** The built command line on encoder–decoders and recurrent networks: both sequences, all three attentions, states, and one sentence for what cannot be. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { headlight, json } from '../../support/commandLine.ts';
import { root } from '../../support/engine.ts';
import { readSafetensors } from '../../support/safetensorsFile.ts';

const scratch = mkdtempSync(join(tmpdir(), 'headlight-cli-'));
afterAll(() => rmSync(scratch, { recursive: true }));

const fixture = (name: string): string => join(root, 'test/fixtures', name);
const given = (name: string, tensor: string): string => [...(readSafetensors(join(fixture(name), 'expected.safetensors')).tensors.get(tensor)?.data ?? [])].join();

describe('trace', () => {
  it('stores every hook point for given decoder ids, as transformers has them', async () => {
    const name = 't5-gated';
    const out = join(scratch, `${name}.safetensors`);
    const ids = { input: given(name, 'input_ids'), output: given(name, 'decoder_input_ids') };
    const { stdout, code } = await headlight('trace', '-m', fixture(name), '--ids', ids.input, '--decoder-ids', ids.output, '-o', out);
    expect(code).toBe(0);
    expect(stdout).toContain('on 13 tokens and 17 of output');
    const { tensors, metadata } = readSafetensors(out);
    expect(metadata['input_ids']).toBe(`[${ids.input}]`);
    expect(metadata['output_ids']).toBe(`[${ids.output}]`);
    expect(JSON.parse(metadata['output_tokens'] ?? '')).toHaveLength(17);
    const expected = [...readSafetensors(join(fixture(name), 'expected.safetensors')).tensors].filter(([hook]) => !hook.endsWith('_ids') && !hook.startsWith('past.'));
    expect(expected.length).toBeGreaterThan(80);
    for (const [hook, { shape, data }] of expected) {
      expect(tensors.get(hook)?.shape, hook).toEqual(shape);
      expect(Math.max(...Array.from(data, (value, i) => Math.abs(value - (tensors.get(hook)?.data[i] ?? NaN)))), hook).toBeLessThan(hook === 'logits' ? 1e-3 : 1e-4);
    }
  });

  it('stores what the decoder writes itself', async () => {
    const out = join(scratch, 'written.safetensors');
    await headlight('trace', '-m', fixture('t5-bare'), '--ids', given('t5-bare', 'input_ids'), '-o', out);
    const { tensors, metadata } = readSafetensors(out);
    expect(metadata['output_ids']).toBe(`[${given('t5-bare', 'written_ids')}]`);
    expect(tensors.get('decoder.1.cross_attn.hook_pattern')?.shape).toEqual([1, 1, 3, 13]);
    expect(tensors.get('logits')?.shape).toEqual([1, 3, 96]);
  });
});

describe('questions', () => {
  const [name, ids, output] = ['marian-scaled', '5,6,7,8,9', '95,3,4'];
  const asked = ['-m', fixture(name), '--ids', ids, '--decoder-ids', output] as const;

  it.each([
    ['encoder', 5, 5],
    ['decoder', 3, 3],
    ['cross', 3, 5],
  ])('says who attends to whom in the %s', async (part, queries, keys) => {
    const answer = await json('attention', ...asked, '--part', part, '-l', '0', '-p', '100');
    expect(answer).toMatchObject({ part, layer: 0, tokens: { length: 5 }, output: { length: 3 } });
    expect(Math.max(...(answer['query'] as number[]))).toBe(queries - 1);
    expect(Math.max(...(answer['key'] as number[]))).toBe(keys - 1);
  });

  it('shows by default how the output reads the text', async () => {
    expect((await headlight('attention', ...asked)).stdout).toMatch(/, cross layer 0, the average of all 2 heads: tokens of the output attend to those of the text/);
  });

  it('says what comes next in the output, at its end or where it is asked', async () => {
    expect((await headlight('next', ...asked)).stdout).toMatch(/^After token 2 "#4" of the output, /);
    expect(await json('next', ...asked, '--position', '0')).toMatchObject({ position: 0, predicts: 'next', actual: { id: 3 } });
  });

  it('lists the tokens of both sequences', async () => {
    const { tokens, output: written } = await json('tokens', ...asked);
    expect([tokens, written]).toMatchObject([{ length: 5 }, [{ id: 95 }, { id: 3 }, { id: 4 }]]);
  });

  it('writes', async () => {
    const { output: written } = await json('write', '-m', fixture('t5-bare'), '--ids', given('t5-bare', 'input_ids'));
    expect(written).toMatchObject(given('t5-bare', 'written_ids').split(',').map((id) => ({ id: Number(id) })));
  });
});

describe('of a recurrent network', () => {
  const name = 'lstm-basic';
  const asked = ['-m', fixture(name), '--ids', given(name, 'input_ids')] as const;

  it('traces states, cells and gates as torch computes them', async () => {
    const out = join(scratch, `${name}.safetensors`);
    expect(await headlight('trace', ...asked, '-o', out)).toMatchObject({ code: 0, stderr: '' });
    const found = readSafetensors(out).tensors;
    const { tensors } = readSafetensors(join(fixture(name), 'expected.safetensors'));
    const expected = [...tensors].filter(([hook]) => hook !== 'input_ids' && !hook.startsWith('past.'));
    expect([...found.keys()].sort()).toEqual(expected.map(([hook]) => hook).sort());
    for (const [hook, { data }] of expected) {
      const own = found.get(hook)?.data ?? new Float32Array();
      const errors = Array.from(data, (value, at) => Math.abs(value - (own[at] ?? NaN)));
      expect(Math.max(...errors), hook).toBeLessThanOrEqual(hook === 'logits' ? 1e-3 : 1e-4);
    }
  });

  it('tells its tokens and what it expects', async () => {
    expect(await json('tokens', ...asked)).toMatchObject({ tokens: { length: 17 } });
    const { top } = await json('next', ...asked, '-k', '3');
    const { data } = readSafetensors(join(fixture(name), 'expected.safetensors')).tensors.get('logits') ?? { data: new Float32Array() };
    const last = [...data.slice(-96)];
    const likeliest = [...last.keys()].sort((a, b) => (last[b] ?? 0) - (last[a] ?? 0)).slice(0, 3);
    expect(top).toMatchObject(likeliest.map((id) => ({ id })));
  });
});

describe('what cannot be', () => {
  const decoder = ['-m', fixture('gpt2-basic'), '--ids', '1,2,3'] as const;
  const translating = ['-m', fixture('bart-basic'), '--ids', '1,2,3'] as const;
  it.each([
    ['decoder ids of a model without an output', ['next', ...decoder, '--decoder-ids', '1'], /gpt2-basic writes no output of its own/],
    ['writing with a model that does not', ['write', ...decoder], /gpt2-basic writes no output of its own/],
    ['a part that the model lacks', ['attention', ...decoder, '--part', 'cross'], /gpt2-basic has no cross attention\.\nIt has these: decoder\./],
    ['attention of a recurrent network', ['attention', '-m', fixture('gru-basic'), '--ids', '1,2,3'], /gru-basic is a recurrent network: it has states, and no attention\.\n/],
    ['a part that no model has', ['attention', ...decoder, '--part', 'middle'], /Allowed choices are encoder, decoder, cross/],
    ['more decoder ids than positions', ['next', ...translating, '--decoder-ids', Array.from({ length: 33 }, () => 2).join()], /33 token ids are more than the 32/],
    ['decoder ids that are no numbers', ['next', ...translating, '--decoder-ids', '2,x'], /It must be a whole number/],
    ['decoder ids beyond the vocabulary', ['next', ...translating, '--decoder-ids', '2,96'], /96 is not a token id of this model/],
    ['a language for a model that is told none', ['write', ...translating, '--target', 'fra'], /is not told into which language/],
  ])('is said in a sentence: %s', async (_, options, sentence) => {
    const { code, stderr, stdout } = await headlight(...options);
    expect(code).toBe(1);
    expect(stderr).toMatch(sentence);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(stdout).toBe('');
  });
});
