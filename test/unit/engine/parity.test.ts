/** Numbers against `transformers`: every hook point of random checkpoints, made by test/goldens/make_goldens.py. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadModel, root, traceOf } from '../../support/engine.ts';
import { readSafetensors } from '../../support/safetensorsFile.ts';

const FIXTURES = join(root, 'test/fixtures');
const checkpoints = readdirSync(FIXTURES).filter((name) => name.startsWith('gpt2-'));

/** DESIGN.md: patterns to 1e-4, logits to 1e-3. */
const toleranceOf = (name: string): number => (name.endsWith('logits') ? 1e-3 : 1e-4);

function largestError(found: Float32Array, expected: Float32Array | Int32Array): number {
  let largest = 0;
  for (const [i, value] of expected.entries()) {
    const error = Math.abs((found[i] ?? NaN) - value);
    if (!(error <= largest)) largest = error; // NaN must not pass
  }
  return largest;
}

describe.each(checkpoints)('%s', (name) => {
  const folder = join('test/fixtures', name);
  const { tensors } = readSafetensors(join(FIXTURES, name, 'expected.safetensors'));
  const ids = [...(tensors.get('input_ids')?.data ?? [])];
  const hooks = [...tensors].filter(([hook]) => hook !== 'input_ids' && !hook.startsWith('past.'));

  it('gives every hook point as transformers does', async () => {
    const model = await loadModel(folder);
    const trace = await traceOf(model, ids);
    expect(hooks.length).toBeGreaterThan(10);
    for (const [hook, expected] of hooks) {
      const found = hook === 'logits' ? await trace.logits(ids.map((_, i) => i)) : await trace.get(hook);
      expect(found.shape, hook).toEqual(expected.shape);
      expect(largestError(found.data, expected.data), hook).toBeLessThanOrEqual(toleranceOf(hook));
    }
    await model.release();
  });

  it('gives the same with the first tokens taken from an earlier trace', async () => {
    const model = await loadModel(folder);
    const prefix = await traceOf(model, ids.slice(0, 10));
    const trace = await traceOf(model, ids, { prefix });
    expect(trace.reused).toBe(10);
    for (const [hook, expected] of hooks) {
      const found = hook === 'logits' ? await trace.logits(ids.map((_, i) => i)) : await trace.get(hook);
      expect(largestError(found.data, expected.data), hook).toBeLessThanOrEqual(toleranceOf(hook));
    }
    await model.release();
  });
});
