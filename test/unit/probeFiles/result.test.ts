/** What differs from what was saved, and nothing else. */
import { describe, expect, it } from 'vitest';
import { misfitOf } from '../../../src/probeFiles/misfit.ts';
import { differencesOf, resultAsk, resultOf } from '../../../src/probeFiles/probeResult.ts';
import type { Candidate, EffectAnswer, ModelInfo, ProbeResult } from '../../../src/protocol.ts';
import { plain, probe } from './probes.ts';

const now = { info: { kind: 'decoder', precision: 'float32' }, fingerprint: probe.model.fingerprint } as const;
const saved = probe.result;
if (!saved) throw new Error('the example has a result');
const differences = (result: ProbeResult): unknown => differencesOf(probe, now, result);

describe('differences', () => {
  it('are none where nothing differs, or by a thousandth', () => {
    expect(differences(saved)).toEqual([]);
    expect(differences({ ...saved, divergence: saved.divergence + 0.0009, target: { ...saved.target, after: saved.target.after - 0.0009 } })).toEqual([]);
  });

  it('are of the model', () => {
    expect(differencesOf(probe, { info: { kind: 'encoder', precision: '8-bit' }, fingerprint: 'f'.repeat(64) }, saved)).toEqual([
      { what: 'fingerprint', saved: probe.model.fingerprint, now: 'f'.repeat(64) },
      { what: 'kind', saved: 'decoder', now: 'encoder' },
      { what: 'precision', saved: 'float32', now: '8-bit' },
    ]);
  });

  it('are of each number', () => {
    const other = { ...saved, divergence: 0.5, target: { ...saved.target, before: -1.2 }, rival: { id: 77, text: ' 本', before: -9.1, after: -8 } };
    expect(differences(other)).toEqual([
      { what: 'logProbability', of: 'target', when: 'before', token: ' book', saved: -1.2346, now: -1.2 },
      { what: 'logProbability', of: 'rival', when: 'after', token: ' 本', saved: -8.25, now: -8 },
      { what: 'divergence', saved: 0.4321, now: 0.5 },
    ]);
  });

  it('are of a token that its id no longer stands for', () => {
    expect(differences({ ...saved, target: { ...saved.target, text: ' cook' } })).toContainEqual({ what: 'token', of: 'target', saved: ' book', now: ' cook' });
  });

  it('are of the likeliest token, unless two are as likely as each other', () => {
    const swapped = (first: number, second: number): ProbeResult => ({ ...saved, before: [{ text: ' ball', logProbability: first }, { text: ' book', logProbability: second }] });
    expect(differences(swapped(-1.2341, -1.2346))).toEqual([]);
    expect(differences(swapped(-1, -1.2346))).toEqual([{ what: 'likeliest', when: 'before', saved: ' book', now: ' ball' }]);
  });

  it('of numbers are not told where none were saved', () => {
    expect(differencesOf(plain, now, saved)).toEqual([]);
  });
});

describe('the question of a probe', () => {
  it('switches off what is on', () => {
    expect(resultAsk(probe)).toEqual({ position: 12, target: 913, rival: 77, interventions: [{ kind: 'head', part: 'decoder', layer: 3, head: 1, by: 'mean' }], top: 5 });
  });
  it('is none for a model that predicts nothing', () => {
    expect(resultAsk(plain)).toBeNull();
  });
});

describe('a result', () => {
  const candidate = (text: string, logProbability: number): Candidate => ({ id: 1, text, logit: 0, logProbability, rank: 1, special: false });
  it('is rounded to four places, and no token is so unlikely that it could not be written', () => {
    const change = { before: candidate('a', -0.123456), after: candidate('a', -Infinity) };
    const answer: EffectAnswer = { predicts: 'next', target: change, rival: null, logProbability: 0, logitDifference: null, divergence: 1.00004999, top: [change], topBefore: [change], entropyBefore: 0, entropyAfter: 0 };
    expect(resultOf(answer)).toEqual({ target: { id: 1, text: 'a', before: -0.1235, after: -744.4401 }, rival: null, divergence: 1, before: [{ text: 'a', logProbability: -0.1235 }], after: [{ text: 'a', logProbability: -744.4401 }] });
  });
});

describe('what a model does not have', () => {
  const attention = { part: 'decoder', layers: 6, heads: 8, keyHeads: 8, queries: 'text', keys: 'text', causal: true } as const;
  const info = { name: 'small', attentions: [attention], layers: 6, vocabulary: 1000 } as unknown as ModelInfo;
  it.each([
    ['a layer', { ...probe, view: { layer: 6 } }, { place: 'view.layer', found: '6', last: '5' }],
    ['a head', { ...probe, view: { heads: [0, 8] } }, { place: 'view.heads', found: '8', last: '7' }],
    ['a token', { ...probe, aim: { position: 0, target: { id: 1000, text: '' }, rival: null } }, { place: 'aim.target.id', found: '1000', last: '999' }],
  ])('%s is told', (_, one, facts) => {
    expect(misfitOf(one, info)).toEqual({ code: 'probe.misfit', facts: { ...facts, name: 'small' } });
  });
  it('is nothing where it has all', () => {
    expect(misfitOf(probe, info)).toBeNull();
  });
});
