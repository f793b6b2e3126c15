import { describe, expect, it } from 'vitest';
import { percentText } from '../../../webview/graphs/percent.ts';
import { headsText, hiddenStatement, sinkStatement } from '../../../webview/graphs/sentences.ts';
import { Example, twoHeads } from './examples.ts';

const example = new Example(twoHeads);

it.each([
  [0, '0 %'],
  [0.0002, '< 0.1 %'],
  [0.004, '0.4 %'],
  [0.0421, '4.2 %'],
  [0.0999, '10 %'],
  [0.416, '42 %'],
  [1, '100 %'],
])('a share of %d reads %s', (share, text) => {
  expect(percentText(share)).toBe(text);
});

describe('which heads', () => {
  it('are named in ranges', () => {
    expect(headsText(2, [5], false)).toBe('layer 2, head 5');
    expect(headsText(2, [0, 1, 2, 5, 7, 8], false)).toBe('layer 2, heads 0–2, 5, 7–8');
    expect(headsText(2, [0, 1], true)).toBe('layer 2, the average of heads 0–1');
  });
});

describe('what is hidden', () => {
  it('is stated for all links', () => {
    const { query, hidden } = example.links();
    expect(hidden).toBe(30 - query.length);
    expect(hiddenStatement(example.links(), null)).toBe(`${hidden} weaker links are hidden; they carry 16 % of all attention.`);
  });

  it('is stated for one token', () => {
    expect(hiddenStatement(example.links(), example.focus(3, 'from'))).toBe('6 weaker links of this token are hidden; they carry 25 %.');
  });

  it('is not stated where nothing is', () => {
    expect(hiddenStatement(new Example(twoHeads, 100).links(), null)).toBe('');
    expect(hiddenStatement(null, null)).toBe('');
  });
});

describe('the first token’s share', () => {
  it('is stated for the row that is looked at, else for all', () => {
    expect(sinkStatement(example.links(), example.focus(3, 'from'), true)).toBe('45 % of this row is on the first token.');
    expect(sinkStatement(example.links(), null, true)).toBe('57 % of all attention is on the first token.');
  });
});
