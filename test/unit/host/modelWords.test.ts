import { describe, expect, it } from 'vitest';
import { byteSize, joined, licenceName } from '../../../src/models/modelWords.ts';

describe('facts of models in words', () => {
  it.each([
    [1, '1 kB'],
    [999_999, '1000 kB'],
    [4_534_520, '4.5 MB'],
    [13_941_992, '14 MB'],
    [548_105_171, '548 MB'],
    [1_503_300_328, '1.5 GB'],
  ])('%d bytes are %j', (bytes, words) => {
    expect(byteSize(bytes)).toBe(words);
  });

  it.each([
    ['mit', 'MIT'],
    ['apache-2.0', 'Apache-2.0'],
    ['cc-by-4.0', 'CC-BY-4.0'],
    ['bsd-3-clause', 'BSD-3-CLAUSE'],
    ['llama3.2', 'llama3.2'],
    ['other', 'other'],
  ])('the licence %j is written %j', (licence, words) => {
    expect(licenceName(licence)).toBe(words);
  });

  it('leave out what is not known', () => {
    expect(joined(['decoder', null, '', 'MIT'])).toBe('decoder · MIT');
  });
});
