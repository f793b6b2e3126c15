/** Temperature, top-k, top-p and min-p against transformers, and a draw against what it means. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { candidates, next } from '../../../src/engine/probes/next.ts';
import { positionLogits } from '../../../src/engine/probes/positionLogits.ts';
import { sample, sampled } from '../../../src/engine/probes/sampling.ts';
import type { Sampled, Sampling } from '../../../src/protocol.ts';
import { root } from '../../support/engine.ts';

interface Case {
  readonly logits: number[];
  readonly sampling: Sampling;
  readonly probabilities: number[];
  /** Tokens with any probability: the file rounds. */
  readonly kept: number;
}

const cases = JSON.parse(readFileSync(join(root, 'test/fixtures/sampling.json'), 'utf8')) as Case[];

/** What is told of all tokens. */
function all(logits: readonly number[], sampling: Sampling, draw?: number): { readonly ids: number[]; readonly told: Sampled } {
  const at = positionLogits(Float32Array.from(logits));
  const candidate = candidates(at.logits, { outputText: String, isSpecial: () => false });
  const { top } = next(at.logits, 0, logits.length, candidate, undefined);
  return { ids: top.map(({ id }) => id), told: sampled(sample(at, sampling), top, draw, candidate) };
}

describe('sampling', () => {
  it.each(cases)('leaves what transformers leaves with $sampling', ({ logits, sampling, probabilities, kept }) => {
    const { ids, told } = all(logits, sampling);
    for (const [i, id] of ids.entries()) expect(told.drawn[i]).toBeCloseTo(probabilities[id] ?? NaN, 5);
    expect(told.kept).toBe(kept);
  });

  const logits = fc.array(fc.double({ min: -20, max: 20, noNaN: true }), { minLength: 1, maxLength: 40 });
  const sampling = fc.record({ temperature: fc.double({ min: 0.1, max: 2, noNaN: true }), topK: fc.nat(50), topP: fc.double({ min: 0, max: 1, noNaN: true }), minP: fc.double({ min: 0, max: 1, noNaN: true }) });

  it('accounts for all of the probability: what is drawn, and what each rule leaves out', () => {
    fc.assert(
      fc.property(logits, sampling, (raw, settings) => {
        const { told } = all(raw, settings);
        const { topK, topP, minP } = told.excluded;
        expect(told.drawn.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 4);
        expect(told.kept + topK.tokens + topP.tokens + minP.tokens).toBe(raw.length);
        const kept = told.tempered.reduce((sum, p, i) => (told.rule[i] === null ? sum + p : sum), 0);
        expect(kept + topK.share + topP.share + minP.share).toBeCloseTo(1, 4);
        expect(told.kept).toBeGreaterThanOrEqual(1);
      }),
    );
  });

  it('draws the token in whose part the number falls', () => {
    fc.assert(
      fc.property(logits, sampling, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (raw, settings, draw) => {
        const { choice, drawn } = all(raw, settings, draw).told;
        expect(choice?.probability).toBeGreaterThan(0);
        expect(draw).toBeGreaterThanOrEqual((choice?.from ?? NaN) - 1e-9);
        const end = (choice?.from ?? NaN) + (choice?.probability ?? NaN);
        expect(draw).toBeLessThanOrEqual(Math.max(end, drawn.length ? 1 - 1e-9 : 0) + 1e-9);
        expect(draw < end || end > 1 - 1e-9).toBe(true);
      }),
    );
  });
});
