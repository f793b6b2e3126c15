/**
 * A stage is a piece of a model that runs as one session: the embedding, one block, the head.
 * Its hook points are outputs; what it reads is an input with a source; every intervention is an
 * input with a neutral default.
 */
import type { Precision, Sequence } from '../../protocol.ts';
import type { DistanceBuckets } from '../distances.ts';
import { ProblemError } from '../problemError.ts';
import type { LinearWeight } from '../quantize.ts';
import type { Rotary } from '../rotary.ts';
import type { Checkpoint } from '../safetensors.ts';
import { sizeOf } from '../tensor.ts';
import { BYTES, encodeModel, type Attribute, type DataType, type Domain, type Initializer, type Node, type ValueInfo } from './model.ts';

/**
 * Of the sequence that the stage reads, `pos`: positions of this run, `past`: positions before it, `key`: both;
 * `text`: all positions of the text, for a stage that reads the output; `logit`: positions whose logits are wanted.
 */
export type Dim = number | 'pos' | 'past' | 'key' | 'text' | 'logit';
export type Shape = readonly Dim[];

/** Name of a tensor inside a graph. */
export type Value = string;

/** Where an input's data comes from when the stage runs. */
export type Source =
  /** An output of an earlier stage: of its whole sequence, where that is another one. */
  | { readonly from: 'stage'; readonly tensor: string }
  /** Token ids `[1, pos]`; of another sequence than the stage's own, all of them. */
  | { readonly from: 'tokens'; readonly of: Sequence }
  /**
   * Rows of a matrix in the checkpoint, one for each token id or position: an embedding needs no session. Positions
   * count from `first`; those of the token `padding` are all the one before it, and the others count on without them.
   */
  | { readonly from: 'rows'; readonly weight: string; readonly of: 'tokens' | 'positions'; readonly first?: number; readonly padding?: number }
  /** The same hook point at the positions before this run, `[1, past, …]`. */
  | { readonly from: 'past'; readonly hook: string }
  /** A recurrent state after the last position before this run, `[1, 1, unit]`; zeros where there is none. */
  | { readonly from: 'state'; readonly hook: string }
  /**
   * Added to attention scores, `[1, 1, pos, key]`: 0 where a query may look, −∞ where it may not. A causal one
   * lets a query see itself and back; with a window, so many keys at most: itself and those just before.
   */
  | { readonly from: 'mask'; readonly causal: boolean; readonly window: number | null }
  /** Sinusoids of the positions, `[1, pos, width]`: those of a model that does not store them. */
  | { readonly from: 'sinusoids'; readonly width: number }
  /** Bucket of the distance from each query to each key, `[pos, key]`. */
  | { readonly from: 'distances'; readonly buckets: DistanceBuckets }
  /** Cosines or sines of the angles by which queries and keys are turned, `[1, pos, 1, pairs]`. */
  | { readonly from: 'rotary'; readonly rotary: Rotary; readonly part: 'cos' | 'sin' }
  /** Indices among this run's positions. */
  | { readonly from: 'logitPositions' }
  /** An intervention; a scalar-like neutral value where the run has none. */
  | { readonly from: 'patch'; readonly neutral: number };

export interface StageInput extends ValueInfo {
  readonly source: Source;
}

export interface StageHook {
  readonly name: string;
  readonly shape: Shape;
}

/** Weights of a stage, packed into one buffer in this order when its session is made. */
export interface PackedWeight {
  readonly tensor: string;
  /** Bytes from the start of the buffer. */
  readonly offset: number;
  readonly values: number;
  /** Held as 8-bit numbers `[inputs, outputs]`, whose scales, float32 `[outputs]`, have an offset of their own; float32 where this is left out. */
  readonly quantized?: LinearWeight & { readonly scales: number };
}

/** How a stage's attention makes scores of queries and keys, where its hook points do not tell. */
export interface Scoring {
  /** Its hook points begin with it: `blocks.3.attn`. */
  readonly name: string;
  /** Factor on q·k. */
  readonly scale: number;
  /** Bound that scores are squeezed under, c · tanh(score ÷ c), or null. */
  readonly softcap: number | null;
}

/** Learned biases by bucket of distance that are added to scores: a matrix of the checkpoint, `[buckets, head]`. */
export interface RelativeWeights {
  readonly weight: string;
  readonly heads: number;
  readonly buckets: DistanceBuckets;
}

export interface Stage {
  readonly name: string;
  /** Whose tokens its positions are. */
  readonly reads: Sequence;
  readonly graph: Uint8Array;
  readonly inputs: readonly StageInput[];
  readonly hooks: readonly StageHook[];
  readonly weights: readonly PackedWeight[];
  readonly weightBytes: number;
  /** One for each attention in it. */
  readonly scorings?: readonly Scoring[];
  readonly relative?: RelativeWeights;
}

/** The file name under which a session is given its packed weights. */
export const PACKED_WEIGHTS = 'weights';

export class StageBuilder {
  private nodes: Node[] = [];
  private readonly initializers: Initializer[] = [];
  private readonly inputs: StageInput[] = [];
  private readonly hooks: StageHook[] = [];
  private readonly weights: PackedWeight[] = [];
  private readonly constants = new Map<string, Value>();
  private readonly shared = new Map<string, readonly [Value, Value]>();
  private readonly scorings: Scoring[] = [];
  private relative: RelativeWeights | undefined;
  private weightBytes = 0;
  private values = 0;

  constructor(
    private readonly name: string,
    private readonly checkpoint: Checkpoint,
    private readonly reads: Sequence = 'text',
  ) {}

  input(name: string, shape: readonly (Dim | string)[], source: Source, type: DataType = 'float32'): Value {
    this.inputs.push({ name, type, shape, source });
    return name;
  }

  /**
   * A weight of the checkpoint, which must have exactly this shape.
   * @throws ProblemError `model.missingTensor`, `model.wrongShape`
   */
  weight(tensor: string, shape: readonly number[]): Value {
    requireShape(this.checkpoint, tensor, shape);
    if (this.weights.some((known) => known.tensor === tensor)) return tensor;
    this.weights.push({ tensor, offset: this.place(tensor, 'float32', shape), values: sizeOf(shape) });
    return tensor;
  }

  /** How linear layers hold their weights. */
  get precision(): Precision {
    return this.checkpoint.precision;
  }

  /**
   * A linear layer's weight as 8-bit numbers `[inputs, outputs]` and the scale of each output `[outputs]`.
   * @throws ProblemError `model.missingTensor`, `model.wrongShape`
   */
  quantizedWeight(tensor: string, weight: LinearWeight): { readonly values: Value; readonly scales: Value } {
    const { layout, inputs, outputs } = weight;
    requireShape(this.checkpoint, tensor, layout === 'in,out' ? [inputs, outputs] : [outputs, inputs]);
    const scales = `${tensor}.scales`;
    if (!this.weights.some((known) => known.tensor === tensor)) {
      const quantized = { ...weight, scales: this.place(scales, 'float32', [outputs]) };
      this.weights.push({ tensor, offset: this.place(tensor, 'int8', [inputs, outputs]), values: inputs * outputs, quantized });
    }
    return { values: tensor, scales };
  }

  scalar(value: number): Value {
    return this.constant(`scalar ${String(value)}`, 'float32', [], new Uint8Array(Float32Array.of(value).buffer));
  }

  /** A matrix that is no weight, by a name for it. */
  matrix(name: string, shape: readonly number[], values: Float32Array): Value {
    return this.constant(name, 'float32', shape, new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  }

  /** A list of whole numbers: a shape, axes, indices. */
  whole(...values: readonly number[]): Value {
    return this.constant(`whole ${values.join(' ')}`, 'int64', [values.length], new Uint8Array(BigInt64Array.from(values, BigInt).buffer));
  }

  /** A whole number of 0 to 255 as ONNX's uint8. */
  byte(value: number): Value {
    return this.constant(`byte ${String(value)}`, 'uint8', [], Uint8Array.of(value));
  }

  /** One node with one output. */
  op(op: string, inputs: readonly Value[], attributes: Readonly<Record<string, Attribute>> = {}, domain?: Domain): Value {
    const output = this.fresh(op);
    this.nodes.push({ op, inputs, outputs: [output], attributes, ...(domain ? { domain } : {}) });
    return output;
  }

  /** What several layers make of the same value is made once. */
  once(key: string, make: () => readonly [Value, Value]): readonly [Value, Value] {
    const made = this.shared.get(key) ?? make();
    this.shared.set(key, made);
    return made;
  }

  split3(value: Value, axis: number): readonly [Value, Value, Value] {
    const parts = [this.fresh('split'), this.fresh('split'), this.fresh('split')] as const;
    this.split(value, axis, parts);
    return parts;
  }

  split4(value: Value, axis: number): readonly [Value, Value, Value, Value] {
    const parts = [this.fresh('split'), this.fresh('split'), this.fresh('split'), this.fresh('split')] as const;
    this.split(value, axis, parts);
    return parts;
  }

  /** LayerNormalization over the last axis (Ba, Kiros & Hinton 2016); also gives 1/σ, `[…, 1]`. */
  layerNormalization(x: Value, scale: Value, bias: Value, epsilon: number): { readonly normalized: Value; readonly inverseDeviation: Value } {
    const normalized = this.fresh('normalized');
    const inverseDeviation = this.fresh('inverse_deviation');
    const attributes = { axis: { int: -1 }, epsilon: { float: epsilon } };
    this.nodes.push({ op: 'LayerNormalization', inputs: [x, scale, bias], outputs: [normalized, '', inverseDeviation], attributes });
    return { normalized, inverseDeviation };
  }

  /**
   * Goes through positions one after another, as a recurrent network does (operator Scan). `carried` are states to
   * start from, `[1, …]`; `inputs` have positions first, `[pos, 1, …]`. `step` finds both under their names, each
   * `[1, …]`, and gives what is kept of a position, the next states among it. Gives all that was kept, `[pos, 1, …]`.
   */
  scan(carried: ReadonlyMap<string, Value>, inputs: ReadonlyMap<string, Value>, step: (at: (name: string) => Value) => ReadonlyMap<string, Value>): Map<string, Value> {
    const around = this.nodes;
    this.nodes = [];
    const named = new Map([...carried.keys(), ...inputs.keys()].map((name): [string, Value] => [name, this.fresh('now')]));
    const kept = step((name) => required(named, name));
    // What is carried is given out twice, under two names.
    const given = (name: string): Value => this.op('Identity', [required(kept, name)]);
    const results = [...[...carried.keys()].map(given), ...[...kept.keys()].map(given)];
    const info = (name: string): ValueInfo => ({ name, type: 'float32', shape: [1, `${name}:1`] });
    const graph = { name: this.fresh('step'), nodes: this.nodes, initializers: [], inputs: [...named.values()].map(info), outputs: results.map(info) };
    this.nodes = around;
    const whole = new Map([...kept.keys()].map((name): [string, Value] => [name, this.fresh('kept')]));
    const outputs = [...[...carried].map(() => this.fresh('last')), ...whole.values()];
    this.nodes.push({ op: 'Scan', inputs: [...carried.values(), ...inputs.values()], outputs, attributes: { body: { graph }, num_scan_inputs: { int: inputs.size } } });
    return whole;
  }

  /** Declares `value` as a hook point: an output of the stage under that name, which replaces the value. */
  hook(name: string, value: Value, shape: Shape): Value {
    for (const node of this.nodes) {
      if (node.inputs.includes(value)) throw new Error(`${name}: its value is already in use by ${node.op}`);
      const index = node.outputs.indexOf(value);
      if (index >= 0) node.outputs[index] = name;
    }
    this.hooks.push({ name, shape });
    return name;
  }

  /** A hook point that can be intervened on: `value · {name}.scale + {name}.add`, both broadcasting. */
  patchable(name: string, value: Value, shape: Shape): Value {
    const scaled = this.op('Mul', [value, this.patch(`${name}.scale`, shape, 1)]);
    return this.hook(name, this.op('Add', [scaled, this.patch(`${name}.add`, shape, 0)]), shape);
  }

  /** A hook point that can be scaled only: `value · {name}.scale`. */
  scalable(name: string, value: Value, shape: Shape): Value {
    return this.hook(name, this.op('Mul', [value, this.patch(`${name}.scale`, shape, 1)]), shape);
  }

  /** An intervention input of the rank of `shape`; each dimension is 1 or that of the hook point. */
  patch(name: string, shape: Shape, neutral: number): Value {
    return this.input(name, shape.map((_, axis) => `${name}:${String(axis)}`), { from: 'patch', neutral });
  }

  /** Says how one of the stage's attentions makes scores. */
  scoring(facts: Scoring): void {
    this.scorings.push(facts);
  }

  /** Says which biases are added to the stage's scores by distance. */
  relativeWeights(facts: RelativeWeights): void {
    this.relative = facts;
  }

  build(): Stage {
    const outputs = this.hooks.map(({ name, shape }): ValueInfo => ({ name, shape, type: 'float32' }));
    const graph = encodeModel({ name: this.name, nodes: this.nodes, initializers: this.initializers, inputs: this.inputs, outputs });
    return { name: this.name, reads: this.reads, graph, inputs: this.inputs, hooks: this.hooks, weights: this.weights, weightBytes: this.weightBytes, scorings: this.scorings, ...(this.relative ? { relative: this.relative } : {}) };
  }

  private split(value: Value, axis: number, parts: readonly Value[]): void {
    this.nodes.push({ op: 'Split', inputs: [value], outputs: [...parts], attributes: { axis: { int: axis }, num_outputs: { int: parts.length } } });
  }

  /** Gives an initializer its place in the packed weights; float32 needs a multiple of 4. */
  private place(name: string, type: DataType, shape: readonly number[]): number {
    const offset = Math.ceil(this.weightBytes / 4) * 4;
    const length = sizeOf(shape) * BYTES[type];
    this.initializers.push({ name, type, shape, data: { location: PACKED_WEIGHTS, offset, length } });
    this.weightBytes = offset + length;
    return offset;
  }

  private constant(key: string, type: DataType, shape: readonly number[], data: Uint8Array): Value {
    const known = this.constants.get(key);
    if (known) return known;
    const name = this.fresh('constant');
    this.initializers.push({ name, type, shape, data });
    this.constants.set(key, name);
    return name;
  }

  private fresh(kind: string): Value {
    return `${kind}_${String(this.values++)}`;
  }
}

function required(values: ReadonlyMap<string, Value>, name: string): Value {
  const value = values.get(name);
  if (value === undefined) throw new Error(`a step has no ${name}`);
  return value;
}

/** @throws ProblemError `model.missingTensor`, `model.wrongShape` */
export function requireShape(checkpoint: Checkpoint, tensor: string, expected: readonly number[]): void {
  const found = checkpoint.entry(tensor).shape;
  if (found.length === expected.length && found.every((dim, i) => dim === expected[i])) return;
  throw new ProblemError('model.wrongShape', { tensor, found: `[${found.join(', ')}]`, expected: `[${expected.join(', ')}]` });
}
