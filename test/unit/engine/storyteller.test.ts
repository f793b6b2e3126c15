/** The embedded model itself against `transformers`, made by test/goldens/storyteller_expected.py. */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { candidates, next } from '../../../src/engine/probes/next.ts';
import { surprisal } from '../../../src/engine/probes/surprisal.ts';
import { loadModel, root, traceOf } from '../../support/engine.ts';
import { largestError } from '../../support/largestError.ts';
import { readSafetensors } from '../../support/safetensorsFile.ts';

const { tensors, metadata } = readSafetensors(join(root, 'test/fixtures/storyteller-expected.safetensors'));

it('reads, attends and predicts as transformers does', async () => {
  const model = await loadModel('models/storyteller');
  const ids = model.tokenizer.encode(metadata['text'] ?? '').map(({ id }) => id);
  expect(ids).toEqual([...(tensors.get('input_ids')?.data ?? [])]);
  const trace = await traceOf(model, ids);
  for (let layer = 0; layer < model.info.layers; layer++) {
    expect(largestError((await trace.pattern('decoder', layer)).data, tensors.get(`blocks.${String(layer)}.attn.hook_pattern`)?.data), `layer ${String(layer)}`).toBeLessThanOrEqual(1e-4);
  }
  const logits = await trace.logits([ids.length - 1]);
  expect(largestError(logits.data, tensors.get('logits_last')?.data)).toBeLessThanOrEqual(1e-3);
  const expected = JSON.parse(metadata['top'] ?? '') as [string, number][];
  const { top } = next(logits.data, ids.length - 1, expected.length, candidates(logits.data, model), undefined);
  for (const [i, [text, probability]] of expected.entries()) {
    expect(top[i]?.text).toBe(text);
    expect(Math.exp(top[i]?.logProbability ?? NaN)).toBeCloseTo(probability, 4);
  }
  const losses = tensors.get('losses')?.data ?? [];
  const { bits } = await surprisal(trace, { from: 1, to: ids.length });
  for (const [i, loss] of losses.entries()) expect(Math.abs((bits[i] ?? NaN) - loss / Math.LN2), `token ${String(i + 1)}`).toBeLessThanOrEqual(1e-3);
  await model.release();
});
