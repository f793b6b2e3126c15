import { expect, it } from 'vitest';
import { galleryTheme } from '../../../webview/gallery/themes.ts';
import { headGrid, layoutHeadGrid, type HeadGridData } from '../../../webview/graphs/headGrid.ts';
import { headDetails, orderHeads } from '../../../webview/graphs/headOrder.ts';
import { groupText, keyGroups, sharingText } from '../../../webview/graphs/keyGroups.ts';
import { svgDocument } from '../../../webview/graphs/svg.ts';
import { Example, frameOf, twoHeads } from './examples.ts';

it('heads that share a key head are consecutive and told apart', () => {
  const groups = keyGroups({ heads: 8, keyHeads: 2 });
  expect(groups).toEqual([{ keyHead: 0, first: 0, last: 3 }, { keyHead: 1, first: 4, last: 7 }]);
  expect(groups.map(groupText)).toEqual(['Heads 0–3 share key head 0.', 'Heads 4–7 share key head 1.']);
  expect(sharingText({ heads: 8, keyHeads: 2 })).toBe('8 query heads, 2 key heads.');
});

it('nothing is said where each head has its own keys', () => {
  expect(keyGroups({ heads: 8, keyHeads: 8 })).toEqual([]);
  expect(sharingText({ heads: 8, keyHeads: 8 })).toBe('');
});

it('the grid puts a bracket over each group, and tooltips name it', async () => {
  const example = new Example([...twoHeads, ...twoHeads]);
  const groups = keyGroups({ heads: 4, keyHeads: 2 });
  const data: HeadGridData = { layers: 1, heads: 4, groups, aspect: 1.5, summaries: [example.summary(0)], sort: 'layer', selected: { layer: 0, heads: [0, 1, 2, 3] } };
  const frame = frameOf(240, 120);
  const theme = galleryTheme('dark');
  const layout = layoutHeadGrid(data, theme, frame);
  expect(layout.wide / layout.high).toBeCloseTo(1.5, 1);
  await expect(svgDocument(headGrid(data, layout, theme, frame))).toMatchFileSnapshot('./pictures/grid-grouped-dark.svg');
  const [, , third] = orderHeads(1, 4, data.summaries, 'layer');
  if (!third) throw new Error('Four heads have a third.');
  expect(headDetails(third, groups)).toContain('Heads 2–3 share key head 1.');
  expect(headDetails(third, groups, false)).not.toContain('previous token');
});
