/** Activation patching, rollout and value norms against transformers with hooks, on random checkpoints of four kinds of models. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Model } from '../../../src/engine/model.ts';
import { AttentionViews } from '../../../src/engine/probes/attentionViews.ts';
import { answer } from '../../../src/engine/probes/index.ts';
import { HeldLogits } from '../../../src/engine/probes/positionLogits.ts';
import type { Run } from '../../../src/engine/run.ts';
import type { PatchAnswer, PatchOver } from '../../../src/protocol.ts';
import { largestError } from '../../support/largestError.ts';
import { loadModel, root, traceOf } from '../../support/engine.ts';
import { readSafetensors } from '../../support/safetensorsFile.ts';

/** Of the largest logit. */
const TOLERANCE = 1e-4;

const part = v.picklist(['encoder', 'decoder', 'cross']);
const over = v.picklist(['resid_pre', 'attn_out', 'mlp_out', 'z']);
const Cases = v.array(
  v.variant('kind', [
    v.object({ kind: v.literal('position'), over, part, layer: v.number(), position: v.number() }),
    v.object({ kind: v.literal('head'), over, part, layer: v.number(), head: v.number() }),
  ]),
);

const FILES = readdirSync(join(root, 'test/fixtures')).filter((file) => file.startsWith('patching-'));

describe.each(FILES)('%s', (file) => {
  const { tensors, metadata } = readSafetensors(join(root, 'test/fixtures', file));
  const cases = v.parse(Cases, JSON.parse(metadata['cases'] ?? ''));
  const data = (name: string): Float32Array => Float32Array.from(tensors.get(name)?.data ?? []);
  const target = 7;
  const rival = 21;
  let model: Model;
  let clean: Run;
  let corrupted: Run;
  beforeAll(async () => {
    model = await loadModel(`test/fixtures/${file.replace(/^patching-|\.safetensors$/g, '')}`);
    const output = tensors.has('output_ids') ? { output: [...data('output_ids')] } : {};
    clean = runOf(await traceOf(model, [...data('clean_ids')], output));
    // What the corrupted run has written itself must not matter.
    corrupted = runOf(await traceOf(model, [...data('corrupted_ids')], tensors.has('output_ids') ? { output: [0, 5, 9] } : {}));
  });
  afterAll(() => {
    clean.trace.release();
    corrupted.trace.release();
    return model.release();
  });

  function runOf(trace: Run['trace']): Run {
    const tokens = { text: model.describe(trace.ids('text')), output: model.describe(trace.ids('output'), 'output') };
    return { trace, tokens, views: new AttentionViews(trace, tokens), logits: new HeldLogits(trace) };
  }

  const largest = Math.max(...data('clean').map(Math.abs));
  const lead = (logits: Float32Array): number => (logits[target] ?? NaN) - (logits[rival] ?? NaN);
  const logProbability = (logits: Float32Array): number => (logits[target] ?? NaN) - Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit), 0));

  const patched = (over: PatchOver, from: number, to: number): Promise<PatchAnswer> =>
    answer(clean, 'patch', { position: (model.network.output ? clean.tokens.output : clean.tokens.text).length - 1, target, rival, corrupted: 1, over, from, to }, () => corrupted);

  it.each((['resid_pre', 'attn_out', 'mlp_out', 'z'] as const).map((over) => ({ over })))('patches $over as the hooks do', async ({ over }) => {
    const { total, sites, ...all } = await patched(over, 0, 1000);
    expect(sites).toHaveLength(total);
    expect(Math.abs((all.clean.logitDifference ?? NaN) - lead(data('clean'))) / largest).toBeLessThan(TOLERANCE);
    expect(Math.abs((all.corrupted.logitDifference ?? NaN) - lead(data('corrupted'))) / largest).toBeLessThan(TOLERANCE);
    const asked = cases.flatMap(({ over: of, ...site }, i) => (of === over ? [{ site, logits: data(`case.${String(i)}`) }] : []));
    expect(asked.length).toBeGreaterThan(0);
    for (const { site, logits } of asked) {
      const at = sites.findIndex((one) => JSON.stringify(one) === JSON.stringify({ ...one, ...site }));
      expect(at, JSON.stringify(site)).toBeGreaterThanOrEqual(0);
      expect(Math.abs((all.logitDifference?.[at] ?? NaN) - lead(logits)) / largest, JSON.stringify(site)).toBeLessThan(TOLERANCE);
      expect(Math.abs((all.logProbability[at] ?? NaN) - logProbability(logits)) / largest).toBeLessThan(TOLERANCE);
      const restored = (lead(logits) - lead(data('corrupted'))) / (lead(data('clean')) - lead(data('corrupted')));
      expect(all.restored[at]).toBeCloseTo(restored, 2);
    }
  });

  it('gives the same piece by piece', async () => {
    const all = await patched('z', 0, 1000);
    const piece = await patched('z', 2, 5);
    expect(piece.total).toBe(all.total);
    expect(piece.sites).toEqual(all.sites.slice(2, 5));
    expect([...piece.logProbability]).toEqual([...all.logProbability.subarray(2, 5)]);
  });

  it.each([...tensors.keys()].filter((name) => /^(rollout|value_norm)\./.test(name)).map((name) => ({ name })))('$name', async ({ name }) => {
    const [measure = '', of = '', layer = ''] = name.split('.');
    const attention = model.attention(v.parse(part, of));
    const heads = measure === 'rollout' ? [0] : Array.from({ length: attention.heads }, (_, head) => head);
    const view = await clean.views.view({ part: attention.part, layer: Number(layer), heads, average: false, sink: 'show', unit: 'token', measure: measure === 'rollout' ? 'rollout' : 'valueNorm' });
    const actual = Float32Array.from(view.heads.flatMap(({ weights }) => [...weights]));
    expect(actual).toHaveLength(data(name).length);
    expect(largestError(actual, data(name))).toBeLessThan(1e-5);
  });
});
