/** The graph of paths, on a graph written by hand. */
import { describe, expect, it } from 'vitest';
import type { PathsAnswer } from '../../../src/protocol.ts';
import { galleryTheme } from '../../../webview/gallery/themes.ts';
import { layoutPaths, nodeAt, nodeBeside } from '../../../webview/graphs/pathLayout.ts';
import { pathPicture, type PathData } from '../../../webview/graphs/pathPicture.ts';
import { pathNodeSentence, pathSentence, strongestPath } from '../../../webview/graphs/pathSentences.ts';
import { fiveTokens, frameOf, labelsOf } from './examples.ts';

const rest = { hidden: 3, hiddenValue: -0.25, biases: 0.5, means: 0 };
const target = { id: 1, text: ' down', logit: 6, logProbability: -1, rank: 1, special: false };
const answer: PathsAnswer = {
  target, logit: 6, least: 0.1, direct: 8, directDrawn: 6,
  nodes: [
    { part: 'logit', token: 4, value: 6, rest },
    { part: 'feedForward', layer: 1, token: 4, value: 1 },
    { part: 'head', layer: 1, head: 0, token: 4, value: 4, rest },
    { part: 'head', layer: 1, head: 3, token: 4, value: -1, rest },
    { part: 'head', layer: 0, head: 2, token: 1, value: 3, rest },
    { part: 'embedding', token: 0, value: 2 },
  ],
  edges: [
    { from: 1, to: 0, value: 1 },
    { from: 2, to: 0, value: 4 },
    { from: 3, to: 0, value: -1 },
    { from: 4, to: 2, value: 3 },
    { from: 5, to: 4, value: 2 },
  ],
  cut: false,
};
const labels = labelsOf(fiveTokens);

describe('the layout of paths', () => {
  const layout = layoutPaths(answer, 2, 0, frameOf(600, 400));

  it('has a column for each token with nodes, and tells where tokens are left out', () => {
    expect(layout.columns.map(({ token, afterGap }) => [token, afterGap])).toEqual([[0, false], [1, false], [4, true]]);
    expect(layout.columns.every(({ x, width }, at) => (layout.columns[at + 1]?.x ?? x + width) === x + width)).toBe(true);
  });

  it('has layers upwards, feed-forward parts above the heads, and the logit on top', () => {
    const levels = layout.nodes.map(({ y }) => y);
    const [logit = 0, forward = 0, first = 0, second = 0, lower = 0, embedding = 0] = levels;
    expect(logit).toBeLessThan(forward);
    expect(forward).toBeLessThan(first);
    expect(first).toBe(second);
    expect(first).toBeLessThan(lower);
    expect(lower).toBeLessThan(embedding);
  });

  it('keeps nodes of one place apart, and finds each where it is', () => {
    for (const [index, { x, y }] of layout.nodes.entries()) expect(nodeAt(layout, { x: x + 3, y: y - 3 })).toBe(index);
    expect(nodeAt(layout, { x: 0, y: 0 })).toBeNull();
  });

  it('is gone through by arrows', () => {
    expect(nodeBeside(layout, 0, 'down')).toBe(1);
    expect(nodeBeside(layout, 2, 'right')).toBe(3);
    expect(nodeBeside(layout, 3, 'left')).toBe(2);
    expect(nodeBeside(layout, 5, 'up')).toBe(4);
    expect(nodeBeside(layout, 0, 'up')).toBe(0);
  });

  it('fits a narrow frame by scrolling', () => {
    const narrow = layoutPaths(answer, 2, 0, frameOf(160, 200));
    expect(narrow.contentWidth).toBeGreaterThanOrEqual(160);
    expect(narrow.contentHeight).toBeGreaterThan(200);
  });
});

describe('paths in words', () => {
  it('follow the strongest edges down', () => {
    expect(strongestPath(answer)).toEqual([0, 2, 4, 5]);
    expect(pathSentence(answer, labels, null)).toMatch(/^Paths to “down”: 5 nodes, 5 edges; the strongest comes from head 1\.0 at “.+” \(4\) ← head 0\.2 at “.+” \(1\) ← embedding of “.+” \(0\)\.$/);
  });

  it('of one node say what is not drawn of it', () => {
    expect(answer.nodes[2] && pathNodeSentence(answer.nodes[2], labels)).toMatch(/^head 1\.0 at “.+” \(4\): \+4\.00; hidden are 3 inputs with −0\.25, biases add \+0\.50$/);
    expect(pathNodeSentence({ part: 'head', layer: 1, head: 0, token: 4, value: 4, rest: { ...rest, means: -0.5 } }, labels)).toMatch(/biases add \+0\.50, means of what is switched off −0\.50$/);
    expect(pathSentence({ ...answer, nodes: answer.nodes.slice(0, 1), edges: [] }, labels, null)).toBe('Paths to “down”: nothing adds enough.');
  });
});

it('the picture draws the strongest edge widest, and fades what does not touch the node in focus', () => {
  const theme = galleryTheme('dark');
  const frame = frameOf(600, 400);
  const layout = layoutPaths(answer, 2, 0, frame);
  const curves = (node: number | null) => {
    const data: PathData = { answer, labels, node, off: [false, false, true, false, false, false] };
    return pathPicture(data, layout, { x: 0, y: 0 }, theme, frame).marks.filter((mark) => mark.mark === 'curve');
  };
  expect(curves(null).map(({ width }) => width)).toEqual([...curves(null).map(({ width }) => width)].sort((a, b) => a - b));
  expect(curves(null)).toHaveLength(5);
  expect(curves(4).filter(({ opacity }) => opacity < 0.2)).toHaveLength(3);
});
