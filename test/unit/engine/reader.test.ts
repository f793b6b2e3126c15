/** The embedded encoder itself against `transformers`, made by test/goldens/reader_expected.py. */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { candidates, next } from '../../../src/engine/probes/next.ts';
import { windowTokens } from '../../../src/engine/window.ts';
import { loadModel, root, traceOf } from '../../support/engine.ts';
import { largestError } from '../../support/largestError.ts';
import { readSafetensors } from '../../support/safetensorsFile.ts';

const { tensors, metadata } = readSafetensors(join(root, 'test/fixtures/reader-expected.safetensors'));
const texts = JSON.parse(metadata['texts'] ?? '') as string[];
const tops = JSON.parse(metadata['tops'] ?? '') as [string, number][][];

it.each(texts.map((text, index) => [text, index] as const))('reads, attends and fills as transformers does: %s', async (text, index) => {
  const expected = (name: string) => tensors.get(`${String(index)}.${name}`)?.data;
  const model = await loadModel('models/reader');
  const ids = model.tokenizer.encode(text).map(({ id }) => id);
  expect(ids).toEqual([...(expected('input_ids') ?? [])]);
  const trace = await traceOf(model, ids);
  for (let layer = 0; layer < model.info.layers; layer++) {
    expect(largestError((await trace.pattern('encoder', layer)).data, expected(`blocks.${String(layer)}.attn.hook_pattern`)), `layer ${String(layer)}`).toBeLessThanOrEqual(1e-4);
  }
  expect(largestError((await trace.get('blocks.0.hook_resid_pre')).data, expected('blocks.0.hook_resid_pre'))).toBeLessThanOrEqual(1e-4);
  const last = await trace.get(`blocks.${String(model.info.layers - 1)}.hook_normalized_resid_post`);
  expect(largestError(last.data, expected('last_hidden_state'))).toBeLessThanOrEqual(1e-4);

  expect(model.info.mask).toBe('[MASK]');
  const mask = ids.indexOf(model.maskId ?? -1);
  const logits = await trace.logits([mask]);
  expect(largestError(logits.data, expected('logits_mask'))).toBeLessThanOrEqual(1e-3);
  const wanted = tops[index] ?? [];
  expect(wanted).not.toHaveLength(0);
  const { top } = next(logits.data, mask, wanted.length, candidates(logits.data, model), undefined);
  for (const [i, [token, probability]] of wanted.entries()) {
    expect(top[i]?.text).toBe(token);
    expect(Math.exp(top[i]?.logProbability ?? NaN)).toBeCloseTo(probability, 4);
  }
  await model.release();
});

it('keeps [CLS] and [SEP] around each part of a long text', async () => {
  const model = await loadModel('models/reader');
  const long = 'The little fox was hungry. '.repeat(100);
  const tokens = model.tokenizer.encode(long);
  const { positions } = model.info;
  for (const start of [0, 100, 10_000]) {
    const { tokens: shown, window } = windowTokens(tokens, positions, start, { length: long.length, read: long.length });
    expect(shown).toHaveLength(positions);
    expect([shown[0]?.text, shown.at(-1)?.text]).toEqual(['[CLS]', '[SEP]']);
    expect(window.end - window.start).toBe(positions - 2);
  }
  await model.release();
});
