/** The numbers that draw. */
import { describe, expect, it } from 'vitest';
import { randomNumber } from '../../../webview/sampling.ts';

describe('the numbers of a seed', () => {
  const numbers = (seed: number): number[] => Array.from({ length: 20_000 }, (_, i) => randomNumber(seed, i + 1));

  it('are the same each time, and others for another seed', () => {
    expect(numbers(1).slice(0, 50)).toEqual(numbers(1).slice(0, 50));
    expect(new Set([...numbers(1), ...numbers(2)]).size).toBeGreaterThan(39_900);
  });

  it('lie evenly between 0 and 1', () => {
    for (const seed of [0, 1, 42, 999_999]) {
      const drawn = numbers(seed);
      expect(drawn.every((number) => number >= 0 && number < 1)).toBe(true);
      const tenths = Array.from({ length: 10 }, (_, i) => drawn.filter((number) => Math.floor(number * 10) === i).length);
      for (const count of tenths) expect(Math.abs(count - 2000)).toBeLessThan(200);
      const pairs = drawn.slice(1).reduce((sum, number, i) => sum + (number - 0.5) * ((drawn[i] ?? 0) - 0.5), 0) / drawn.length;
      expect(Math.abs(pairs)).toBeLessThan(0.003);
    }
  });
});
