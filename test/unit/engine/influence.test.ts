/** Leave-one-out against brute force: the text without the token, run from its start by a trace that knows no other. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Model } from '../../../src/engine/model.ts';
import { influence } from '../../../src/engine/probes/influence.ts';
import { loadModel, traceOf } from '../../support/engine.ts';

const IDS = [5, 17, 42, 5, 5, 90, 17, 42, 3];
const POSITION = 6;

/** Softmax of the last position of a text, written out. */
async function prediction(model: Model, ids: readonly number[]): Promise<number[]> {
  const trace = await traceOf(model, ids);
  const powers = [...(await trace.logits([ids.length - 1])).data].map(Math.exp);
  const sum = powers.reduce((a, b) => a + b, 0);
  trace.release();
  return powers.map((power) => power / sum);
}

describe.each(['gpt2-basic', 'llama-basic', 'gemma2-basic', 'mistral-window', 'gru-basic', 'lstm-wide'])('influence in %s', (name) => {
  let model: Model;
  beforeAll(async () => {
    model = await loadModel(`test/fixtures/${name}`);
  });
  afterAll(() => model.release());

  it('is the divergence and the loss in bits that leaving each token out brings', async () => {
    const trace = await traceOf(model, IDS);
    const tokens = [0, 3, 4, 5, 6];
    const answer = await influence(trace, { position: POSITION, tokens });
    const p = await prediction(model, IDS.slice(0, POSITION + 1));
    const best = p.indexOf(Math.max(...p));
    expect(answer.likeliest).toMatchObject({ id: best, rank: 1 });
    expect(Math.exp(answer.likeliest.logProbability)).toBeCloseTo(p[best] ?? NaN, 4);
    for (const [i, token] of tokens.entries()) {
      const q = await prediction(model, IDS.slice(0, POSITION + 1).filter((_, index) => index !== token));
      const divergence = p.reduce((sum, value, id) => sum + value * Math.log2(value / (q[id] ?? NaN)), 0);
      expect(divergence).toBeGreaterThan(1e-3); // else nothing is compared
      expect(answer.divergence[i]).toBeCloseTo(divergence, 3);
      expect(answer.loss[i]).toBeCloseTo(Math.log2((p[best] ?? NaN) / (q[best] ?? NaN)), 3);
    }
    trace.release();
  });

  it('gives no room back late and none for itself: its own traces are released', async () => {
    const trace = await traceOf(model, IDS);
    const before = trace.keptBytes;
    await influence(trace, { position: POSITION, tokens: [1, 2] });
    expect(trace.keptBytes).toBe(before);
    trace.release();
    expect(trace.keptBytes).toBe(0);
  });

  it('ends when the run is released while it goes', async () => {
    const trace = await traceOf(model, IDS);
    const answer = influence(trace, { position: POSITION, tokens: [0, 1, 2, 3, 4, 5] });
    setImmediate(() => {
      trace.release();
    });
    await expect(answer).rejects.toMatchObject({ problem: { code: 'run.cancelled' } });
  });
});
