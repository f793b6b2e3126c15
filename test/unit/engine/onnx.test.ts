/** ONNX files as torch and ONNX Runtime's optimiser write them, against `transformers`; made by test/goldens/make_onnx_goldens.py. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadModel, root, traceOf } from '../../support/engine.ts';
import { readSafetensors } from '../../support/safetensorsFile.ts';

const FOLDER = 'test/fixtures/onnx';
const exports = readdirSync(join(root, FOLDER)).filter((name) => existsSync(join(root, FOLDER, name, 'expected.safetensors')));

/** DESIGN.md: patterns to 1e-4, logits to 1e-3; numbers of 16 bits have three digits. */
function toleranceOf(name: string, hook: string): number {
  if (name.endsWith('half')) return 1e-2;
  return hook === 'logits' ? 1e-3 : 1e-4;
}

function largestError(found: Float32Array, expected: Float32Array | Int32Array): number {
  let largest = 0;
  for (const [i, value] of expected.entries()) {
    const error = Math.abs((found[i] ?? NaN) - value);
    if (!(error <= largest)) largest = error; // NaN must not pass
  }
  return largest;
}

describe.each(exports)('%s', (name) => {
  it('gives the patterns and logits that transformers gives', async () => {
    const { tensors } = readSafetensors(join(root, FOLDER, name, 'expected.safetensors'));
    const ids = [...(tensors.get('input_ids')?.data ?? [])];
    const output = tensors.get('decoder_input_ids');
    const hooks = [...tensors].filter(([hook]) => !hook.endsWith('_ids'));
    const model = await loadModel(join(FOLDER, name));
    const trace = await traceOf(model, ids, output ? { output: [...output.data] } : {});
    expect(hooks.length).toBeGreaterThan(1);
    for (const [hook, expected] of hooks) {
      const found = hook === 'logits' ? await trace.logits((output ? [...output.data] : ids).map((_, i) => i)) : await trace.get(hook);
      expect(found.shape, hook).toEqual(expected.shape);
      expect(largestError(found.data, expected.data), hook).toBeLessThanOrEqual(toleranceOf(name, hook));
    }
    const patterns = model.network.attentions.flatMap(({ layers, pattern }) => Array.from({ length: layers }, (_, layer) => pattern(layer)));
    expect(patterns.toSorted()).toEqual(hooks.map(([hook]) => hook).filter((hook) => hook !== 'logits').toSorted());
    const named = model.network.stages.flatMap((stage) => stage.hooks.map((hook) => hook.name)).filter((hook) => hook.includes('hook_'));
    expect(named.toSorted()).toEqual(patterns.toSorted());
    await model.release();
  });
});
