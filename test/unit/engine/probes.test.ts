/** Attention as it is looked at, and the softmax, against plain restatements of what they mean. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isKept, mergeUnits, rowThresholds, viewAttention } from '../../../src/engine/probes/attention.ts';
import { focus } from '../../../src/engine/probes/focus.ts';
import { followersOf, headScores, summarizeLayer, type Seen } from '../../../src/engine/probes/layerSummary.ts';
import { links } from '../../../src/engine/probes/links.ts';
import { candidates, next } from '../../../src/engine/probes/next.ts';
import { pattern as patternProbe } from '../../../src/engine/probes/pattern.ts';
import { unitStarts } from '../../../src/engine/probes/units.ts';
import { floats, type FloatTensor } from '../../../src/engine/tensor.ts';
import type { AttentionOf, Token } from '../../../src/protocol.ts';

const token = (word: number): Token => ({ id: word, text: 'x', bytes: [120], start: 0, end: 1, origin: 'text', partial: false, word });
const ALL: AttentionOf = { part: 'decoder', layer: 0, heads: [0], average: false, sink: 'show', unit: 'token' };

const THREE = [token(0), token(1), token(2)];

/** What scores are about: a decoder's pattern between tokens with these ids. */
const seen = (ids: readonly number[], window: number | null = null): Seen => ({ part: 'decoder', causal: true, queryIds: ids, keyIds: ids, window, punctuation: new Uint8Array(ids.length), followers: followersOf(ids) });

/** `[1, heads, n, n]` causal patterns whose rows sum to 1. */
const causal = fc.integer({ min: 1, max: 12 }).chain((n) =>
  fc.array(fc.array(fc.double({ min: 0.001, max: 1, noNaN: true }), { minLength: n * n, maxLength: n * n }), { minLength: 1, maxLength: 3 }).map((heads): FloatTensor => {
    const tensor = floats([1, heads.length, n, n]);
    for (const [h, raw] of heads.entries()) {
      for (let q = 0; q < n; q++) {
        const row = raw.slice(q * n, q * n + q + 1);
        const sum = row.reduce((a, b) => a + b, 0);
        row.forEach((value, k) => (tensor.data[(h * n + q) * n + k] = value / sum));
      }
    }
    return tensor;
  }),
);

const sum = (values: Iterable<number>): number => [...values].reduce((a, b) => a + b, 0);

describe('words', () => {
  it('add up weights to their pieces and average the rows of theirs', () => {
    const weights = Float32Array.of(1, 0, 0, 0.5, 0.5, 0, 0.2, 0.3, 0.5);
    const starts = unitStarts([token(0), token(0), token(1)], 'word');
    expect([...mergeUnits(weights, starts, starts)].map((w) => +w.toFixed(4))).toEqual([1, 0, 0.5, 0.5]);
  });

  it('keep every row summing to 1', () => {
    fc.assert(
      fc.property(causal, fc.integer({ min: 1, max: 4 }), (pattern, size) => {
        const n = pattern.shape[2] ?? 0;
        const tokens = Array.from({ length: n }, (_, i) => token(Math.floor(i / size)));
        const view = viewAttention(pattern, tokens, tokens, { ...ALL, unit: 'word' });
        const [head] = view.heads;
        for (let q = 0; q < view.queries; q++) expect(sum(head?.weights.subarray(q * view.keys, (q + 1) * view.keys) ?? [])).toBeCloseTo(1, 4);
      }),
    );
  });
});

describe('the sink', () => {
  it('is taken out and the rest renormalised, with its share stated', () => {
    const view = viewAttention(floats([1, 1, 3, 3], Float32Array.of(1, 0, 0, 0.75, 0.25, 0, 0.5, 0.1, 0.4)), THREE, THREE, { ...ALL, sink: 'remove' });
    expect([...(view.heads[0]?.weights ?? [])].map((w) => +w.toFixed(4))).toEqual([0, 0, 0, 0, 1, 0, 0, 0.2, 0.8]);
    expect([...(view.heads[0]?.sinkShare ?? [])]).toEqual([1, 0.75, 0.5]);
  });
});

describe('links', () => {
  it('are the fewest that carry the wanted share of each row', () => {
    fc.assert(
      fc.property(causal, fc.integer({ min: 1, max: 100 }), (pattern, percent) => {
        const n = pattern.shape[2] ?? 0;
        const weights = pattern.data.subarray(0, n * n);
        const thresholds = rowThresholds(weights, n, percent);
        for (let q = 0; q < n; q++) {
          const row = [...weights.subarray(q * n, (q + 1) * n)];
          const kept = row.filter((weight) => isKept(weight, thresholds[q] ?? 0));
          expect(sum(kept)).toBeGreaterThanOrEqual((percent / 100) * sum(row) - 1e-5);
          const ties = kept.filter((weight) => weight === Math.min(...kept)).length;
          const fewer = [...kept].sort((a, b) => b - a).slice(0, kept.length - ties);
          expect(sum(fewer)).toBeLessThan((percent / 100) * sum(row) + 1e-5);
        }
      }),
    );
  });

  it('come strongest first, and say how many and how much is hidden', () => {
    fc.assert(
      fc.property(causal, fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1, max: 40 }), (pattern, percent, limit) => {
        const n = pattern.shape[2] ?? 0;
        const heads = Array.from({ length: pattern.shape[1] ?? 0 }, (_, h) => h);
        const tokens = Array.from({ length: n }, (_, i) => token(i));
        const view = viewAttention(pattern, tokens, tokens, { ...ALL, heads });
        const thresholds = view.heads.map(({ weights }) => rowThresholds(weights, n, percent));
        const answer = links(view, thresholds, { ...ALL, heads, percent, limit });
        const shown = answer.weight.length;
        expect(shown).toBeLessThanOrEqual(limit);
        expect([...answer.weight]).toEqual([...answer.weight].sort((a, b) => b - a));
        expect(shown + answer.hidden).toBe(pattern.data.filter((weight) => weight > 0).length);
        expect(answer.hiddenShare).toBeCloseTo(1 - sum(answer.weight) / sum(pattern.data), 4);
        for (let i = 0; i < shown; i++) {
          const at = ((answer.head[i] ?? 0) * n + (answer.query[i] ?? 0)) * n + (answer.key[i] ?? 0);
          expect(pattern.data[at]).toBe(answer.weight[i]);
        }
      }),
    );
  });
});

describe('focus', () => {
  it('gives a row or a column with the links that are shown of it', () => {
    const view = viewAttention(floats([1, 1, 3, 3], Float32Array.of(1, 0, 0, 0.75, 0.25, 0, 0.5, 0.1, 0.4)), THREE, THREE, ALL);
    const thresholds = view.heads.map(({ weights }) => rowThresholds(weights, 3, 70));
    const ask = { ...ALL, percent: 70, unitIndex: 1, direction: 'from' } as const;
    expect([...focus(view, thresholds, ask).weights]).toEqual([0.75, 0.25, 0]);
    expect([...focus(view, thresholds, ask).kept]).toEqual([1, 0, 0]);
    const column = focus(view, thresholds, { ...ask, unitIndex: 0, direction: 'to' });
    expect([...column.weights]).toEqual([1, 0.75, 0.5]);
    expect([...column.kept]).toEqual([1, 1, 1]);
  });
});

describe('the attention map', () => {
  it('comes as bytes from which the weights can be read back', () => {
    const view = viewAttention(floats([1, 1, 2, 2], Float32Array.of(1, 0, 0.25, 0.75)), THREE.slice(0, 2), THREE.slice(0, 2), ALL);
    const answer = patternProbe(view);
    expect([...answer.weights].map((byte) => +((byte / 255) ** 2).toFixed(2))).toEqual([1, 0, 0.25, 0.75]);
    expect(answer.sinkShare).toBeCloseTo(0.625);
  });
});

describe('head scores', () => {
  it('tell a previous-token head, a first-token head, a self head, a same-token head and a uniform head apart', () => {
    const ids = [7, 8, 7, 8, 7];
    const n = ids.length;
    const head = (weightOf: (query: number, key: number) => number): Float32Array => Float32Array.from({ length: n * n }, (_, i) => weightOf(Math.floor(i / n), i % n));
    expect(headScores(head((q, k) => Number(k === Math.max(0, q - 1))), seen(ids)).previous).toBeCloseTo(1);
    expect(headScores(head((_, k) => Number(k === 0)), seen(ids)).first).toBeCloseTo(1);
    expect(headScores(head((q, k) => Number(k === q)), seen(ids)).self).toBeCloseTo(1);
    expect(headScores(head((q, k) => Number(k === q - 2 || (q < 2 && k === q))), seen(ids)).same).toBeCloseTo(3 / 4);
    const uniform = headScores(head((q, k) => (k <= q ? 1 / (q + 1) : 0)), seen(ids));
    expect(uniform.entropy).toBeCloseTo(1);
    const near = head((q, k) => (k <= q && k > q - 2 ? 1 / Math.min(q + 1, 2) : 0));
    expect(headScores(near, seen(ids, 2)).entropy).toBeCloseTo(1);
    expect(headScores(near, seen(ids)).entropy).toBeLessThan(0.9);
  });

  it('tell an induction head, one that looks at punctuation, and how far a head looks', () => {
    const ids = [7, 8, 9, 7, 8, 9];
    const n = ids.length;
    const head = (keyOf: (query: number) => number): Float32Array => Float32Array.from({ length: n * n }, (_, i) => Number(i % n === keyOf(Math.floor(i / n))));
    const induction = headScores(head((q) => (q < 3 ? 0 : q - 2)), seen(ids));
    expect(induction.induction).toBeCloseTo(1);
    expect(induction.distance).toBeCloseTo((1 + 2 + 2 + 2 + 2) / 5);
    expect(headScores(head((q) => Math.max(0, q - 1)), seen(ids)).induction).toBe(0);
    expect(headScores(head((q) => q), seen([1, 2, 3, 4, 5, 6])).induction).toBeNaN();
    // The token just before is no earlier occurrence that something else came after.
    expect(headScores(head((q) => q), seen([1, 1, 2, 3, 4, 5])).induction).toBeNaN();
    const punctuation = Uint8Array.of(0, 0, 1, 0, 0, 1);
    expect(headScores(head((q) => (q < 2 ? 0 : 2)), { ...seen(ids), punctuation }).punctuation).toBeCloseTo(4 / 5);
  });

  it('are nothing for a single token', () => {
    const { heads } = summarizeLayer(0, floats([1, 1, 1, 1], Float32Array.of(1)), seen([7]));
    expect(heads[0]).toMatchObject({ rows: 1, columns: 1, scores: { entropy: 0, first: 0 } });
  });

  it('come with thumbnails of at most 32 cells that keep the largest weight of each cell', () => {
    const n = 100;
    const tensor = floats([1, 1, n, n]);
    tensor.data[99 * n + 99] = 1;
    const { heads } = summarizeLayer(0, tensor, seen(Array.from({ length: n }, (_, i) => i)));
    expect([heads[0]?.rows, heads[0]?.columns]).toEqual([32, 32]);
    expect(heads[0]?.thumbnail[32 * 32 - 1]).toBe(255);
    expect(heads[0]?.thumbnail.filter((cell) => cell > 0)).toHaveLength(1);
  });
});

describe('the next token', () => {
  it('is the full-vocabulary softmax, with ranks and entropy', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -30, max: 30, noNaN: true }), { minLength: 3, maxLength: 50 }), fc.nat(), (raw, pick) => {
        const logits = Float32Array.from(raw);
        const actual = pick % logits.length;
        const exps = [...logits].map((logit) => Math.exp(logit));
        const probabilities = exps.map((value) => value / sum(exps));
        const answer = next(logits, 0, 3, candidates(logits, { outputText: String, isSpecial: () => false }), actual);
        expect(answer.entropy).toBeCloseTo(-sum(probabilities.map((p) => (p ? p * Math.log2(p) : 0))), 4);
        expect(answer.top.map(({ rank }) => rank)).toEqual([1, 2, 3]);
        expect(answer.top.map(({ logit }) => logit)).toEqual([...logits].sort((a, b) => b - a).slice(0, 3));
        for (const { id, logProbability } of answer.top) expect(Math.exp(logProbability)).toBeCloseTo(probabilities[id] ?? NaN, 5);
        expect(answer.rest).toBeCloseTo(1 - sum(answer.top.map(({ logProbability }) => Math.exp(logProbability))), 5);
        const better = [...logits].filter((logit, id) => logit > (logits[actual] ?? 0) || (logit === logits[actual] && id < actual)).length;
        expect(answer.actual?.rank).toBe(better + 1);
      }),
    );
  });
});
