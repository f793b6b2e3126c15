/** Back and forth through texts that were tried. */
import { describe, expect, it } from 'vitest';
import { Trail } from '../../../src/panel/trail.ts';

const state = (trail: Trail): [number, number, string | null] => [trail.length, trail.at, trail.current];

describe('a trail', () => {
  it('is walked back and forth, and stops at its ends', () => {
    const trail = new Trail();
    trail.begin('a');
    trail.add('a b');
    trail.add('a b c');
    expect(state(trail)).toEqual([3, 2, 'a b c']);
    expect([trail.step(-1), trail.step(-1), trail.step(-1)]).toEqual(['a b', 'a', null]);
    expect(state(trail)).toEqual([3, 0, 'a']);
    expect(trail.step(1)).toBe('a b');
  });

  it('forgets what lay ahead when another way is taken', () => {
    const trail = new Trail();
    trail.begin('a');
    trail.add('a b');
    trail.step(-1);
    trail.add('a c');
    expect(state(trail)).toEqual([2, 1, 'a c']);
    expect(trail.step(1)).toBeNull();
  });

  it('begins anew with a text from elsewhere, and stays with the one that is shown', () => {
    const trail = new Trail();
    trail.begin('a');
    trail.add('a b');
    trail.begin('a b');
    expect(trail.length).toBe(2);
    trail.begin('other');
    expect(state(trail)).toEqual([1, 0, 'other']);
  });
});
