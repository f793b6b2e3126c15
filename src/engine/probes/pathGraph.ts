/** The graph of paths as it grows from the logit down: what adds enough becomes a node and an edge, the rest is counted. */
import type { PathEdge, PathNode, PathRest } from '../../protocol.ts';

/** More nodes than this are no picture. */
const MOST_NODES = 400;

type Made<Node> = Node extends { readonly rest: PathRest } ? Omit<Node, 'rest'> : Node;
type NewNode<Node = PathNode> = Node extends PathNode ? Omit<Made<Node>, 'value'> : never;

interface Growing {
  readonly node: NewNode;
  value: number;
  hidden: number;
  hiddenValue: number;
  biases: number;
  means: number;
}

export class PathGraph {
  private readonly nodes: Growing[];
  private readonly edges: PathEdge[] = [];
  private readonly indices = new Map<string, number>();
  private cut = false;

  constructor(
    private readonly least: number,
    { value, ...logit }: { readonly part: 'logit'; readonly token: number; readonly value: number },
  ) {
    this.nodes = [{ node: logit, value, hidden: 0, hiddenValue: 0, biases: 0, means: 0 }];
  }

  isEnough(value: number): boolean {
    return Math.abs(value) >= this.least && value !== 0;
  }

  /** What a part adds to what a node reads: the part's node where it is enough, else null. */
  offer(value: number, to: number, node: NewNode): number | null {
    const key = JSON.stringify(node);
    const known = this.indices.get(key);
    const full = known === undefined && this.nodes.length >= MOST_NODES;
    if (!this.isEnough(value) || full) {
      if (full && this.isEnough(value)) this.cut = true;
      if (value !== 0) this.hide(to, value);
      return null;
    }
    const from = known ?? this.nodes.push({ node, value: 0, hidden: 0, hiddenValue: 0, biases: 0, means: 0 }) - 1;
    this.indices.set(key, from);
    const growing = this.nodes[from];
    if (growing) growing.value += value;
    this.edges.push({ from, to, value });
    return from;
  }

  hide(node: number, value: number): void {
    const growing = this.nodes[node];
    if (!growing) return;
    growing.hidden++;
    growing.hiddenValue += value;
  }

  addBias(node: number, value: number): void {
    const growing = this.nodes[node];
    if (growing) growing.biases += value;
  }

  addMean(node: number, value: number): void {
    const growing = this.nodes[node];
    if (growing) growing.means += value;
  }

  told(): { readonly nodes: readonly PathNode[]; readonly edges: readonly PathEdge[]; readonly cut: boolean } {
    return { nodes: this.nodes.map(toldNode), edges: this.edges, cut: this.cut };
  }
}

function toldNode({ node, value, hidden, hiddenValue, biases, means }: Growing): PathNode {
  const rest = { hidden, hiddenValue, biases, means };
  return node.part === 'logit' || node.part === 'head' ? { ...node, value, rest } : { ...node, value };
}
