/** Where the nodes of the paths are: layers upwards, with feed-forward parts above the heads; tokens along, those without nodes left out. */
import type { PathNode, PathsAnswer } from '../../src/protocol.ts';
import type { Frame } from './drawing.ts';

export interface PathColumn {
  readonly token: number;
  /** Of the whole picture. */
  readonly x: number;
  readonly width: number;
  /** Tokens before it are left out. */
  readonly afterGap: boolean;
}

export interface PlacedNode {
  readonly x: number;
  readonly y: number;
  /** Counted from the embeddings; heads and feed-forward parts of a layer are two of them, the logit is the last. */
  readonly level: number;
}

export interface PathLayout {
  readonly columns: readonly PathColumn[];
  /** `[node]`, in the whole picture. */
  readonly nodes: readonly PlacedNode[];
  readonly layers: readonly { readonly layer: number; readonly y: number; readonly height: number }[];
  readonly left: number;
  readonly contentWidth: number;
  readonly contentHeight: number;
  /** Where tokens stand. */
  readonly labelsY: number;
}

export const nodeSize = 18;
const gap = 4;
const left = 40;
const margin = 14;
const legendRoom = 40;
const labelRoom = 26;

const levelOf = (node: PathNode, layers: number): number => {
  switch (node.part) {
    case 'logit':
      return 2 * layers + 1;
    case 'head':
      return 2 * node.layer + 1;
    case 'feedForward':
      return 2 * node.layer + 2;
    case 'embedding':
    case 'position':
      return 0;
    default:
      return node satisfies never;
  }
};

/** `spacing` is the width of a column; 0 fits the columns, as far as nodes that share a place stay apart. */
export function layoutPaths({ nodes }: Pick<PathsAnswer, 'nodes'>, layers: number, spacing: number, frame: Frame): PathLayout {
  const levels = nodes.map((node) => levelOf(node, layers));
  const tokens = [...new Set(nodes.map(({ token }) => token))].sort((a, b) => a - b);
  const inPlace = (token: number, level: number): number[] => [...nodes.keys()].filter((at) => nodes[at]?.token === token && levels[at] === level);
  const most = (token: number): number => Math.max(1, ...levels.map((level) => inPlace(token, level).length));
  const fitting = Math.min(110, (frame.width - left - margin) / Math.max(1, tokens.length));
  let x = left;
  const columns = tokens.map((token, at): PathColumn => {
    const width = Math.max(most(token) * (nodeSize + gap) + 2 * gap, spacing > 0 ? spacing : fitting);
    const column = { token, x, width, afterGap: at > 0 && (tokens[at - 1] ?? token) + 1 < token };
    x += width;
    return column;
  });
  const count = 2 * layers + 2;
  const step = Math.max(nodeSize + 6, Math.min(44, (frame.height - margin - labelRoom - legendRoom) / count));
  const bottom = margin + count * step;
  const yOf = (level: number): number => bottom - (level + 0.5) * step;
  const placed = nodes.map(({ token }, at): PlacedNode => {
    const level = levels[at] ?? 0;
    const column = columns.find((one) => one.token === token) ?? { x: left, width: 0 };
    const together = inPlace(token, level);
    const offset = (together.indexOf(at) - (together.length - 1) / 2) * (nodeSize + gap);
    return { x: column.x + column.width / 2 + offset, y: yOf(level), level };
  });
  return {
    columns,
    nodes: placed,
    layers: Array.from({ length: layers }, (_, layer) => ({ layer, y: yOf(2 * layer + 2) - step / 2, height: 2 * step })),
    left,
    contentWidth: Math.max(frame.width, x + margin),
    contentHeight: bottom + labelRoom + legendRoom,
    labelsY: bottom + 8,
  };
}

/** The node at a point of the whole picture. */
export function nodeAt({ nodes }: PathLayout, { x, y }: { readonly x: number; readonly y: number }): number | null {
  const at = nodes.findIndex((node) => Math.abs(node.x - x) <= nodeSize / 2 + 2 && Math.abs(node.y - y) <= nodeSize / 2 + 2);
  return at < 0 ? null : at;
}

/** The next node by an arrow: along a level, or the nearest one of the next level that has any. */
export function nodeBeside({ nodes }: PathLayout, from: number, direction: 'left' | 'right' | 'up' | 'down'): number {
  const own = nodes[from];
  if (!own) return 0;
  const sideways = direction === 'left' || direction === 'right';
  const sign = direction === 'left' || direction === 'down' ? -1 : 1;
  const ahead = (node: PlacedNode): number => sign * (sideways ? node.x - own.x : node.level - own.level);
  const candidates = [...nodes.keys()].filter((at) => {
    const node = nodes[at];
    return node !== undefined && ahead(node) > 0 && (!sideways || node.level === own.level);
  });
  const cost = (at: number): number => {
    const node = nodes[at];
    return node ? ahead(node) * (sideways ? 1 : 1e5) + Math.abs(node.x - own.x) : Infinity;
  };
  return candidates.reduce((best, at) => (best === from || cost(at) < cost(best) ? at : best), from);
}
