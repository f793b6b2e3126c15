/** Answers of a run with tokens left out, put back where the tokens were; bars of what was before. */
import { describe, expect, it } from 'vitest';
import type { Candidate } from '../../../src/protocol.ts';
import { placeAmong, placedLinks, placedPattern, placedRow, unitPlaces } from '../../../webview/afterUnits.ts';
import { shareOf } from '../../../webview/ghostShares.ts';
import { tokenUnits, wordUnits } from '../../../webview/units.ts';
import { tokensOf } from './fakePage.ts';

const pieces = ['a', 'b', 'c', 'd', 'e'];

describe('units of a run with tokens left out', () => {
  const tokens = tokensOf(pieces);
  const kept = [0, 2, 4];
  const places = unitPlaces(kept, kept.map((at) => tokens[at]).flatMap((token) => token ?? []), tokenUnits(tokens), 5, 'token');

  it('are where their tokens were', () => {
    expect(places).toEqual(Int32Array.from(kept));
    expect([0, 1, 2, 3, 4].map((unit) => placeAmong(places, unit))).toEqual([0, -1, 1, -1, 2]);
    expect(unitPlaces([0, 1, 2, 3, 4], tokens, tokenUnits(tokens), 5, 'token')).toBeNull();
  });

  it('are words where words are shown, also where one has lost a piece', () => {
    const worded = tokensOf(pieces, [0, 0, 1, 2, 2]);
    // Without b (of the first word) and c (all of the second).
    const left = [0, 3, 4].flatMap((at) => worded[at] ?? []);
    expect(unitPlaces([0, 3, 4], left, wordUnits(worded, pieces.join('')), 5, 'word')).toEqual(Int32Array.from([0, 2]));
  });

  it('take links, rows and patterns with them', () => {
    const links = { query: Uint16Array.from([2, 1]), key: Uint16Array.from([0, 1]), head: new Uint8Array(2), weight: Float32Array.from([0.5, 0.4]), hidden: 0, hiddenShare: 0, sinkShare: new Float32Array(3) };
    expect(placedLinks(links, places, places)).toMatchObject({ query: Uint16Array.from([4, 2]), key: Uint16Array.from([0, 2]) });
    const row = { weights: Float32Array.from([0.1, 0.2, 0.7, 0.3, 0.3, 0.4]), kept: Uint8Array.from([0, 1, 1, 1, 1, 1]), sinkShare: Float32Array.from([0.1, 0.3]) };
    const placed = placedRow(row, places, 5);
    expect([...placed.weights].map((weight) => Math.round(weight * 10))).toEqual([1, 0, 2, 0, 7, 3, 0, 3, 0, 4]);
    expect([...placed.kept]).toEqual([0, 0, 1, 0, 1, 1, 0, 1, 0, 1]);
    const pattern = { queries: 3, keys: 3, weights: Uint8Array.from([9, 0, 0, 4, 5, 0, 1, 2, 3]), sinkShare: 0.2 };
    const whole = placedPattern(pattern, places, places, 5, 5);
    expect([whole.queries, whole.keys, whole.weights[2 * 5 + 2], whole.weights[4 * 5 + 2], whole.weights[4 * 5 + 4], whole.weights[1 * 5 + 1]]).toEqual([5, 5, 5, 2, 3, 0]);
  });
});

describe('a bar of what is not listed', () => {
  const candidate = (rank: number, logit: number): Candidate => ({ id: rank, text: 'x', logit, logProbability: Math.log(softmax(1)[rank - 1] ?? NaN), rank, special: false });
  const logits = [3, 2.5, 1, 0.2];
  const softmax = (temperature: number): number[] => {
    const powers = logits.map((logit) => Math.exp(logit / temperature));
    const sum = powers.reduce((a, b) => a + b);
    return powers.map((power) => power / sum);
  };
  const all = logits.map((logit, at) => candidate(at + 1, logit));

  it('is its probability without sampling', () => {
    for (const [at, one] of all.entries()) expect(shareOf({ top: all.slice(0, 2) }, one, 1)).toBeCloseTo(softmax(1)[at] ?? NaN, 10);
  });

  it('with sampling is what it is drawn with, or the probability at the temperature where it is left out', () => {
    const temperature = 0.6;
    const at = softmax(temperature);
    const kept = 3;
    const sum = at.slice(0, kept).reduce((a, b) => a + b);
    const excluded = { tokens: 0, share: 0 };
    const sampled = { tempered: Float32Array.from(at.slice(0, 2)), drawn: Float32Array.from(at.slice(0, 2), (share) => share / sum), rule: [null, null], kept, excluded: { topK: excluded, topP: excluded, minP: excluded } };
    const shares = all.map((one) => shareOf({ top: all.slice(0, 2), sampled }, one, temperature));
    for (const [i, share] of shares.entries()) expect(share).toBeCloseTo(i < kept ? (at[i] ?? NaN) / sum : (at[i] ?? NaN), 5);
  });
});
