import { describe, expect, it } from 'vitest';
import type { HeadStepsAnswer } from '../../../src/protocol.ts';
import { dividesByRoot, productStep, runningSteps, seenRows, softmaxStep, valuesStep } from '../../../webview/headSteps.ts';

/** Two components, three keys of which the last is masked; scores 1, 0 and −∞. */
const answer: HeadStepsAnswer = {
  keys: 3,
  visible: 2,
  width: 2,
  keyHead: 0,
  turned: false,
  q: Float32Array.of(1, 2),
  q0: null,
  told: Int32Array.of(4, 5, 6),
  k: Float32Array.of(3, -1, 0, 0, 9, 9),
  v: Float32Array.of(1, 0, 0, 1, 7, 7),
  scale: 1,
  softcap: null,
  products: Float32Array.of(1, 0, 27),
  added: null,
  scores: Float32Array.of(1, 0, -Infinity),
  largest: 1,
  sum: 1 + Math.exp(-1),
  pattern: Float32Array.of(0.75, 0.25, 0),
  z: Float32Array.of(0.75, 0.25),
};

describe('the steps of a head', () => {
  it('go through a product component by component', () => {
    expect(runningSteps(answer, 'product')).toBe(2);
    expect(productStep(answer, 0, 0)).toMatchObject({ last: null, sum: 0 });
    expect(productStep(answer, 0, 1)).toMatchObject({ last: { component: 0, q: 1, k: 3, product: 3 }, sum: 3 });
    expect(productStep(answer, 0, 2)).toMatchObject({ last: { component: 1, q: 2, k: -1, product: -2 }, sum: 1 });
  });

  it('add up exponentials of the keys that are seen', () => {
    expect(seenRows(answer)).toEqual([0, 1]);
    expect(runningSteps(answer, 'softmax')).toBe(2);
    expect(softmaxStep(answer, 1)).toMatchObject({ last: 0, sum: 1 });
    expect(softmaxStep(answer, 2).sum).toBeCloseTo(answer.sum, 6);
  });

  it('add up weighted values until that is what the head hands on', () => {
    expect(valuesStep(answer, 0)).toMatchObject({ last: null, share: 0 });
    expect([...valuesStep(answer, 1).sum]).toEqual([0.75, 0]);
    const all = valuesStep(answer, 2);
    expect([...all.sum]).toEqual([...answer.z]);
    expect([...all.added]).toEqual([0, 0.25]);
    expect(all.share).toBe(1);
  });

  it('know whether scores are divided by the root of the width', () => {
    expect(dividesByRoot(answer)).toBe(false);
    expect(dividesByRoot({ ...answer, width: 32, scale: 1 / Math.sqrt(32) })).toBe(true);
  });
});
