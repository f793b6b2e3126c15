/** The embedded recurrent network itself against torch, made by test/goldens/recaller_expected.py. */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { candidates, next } from '../../../src/engine/probes/next.ts';
import { surprisal } from '../../../src/engine/probes/surprisal.ts';
import { loadModel, root, traceOf } from '../../support/engine.ts';
import { largestError } from '../../support/largestError.ts';
import { readSafetensors } from '../../support/safetensorsFile.ts';

const { tensors, metadata } = readSafetensors(join(root, 'test/fixtures/recaller-expected.safetensors'));

it('reads, carries states and predicts as torch does', async () => {
  const model = await loadModel('models/recaller');
  const ids = model.tokenizer.encode(metadata['text'] ?? '').map(({ id }) => id);
  expect(ids).toEqual([...(tensors.get('input_ids')?.data ?? [])]);
  const trace = await traceOf(model, ids);
  for (let layer = 0; layer < model.info.layers; layer++) {
    expect(largestError((await trace.get(`rnn.${String(layer)}.hook_state`)).data, tensors.get(`rnn.${String(layer)}.state`)?.data), `layer ${String(layer)}`).toBeLessThanOrEqual(1e-4);
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
  expect(losses.length).toBe(ids.length - 1);
  for (const [i, loss] of losses.entries()) expect(Math.abs((bits[i] ?? NaN) - loss / Math.LN2), `token ${String(i + 1)}`).toBeLessThanOrEqual(1e-3);
  await model.release();
});

it('goes on from what is there already: a longer text takes over every earlier state', async () => {
  const model = await loadModel('models/recaller');
  const ids = [...(tensors.get('input_ids')?.data ?? [])];
  const earlier = await traceOf(model, ids.slice(0, -1));
  const trace = await traceOf(model, ids, { prefix: earlier });
  expect(trace.reused.text).toBe(ids.length - 1);
  expect(largestError((await trace.get('rnn.1.hook_state')).data, tensors.get('rnn.1.state')?.data)).toBeLessThanOrEqual(1e-4);
  expect(largestError((await trace.logits([ids.length - 1])).data, tensors.get('logits_last')?.data)).toBeLessThanOrEqual(1e-3);
  await model.release();
});
