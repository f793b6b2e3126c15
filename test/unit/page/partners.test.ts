import { beforeAll, expect, it, vi } from 'vitest';
import type * as Highlight from '../../../webview/highlight.ts';
import type * as Table from '../../../webview/views/pictureTable.tsx';
import { focusAsk } from '../../../webview/asks.ts';
import { initialView } from '../../../webview/viewState.ts';
import { attention, fakePage } from './fakePage.ts';

let highlight: typeof Highlight;
let table: typeof Table;

beforeAll(async () => {
  vi.resetModules();
  fakePage();
  highlight = await import('../../../webview/highlight.ts');
  table = await import('../../../webview/views/pictureTable.tsx');
});

// weights[head, unit] of two heads over three units
const answer = { weights: new Float32Array([0.5, 0.3, 0.2, 0.1, 0.7, 0.2]), kept: new Uint8Array(6), sinkShare: new Float32Array(2) };
const ask = focusAsk({ ...initialView, heads: [0, 2] }, attention, 2, 'from');
const units = [
  { text: 'unseen', firstToken: 0, lastToken: 1 },
  { text: ' cat', firstToken: 2, lastToken: 2 },
  { text: '.', firstToken: 3, lastToken: 3 },
];

it('partners are the other units by their mean over heads, each with all its tokens', () => {
  const partners = highlight.strongestPartners(answer, ask, units);
  expect(partners.map(({ token }) => token)).toEqual([2, 0, 1]);
  expect(partners[0]?.weight).toBeCloseTo(0.5);
  expect(partners[1]?.weight).toBeCloseTo(0.3);
});

it('the table of a focused unit names the heads of the model, strongest link first', () => {
  const rows = table.focusRows(answer, ask);
  expect(rows.map(({ query, key, head }) => [query, key, head])).toEqual([[2, 1, 2], [2, 0, 0], [2, 1, 0], [2, 2, 0], [2, 2, 2], [2, 0, 2]]);
});

it('the table of a column has the focused unit as its key', () => {
  const [first] = table.focusRows(answer, { ...ask, direction: 'to' });
  expect(first).toMatchObject({ query: 1, key: 2 });
});

it('the table of all links averages only what was averaged', () => {
  const links = { query: new Uint16Array([0, 2]), key: new Uint16Array([0, 0]), head: new Uint8Array([0, 0]), weight: new Float32Array([0.2, 0.9]), hidden: 0, hiddenShare: 0, sinkShare: new Float32Array(3) };
  expect(table.linkRows(links, { ...ask, limit: 9, average: true }, false).map(({ query, head }) => [query, head])).toEqual([[2, null], [0, null]]);
  expect(table.linkRows(links, { ...ask, limit: 9 }, false)[0]).toMatchObject({ head: 0 });
  expect(table.linkRows(links, { ...ask, limit: 9 }, true)).toHaveLength(1);
});
