import { describe, expect, it } from 'vitest';
import { shuffleWords } from '../../../webview/shuffleWords.ts';

const words = (text: string): string[] => text.split(/[ .,]+/).filter(Boolean).sort();

describe('words in another order', () => {
  const text = 'The teacher taught the student, with the book.';
  const of = { seed: 1, keepLast: true, mask: null };

  it('are the same words, the same each time, and others with another seed', () => {
    const once = shuffleWords(text, of);
    expect(once).not.toBe(text);
    expect(words(once)).toEqual(words(text));
    expect(shuffleWords(text, of)).toBe(once);
    expect(new Set([1, 2, 3, 4].map((seed) => shuffleWords(text, { ...of, seed }))).size).toBeGreaterThan(2);
  });

  it('leave what stands between them, and the last one where that is wanted', () => {
    const once = shuffleWords(text, of);
    expect(once.replaceAll(/[a-z]+/gi, 'w')).toBe(text.replaceAll(/[a-z]+/gi, 'w'));
    expect(once.endsWith(' book.')).toBe(true);
    expect([1, 2, 3, 4, 5, 6].some((seed) => !shuffleWords(text, { ...of, seed, keepLast: false }).endsWith(' book.'))).toBe(true);
  });

  it('leave masks where they are', () => {
    const masked = 'The cat [MASK] on the mat [MASK].';
    for (const seed of [1, 2, 3]) {
      const once = shuffleWords(masked, { seed, keepLast: false, mask: '[MASK]' });
      expect(once.split('[MASK]')).toHaveLength(3);
      expect(once.split(/ /)[2]).toBe('[MASK]');
    }
  });

  it('are found in Chinese, which has no spaces', () => {
    const chinese = '老师用书教学生。';
    const once = shuffleWords(chinese, { ...of, keepLast: false });
    expect(Array.from(once).sort()).toEqual(Array.from(chinese).sort());
    expect(once).not.toBe(chinese);
    expect(once.endsWith('。')).toBe(true);
  });

  it('are left as they are where nothing can move', () => {
    expect(shuffleWords('', of)).toBe('');
    expect(shuffleWords('Hello', of)).toBe('Hello');
    expect(shuffleWords('the the the end', of)).toBe('the the the end');
  });
});
