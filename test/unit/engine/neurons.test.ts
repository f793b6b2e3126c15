/** Neurons by experiment: what one adds to the logits with the last norm frozen, against the model's own output weights written out. */
import { describe, expect, it } from 'vitest';
import type { Model } from '../../../src/engine/model.ts';
import { attribution } from '../../../src/engine/probes/attribution.ts';
import { neurons } from '../../../src/engine/probes/neurons.ts';
import { loadModel, traceOf } from '../../support/engine.ts';

const IDS = [5, 17, 42, 90, 3, 60];
const POSITION = 4;

/** A whole matrix of the checkpoint. */
async function matrix(model: Model, name: string): Promise<Float32Array> {
  const { checkpoint } = model.weights;
  if (!checkpoint) throw new Error('an exported graph');
  const [rows = 0] = checkpoint.entry(name).shape;
  return checkpoint.rows(name, Array.from({ length: rows }, (_, row) => row));
}

describe.each([
  { name: 'gpt2-basic', biased: 'transformer.h.1.mlp.c_proj.bias' },
  { name: 'llama-basic', biased: null },
  { name: 'gemma2-biases', biased: null },
  { name: 'phi-basic', biased: 'model.layers.1.mlp.fc2.bias' },
])('all neurons of a layer of $name', ({ name, biased }) => {
  it('are there, the strongest first', async () => {
    const model = await loadModel(`test/fixtures/${name}`);
    const trace = await traceOf(model, IDS);
    const { shape, data } = await trace.get('blocks.1.mlp.hook_post');
    const count = shape[2] ?? 0;
    const own = [...data.subarray(POSITION * count, (POSITION + 1) * count)];
    const answer = await neurons(trace, { layer: 1, position: POSITION, top: 3, tokens: 2 });
    expect(answer.count).toBe(count);
    const strongest = [...own.keys()].sort((a, b) => Math.abs(own[b] ?? 0) - Math.abs(own[a] ?? 0)).slice(0, 3);
    expect(answer.neurons.map(({ neuron }) => neuron)).toEqual(strongest);
    for (const { neuron, activation, promotes, suppresses } of answer.neurons) {
      expect(activation).toBe(own[neuron]);
      expect([promotes.length, suppresses.length]).toEqual([2, 2]);
      expect(promotes[0]?.logit).toBeGreaterThanOrEqual(promotes[1]?.logit ?? NaN);
      expect(suppresses[0]?.logit).toBeLessThanOrEqual(suppresses[1]?.logit ?? NaN);
    }
    await model.release();
  });

  it('add to a logit together, but for the bias, what the feed-forward part does', async () => {
    const model = await loadModel(`test/fixtures/${name}`);
    const trace = await traceOf(model, IDS);
    const { vocabulary } = model.info;
    const all = await neurons(trace, { layer: 1, position: POSITION, top: 1000, tokens: vocabulary });
    const bias = biased === null ? null : await biasShare(model, biased);
    for (const id of [7, 42]) {
      const added = all.neurons.reduce((sum, { promotes }) => sum + (promotes.find((token) => token.id === id)?.logit ?? NaN), 0);
      const { shares } = await attribution(trace, { position: POSITION, id });
      const whole = shares.find((share) => share.part === 'feedForward' && share.layer === 1)?.value ?? NaN;
      expect(added + (bias ? await bias(id) : 0)).toBeCloseTo(whole, 3);
    }
    await model.release();

    /** What the bias behind the neurons adds to a logit, written out for a LayerNorm. */
    async function biasShare(opened: Model, tensor: string): Promise<(id: number) => Promise<number>> {
      const stored = new Float32Array(opened.info.width);
      await opened.weights.checkpoint?.read(tensor, stored);
      const gamma = new Float32Array(opened.info.width);
      await opened.weights.checkpoint?.read(name === 'phi-basic' ? 'model.final_layernorm.weight' : 'transformer.ln_f.weight', gamma);
      const mean = stored.reduce((sum, value) => sum + value, 0) / stored.length;
      const scale = (await trace.get('ln_final.hook_scale')).data[POSITION] ?? NaN;
      const head = await matrix(opened, name === 'phi-basic' ? 'lm_head.weight' : 'transformer.wte.weight');
      return (id) => Promise.resolve(stored.reduce((sum, value, i) => sum + ((value - mean) / scale) * (gamma[i] ?? 0) * (head[id * stored.length + i] ?? 0), 0));
    }
  });
});
