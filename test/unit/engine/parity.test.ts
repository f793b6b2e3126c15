/** Numbers against `transformers`: every hook point of random checkpoints of each family, made by the scripts in test/goldens. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Model } from '../../../src/engine/model.ts';
import type { Trace } from '../../../src/engine/trace.ts';
import { loadModel, root, traceOf } from '../../support/engine.ts';
import { readSafetensors } from '../../support/safetensorsFile.ts';

const FIXTURES = join(root, 'test/fixtures');
const checkpoints = readdirSync(FIXTURES).filter((name) => existsSync(join(FIXTURES, name, 'expected.safetensors')));
/** Length of the past that past.* was computed with. */
const PAST = 10;

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
  const given = tensors.get('decoder_input_ids');
  const output = given && [...given.data];
  const positions = (output ?? ids).map((_, i) => i);
  const hooks = [...tensors].filter(([hook]) => !hook.endsWith('_ids') && !hook.startsWith('past.'));
  /** The first so many tokens, of the output where there is one. */
  const begun = (model: Model, count: number): Promise<Trace> => (output ? traceOf(model, ids, { output: output.slice(0, count) }) : traceOf(model, ids.slice(0, count)));
  const whole = (model: Model, prefix?: Trace): Promise<Trace> => traceOf(model, ids, { ...(output ? { output } : {}), ...(prefix ? { prefix } : {}) });

  it('gives every hook point as transformers does', async () => {
    const model = await loadModel(folder);
    const trace = await whole(model);
    expect(hooks.length).toBeGreaterThan(5);
    for (const [hook, expected] of hooks) {
      const found = hook === 'logits' ? await trace.logits(positions) : await trace.get(hook);
      expect(found.shape, hook).toEqual(expected.shape);
      expect(largestError(found.data, expected.data), hook).toBeLessThanOrEqual(toleranceOf(hook));
    }
    await model.release();
  });

  // Without past.*, transformers gives other numbers with a past than without: frequencies depend on the whole length.
  const reused = tensors.has('past.logits') ? PAST : 0;

  it(`gives the same after an earlier trace of ${String(PAST)} tokens, of which it takes over ${String(reused)}`, async () => {
    const model = await loadModel(folder);
    const trace = await whole(model, await begun(model, PAST));
    expect(trace.reused[output ? 'output' : 'text']).toBe(reused);
    for (const [hook, expected] of hooks) {
      const found = hook === 'logits' ? await trace.logits(positions) : await trace.get(hook);
      expect(largestError(found.data, expected.data), hook).toBeLessThanOrEqual(toleranceOf(hook));
    }
    const later = tensors.get('past.logits');
    if (later) expect(largestError((await trace.logits(positions.slice(PAST))).data, later.data)).toBeLessThanOrEqual(toleranceOf('logits'));
    await model.release();
  });
});
