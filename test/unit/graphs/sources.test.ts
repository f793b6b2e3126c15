/** The parts of a logit as rows, on numbers written by hand. */
import { describe, expect, it } from 'vitest';
import type { AttributionAnswer, LogitShare, SourcesAnswer } from '../../../src/protocol.ts';
import { galleryTheme } from '../../../webview/gallery/themes.ts';
import { layoutSources, sourceBars, sourceRowAt, sourceSentence } from '../../../webview/graphs/sourceBars.ts';
import { sourceRows, type TreeOf } from '../../../webview/graphs/sourceTree.ts';
import { fiveTokens, frameOf, labelsOf } from './examples.ts';

const layer = (index: number, values: readonly [number, number, number, number]): LogitShare[] => [
  { part: 'head', layer: index, head: 0, value: values[0] },
  { part: 'head', layer: index, head: 1, value: values[1] },
  { part: 'attentionBias', layer: index, value: values[2] },
  { part: 'feedForward', layer: index, value: values[3] },
];

const target = { id: 1, text: ' down', logit: 6, logProbability: -1, rank: 1, special: false };
const shares: LogitShare[] = [{ part: 'embedding', value: 0.5 }, ...layer(0, [1, -2, 0.25, 3]), ...layer(1, [0.5, 2, 0, 1]), { part: 'normBias', value: -0.5 }];
const answer: AttributionAnswer = { target, logit: 5.8, shares, remainder: 0.05 };
const sources: SourcesAnswer = { value: 2, shares: Float32Array.of(0.5, 0, 1.75, -0.25, 0), remainder: 0 };

const tree = (more: Partial<TreeOf> = {}): TreeOf => ({ answer, order: 'computed', layers: new Set(), head: null, sources: null, labels: labelsOf(fiveTokens), ...more });
const told = (of: TreeOf): [string, number, number][] => sourceRows(of).map(({ label, start, value }) => [label, start, value]);

describe('the rows of where a logit comes from', () => {
  it('begin each where the former ends, a closed layer being one of them', () => {
    expect(told(tree())).toEqual([
      ['embedding of the token', 0, 0.5],
      ['layer 0', 0.5, 2.25],
      ['layer 1', 2.75, 3.5],
      ['bias of the last norm', 6.25, -0.5],
      ['remainder', 5.75, 0.05],
      ['logit', 0, 5.8],
    ]);
  });

  it('of an open layer are its parts, and of an open head the tokens that it looked at', () => {
    const rows = told(tree({ layers: new Set([1]), head: { layer: 1, head: 1 }, sources }));
    expect(rows.slice(2, 9)).toEqual([
      ['layer 1', 2.75, 3.5],
      ['layer 1, head 0', 2.75, 0.5],
      ['layer 1, head 1', 3.25, 2],
      [expect.stringContaining('(0)'), 3.25, 0.5],
      [expect.stringContaining('(2)'), 3.75, 1.75],
      [expect.stringContaining('(3)'), 5.5, -0.25],
      ['layer 1, bias of attention', 5.25, 0],
    ]);
  });

  it('by size stand alone, the largest first, and the sum is last', () => {
    const rows = told(tree({ order: 'size' }));
    expect(rows.slice(0, 3)).toEqual([['layer 0, feed-forward part', 0, 3], ['layer 0, head 1', 0, -2], ['layer 1, head 1', 0, 2]]);
    expect(rows.at(-1)).toEqual(['logit', 0, 5.8]);
    expect(rows).toHaveLength(shares.length + 2);
  });

  it('of many tokens are the strongest as they come, and the others together', () => {
    const many: SourcesAnswer = { value: 0, shares: Float32Array.from({ length: 40 }, (_, token) => token - 20), remainder: 0 };
    const rows = sourceRows(tree({ order: 'size', head: { layer: 0, head: 0 }, sources: many }));
    const tokens = rows.filter(({ key }) => key.startsWith('token'));
    expect(tokens).toHaveLength(16);
    expect(tokens.map(({ value }) => value)).toEqual([...tokens.map(({ value }) => value)].sort((a, b) => a - b));
    expect(rows.find(({ key }) => key === 'others')).toMatchObject({ label: '23 other tokens' });
  });
});

describe('their picture', () => {
  it('says the sum and what adds most, and what is under the pointer', () => {
    const rows = sourceRows(tree());
    expect(sourceSentence({ rows, sum: 'The logit of “down” is +5.80', at: null })).toBe('The logit of “down” is +5.80; the largest shares: layer 1: +3.500; layer 0: +2.250; embedding of the token: +0.500.');
    expect(sourceSentence({ rows, sum: '', at: 3 })).toBe('Where it comes from: bias of the last norm: −0.500.');
  });

  it('keeps every bar inside the frame, however narrow', () => {
    const rows = sourceRows(tree({ layers: new Set([0, 1]) }));
    const theme = galleryTheme('light');
    for (const width of [300, 900]) {
      const frame = frameOf(width, 300);
      const layout = layoutSources(rows, theme, frame);
      const [clip] = sourceBars({ rows, sum: '', at: null }, layout, 0, theme, frame).marks;
      const bars = clip?.mark === 'clip' ? clip.marks.filter((mark) => mark.mark === 'rect') : [];
      expect(bars).toHaveLength(rows.length);
      for (const bar of bars) {
        expect(bar.x).toBeGreaterThanOrEqual(layout.x - 0.01);
        expect(bar.x + bar.width).toBeLessThanOrEqual(layout.x + layout.width + 1.01);
      }
      expect(sourceRowAt(layout, rows.length, layout.top + 2.5 * layout.row)).toBe(2);
      expect(sourceRowAt(layout, rows.length, layout.top - 1)).toBeNull();
    }
  });
});
