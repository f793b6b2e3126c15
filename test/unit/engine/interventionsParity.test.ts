/** Each kind of intervention against transformers with hooks, on random checkpoints of four kinds of models. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkInterventions, labelOf, remaining } from '../../../src/engine/interventions.ts';
import { patchesOf } from '../../../src/engine/interventionsPatched.ts';
import type { Model } from '../../../src/engine/model.ts';
import { loadModel, root, traceOf } from '../../support/engine.ts';
import { readSafetensors } from '../../support/safetensorsFile.ts';

/** Of the largest logit. */
const TOLERANCE = 1e-4;

const count = v.number();
const part = v.picklist(['encoder', 'decoder', 'cross']);
const stack = v.picklist(['encoder', 'decoder']);
const by = v.picklist(['zero', 'mean']);
const Cases = v.array(
  v.array(
    v.variant('kind', [
      v.object({ kind: v.literal('head'), part, layer: count, head: count, by }),
      v.object({ kind: v.literal('attention'), part, layer: count, by }),
      v.object({ kind: v.literal('feedForward'), part: stack, layer: count, by }),
      v.object({ kind: v.literal('neuron'), part: stack, layer: count, index: count, by }),
      v.object({ kind: v.literal('token'), token: count }),
      v.object({ kind: v.literal('link'), part, layer: count, heads: v.array(count), query: count, key: count, renormalise: v.boolean() }),
      v.object({ kind: v.literal('positions'), by }),
    ]),
  ),
);

const FILES = readdirSync(join(root, 'test/fixtures')).filter((file) => file.startsWith('interventions-'));

describe.each(FILES)('%s', (file) => {
  const { tensors, metadata } = readSafetensors(join(root, 'test/fixtures', file));
  const cases = v.parse(Cases, JSON.parse(metadata['cases'] ?? ''));
  let model: Model;
  beforeAll(async () => {
    model = await loadModel(`test/fixtures/${file.replace(/^interventions-|\.safetensors$/g, '')}`);
  });
  afterAll(() => model.release());

  const list = (name: string): number[] => [...(tensors.get(name)?.data ?? [])];

  it.each(cases.map((interventions, index) => ({ interventions, index, name: interventions.map((one) => `${labelOf(one, true)}${'by' in one ? ` ${one.by}` : ''}${'renormalise' in one ? ` ${String(one.renormalise)}` : ''}`).join(' ') })))('$name', async ({ interventions, index }) => {
    const text = list('ids');
    const output = tensors.has('output_ids') ? { output: list('output_ids') } : {};
    checkInterventions(model, { text: text.length, output: output.output?.length ?? 0 }, interventions);
    const { kept, inside } = remaining(model, text.length, interventions);
    const ids = kept.map((i) => text[i] ?? 0);
    const plain = await traceOf(model, ids, output);
    const trace = plain.patched(await patchesOf(model, inside, { text: ids.length, output: output.output?.length ?? 0 }, plain));
    await trace.run(new AbortController().signal);
    const positions = (output.output ?? ids).map((_, position) => position);
    const actual = await trace.logits(positions);
    const expected = tensors.get(`case.${String(index)}`);
    expect(actual.shape).toEqual(expected?.shape);
    const largest = Math.max(...(expected?.data ?? []).map(Math.abs));
    const difference = Math.max(...actual.data.map((value, i) => Math.abs(value - (expected?.data[i] ?? NaN))));
    expect(difference / largest).toBeLessThan(TOLERANCE);
    trace.release();
    plain.release();
  });
});
