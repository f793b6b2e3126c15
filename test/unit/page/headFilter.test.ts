/** Heads chosen by what they do: what can be written, what it leaves, and one sentence for what it is not. */
import { describe, expect, it } from 'vitest';
import { tagOf } from '../../../webview/graphs/headTags.ts';
import { headFilter, type HeadNumbers } from '../../../webview/headFilter.ts';

const head = (scores: Partial<HeadNumbers>): HeadNumbers => ({ entropy: 0.5, first: 0.1, previous: 0.1, self: 0.1, same: 0, induction: 0, punctuation: 0, distance: 2, layer: 0, head: 0, ...scores });

const passes = (text: string, scores: Partial<HeadNumbers>): boolean => {
  const filter = headFilter(text);
  if (filter.state !== 'ready') throw new Error(filter.state);
  return filter.test(head(scores));
};

const wrong = (text: string): string => {
  const filter = headFilter(text);
  return filter.state === 'wrong' ? filter.sentence : filter.state;
};

describe('a filter of heads', () => {
  it('compares scores and places', () => {
    expect([0.6, 0.61].map((induction) => passes('induction > 0.6', { induction }))).toEqual([false, true]);
    expect([0.5, 0.49].map((previous) => passes('previous>=.5', { previous }))).toEqual([true, false]);
    expect(passes('Entropy ≤ 30 %', { entropy: 0.3 })).toBe(true);
    expect(passes('distance < 2,5', { distance: 2.4 })).toBe(true);
    expect(passes('layer = 3', { layer: 3 })).toBe(true);
  });

  it('joins comparisons, "and" tighter than "or"', () => {
    const text = 'previous >= .5 and entropy < .3 or first > 0.8';
    expect(passes(text, { previous: 0.6, entropy: 0.2 })).toBe(true);
    expect(passes(text, { previous: 0.6, entropy: 0.4 })).toBe(false);
    expect(passes(text, { first: 0.9 })).toBe(true);
    expect(passes('previous > 0.2 && self > 0.2', { previous: 0.3, self: 0.1 })).toBe(false);
  });

  it('leaves no head by a score that it has not', () => {
    expect(passes('induction < 2', { induction: NaN })).toBe(false);
  });

  it('says in one sentence what is wrong', () => {
    expect(headFilter('  ')).toEqual({ state: 'none' });
    expect(wrong('bogus > 1')).toMatch(/^“bogus” is no score; these are: entropy, .*head\.$/);
    expect(wrong('induction 0.6')).toBe('“induction 0.6” is no comparison such as induction > 0.6.');
    expect(wrong('induction > 0.6 and ')).toBe('A comparison is missing, such as induction > 0.6.');
    expect(wrong('constructor > 1')).toMatch(/is no score/);
    expect(wrong('induction > 0.6 > 0.7')).toMatch(/is no comparison/);
  });
});

describe('the tag of a head', () => {
  it('is its largest share, where that is large', () => {
    expect(tagOf(head({ previous: 0.5, first: 0.4 }))).toBe('previous');
    expect(tagOf(head({ induction: NaN, punctuation: 0.35 }))).toBe('punctuation');
    expect(tagOf(head({ previous: 0.29 }))).toBeNull();
  });
});
