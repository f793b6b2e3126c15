/**
 * A stage made of an exported graph: those of its nodes that lead to what is wanted, as they stand; before them
 * nodes that make its inputs from token ids, after them nodes that turn what is wanted into hook points.
 */
import type { Sequence } from '../../../protocol.ts';
import { encodeGraphPart, type Initializer } from '../model.ts';
import { PACKED_WEIGHTS, type Dim, type Source, type Stage, type StageInput } from '../stage.ts';
import { Appendix, type Value } from './appendix.ts';
import { ELEMENT } from './elementTypes.ts';
import { feed } from './feeds.ts';
import type { GraphFile } from './graphFile.ts';
import { joinBytes } from './joinBytes.ts';
import { renameOutput, type ReadNode } from './node.ts';
import type { Role } from './roles.ts';
import type { WeightPlace } from './weights.ts';

/** A weight where it lies, and its place in what the session is given. */
export interface PlacedWeight extends WeightPlace {
  readonly offset: number;
}

/** A hook point some of whose dimensions are names until a run has told them. */
export interface DraftHook {
  readonly name: string;
  readonly shape: readonly (Dim | DraftDim)[];
}

export type DraftDim = 'heads' | 'width' | 'vocabulary';

/** A stage whose hook points are not measured yet. */
export interface GraphStage {
  readonly stage: Omit<Stage, 'hooks'>;
  readonly hooks: readonly DraftHook[];
  readonly weights: readonly PlacedWeight[];
}

/** Hook point that hands an encoder's result to the decoder. */
export const ENCODED = 'encoder.out';

export class GraphStageBuilder {
  /** Nodes after the file's own: what hook points are made of. */
  readonly after: Appendix;
  private readonly before: Appendix;
  private readonly inputs: StageInput[] = [];
  private readonly hooks: DraftHook[] = [];
  private readonly given = new Set<Value>();
  private readonly renamed = new Map<Value, Value>();

  constructor(
    private readonly name: string,
    private readonly reads: Sequence,
    private readonly graph: GraphFile,
    private readonly roles: ReadonlyMap<string, Role>,
  ) {
    this.before = new Appendix(graph.opset, 'before');
    this.after = new Appendix(graph.opset, 'after');
  }

  /** A value of the file, whose type is `type`, comes from an earlier stage: a whole sequence of it. */
  give(value: Value, tensor: string, type: number): void {
    this.before.cast(this.fromStage(tensor), type, value);
    this.given.add(value);
  }

  /** The same, only at the positions whose logits are wanted. */
  giveWanted(value: Value, tensor: string, type: number): void {
    const positions = this.input('positions', ['logit'], { from: 'logitPositions' }, 'int64');
    this.before.cast(this.before.op('Gather', [this.fromStage(tensor), positions], { axis: { int: 1 } }), type, value);
    this.given.add(value);
  }

  /** A value of the file, or one that nodes after it have made, is a hook point. */
  hook(name: string, value: Value, shape: DraftHook['shape']): void {
    const taken = this.graph.nodes.find(({ outputs }) => outputs.includes(name)) !== undefined;
    const from = taken ? this.after.own(`${name}.of_file`) : value;
    if (taken) this.renamed.set(name, from);
    this.after.cast(value === name ? from : value, ELEMENT.float32, name);
    this.hooks.push({ name, shape });
  }

  build(): GraphStage {
    const nodes = this.needed().map((node) => this.inOtherWords(node));
    const used = new Set([...nodes, ...this.after.nodes].flatMap((node) => [...node.inputs, ...('captured' in node ? node.captured : [])]));
    for (const input of this.graph.inputs) {
      const role = used.has(input.name) && !this.given.has(input.name) ? this.roles.get(input.name) : undefined;
      if (role) feed(input, role, this.before, { tokens: (of) => this.tokens(of), encoded: () => this.fromStage(ENCODED) });
    }
    const { initializers, weights, weightBytes } = this.pack(used);
    const part = { name: this.name, nodes: [], initializers: [], inputs: [], outputs: [] };
    const outputs = this.hooks.map(({ name }) => ({ name, type: 'float32' as const }));
    const graph = joinBytes([
      this.graph.head,
      encodeGraphPart({ ...part, nodes: this.before.nodes, initializers: this.before.initializers, inputs: this.inputs }),
      encodeGraphPart({ ...part, nodes: nodes.map(({ bytes }) => bytes), initializers }),
      encodeGraphPart({ ...part, nodes: this.after.nodes, initializers: this.after.initializers, outputs }),
    ]);
    return { stage: { name: this.name, reads: this.reads, graph, inputs: this.inputs, weights: [], weightBytes }, hooks: this.hooks, weights };
  }

  private input(name: string, shape: StageInput['shape'], source: Source, type: StageInput['type'] = 'float32'): Value {
    const own = this.before.own(name);
    if (!this.inputs.some((known) => known.name === own)) this.inputs.push({ name: own, type, shape, source });
    return own;
  }

  private tokens(of: Sequence): Value {
    return this.input(`tokens.${of}`, [1, of === this.reads ? 'pos' : 'text'], { from: 'tokens', of }, 'int64');
  }

  private fromStage(tensor: string): Value {
    return this.input(`from.${tensor}`, [1, tensor === ENCODED ? 'text' : 'pos', 'width'], { from: 'stage', tensor });
  }

  /** Nodes of the file that hook points are made of, in its order, as far as nothing is given. */
  private needed(): ReadNode[] {
    const wanted = new Set(this.after.nodes.flatMap(({ inputs }) => inputs));
    for (const [name, renamed] of this.renamed) if (wanted.has(renamed)) wanted.add(name);
    const nodes: ReadNode[] = [];
    for (const node of this.graph.nodes.toReversed()) {
      if (!node.outputs.some((output) => wanted.has(output) && !this.given.has(output))) continue;
      nodes.push(node);
      for (const value of [...node.inputs, ...node.captured]) wanted.add(value);
    }
    return nodes.reverse();
  }

  /** Where a hook point's name is one that the file uses, the file's value goes by another. */
  private inOtherWords(node: ReadNode): ReadNode {
    let same = node;
    for (const [name, other] of this.renamed) {
      if (node.inputs.includes(name) || node.captured.includes(name)) throw new Error(`${name} is used within the graph`);
      if (node.outputs.includes(name)) same = renameOutput(same, name, other);
    }
    return same;
  }

  private pack(used: ReadonlySet<Value>): { initializers: (Initializer | Uint8Array)[]; weights: PlacedWeight[]; weightBytes: number } {
    const initializers: (Initializer | Uint8Array)[] = [];
    const weights: PlacedWeight[] = [];
    let weightBytes = 0;
    for (const { name, type, shape, held } of this.graph.weights.values()) {
      if (!used.has(name) || this.given.has(name)) continue;
      if (held instanceof Uint8Array) {
        initializers.push(held);
        continue;
      }
      const length = held.end - held.start;
      initializers.push({ name, type, shape, data: { location: PACKED_WEIGHTS, offset: weightBytes, length } });
      weights.push({ ...held, offset: weightBytes });
      weightBytes = Math.ceil((weightBytes + length) / 8) * 8;
    }
    return { initializers, weights, weightBytes };
  }
}
