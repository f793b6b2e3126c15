/** What is put before and after an exported graph's own nodes: nodes and constants whose names cannot be the file's. */
import type { Attribute, Domain, Initializer, Node } from '../model.ts';

/** Name of a value in a graph. */
export type Value = string;


export class Appendix {
  readonly nodes: Node[] = [];
  readonly initializers: Initializer[] = [];
  private readonly constants = new Map<string, Value>();
  private values = 0;

  constructor(
    /** Version of ONNX's own operators in the file. */
    readonly opset: number,
    /** What its names begin with: another appendix of the same graph has other names. */
    private readonly side: 'before' | 'after',
  ) {}

  /** No exporter begins a name so. */
  own(name: string): Value {
    return `headlight/${this.side}/${name}`;
  }

  /** One node with one output, under a name of its own unless one is given. */
  op(op: string, inputs: readonly Value[], attributes: Readonly<Record<string, Attribute>> = {}, more: { readonly domain?: Domain; readonly output?: Value } = {}): Value {
    const { domain, output = this.own(`${op}_${String(this.values++)}`) } = more;
    this.nodes.push({ op, inputs, outputs: [output], attributes, ...(domain ? { domain } : {}) });
    return output;
  }

  /** A list of whole numbers: a shape, axes, indices. */
  whole(...values: readonly number[]): Value {
    return this.constant(`whole ${values.join(' ')}`, { type: 'int64', shape: [values.length], data: new Uint8Array(BigInt64Array.from(values, BigInt).buffer) });
  }

  index(value: number): Value {
    return this.constant(`index ${String(value)}`, { type: 'int64', shape: [], data: new Uint8Array(BigInt64Array.of(BigInt(value)).buffer) });
  }

  scalar(value: number): Value {
    return this.constant(`scalar ${String(value)}`, { type: 'float32', shape: [], data: new Uint8Array(Float32Array.of(value).buffer) });
  }

  /** Zeros; none where a dimension is 0. */
  zeros(shape: readonly number[]): Value {
    return this.constant(`zeros ${shape.join(' ')}`, { type: 'float32', shape, data: new Uint8Array(shape.reduce((product, dim) => product * dim, 4)) });
  }

  cast(value: Value, type: number, output?: Value): Value {
    return this.op('Cast', [value], { to: { int: type } }, output === undefined ? {} : { output });
  }

  private constant(key: string, constant: Omit<Initializer, 'name'>): Value {
    const known = this.constants.get(key);
    if (known !== undefined) return known;
    const name = this.own(key.replaceAll(' ', '_'));
    this.initializers.push({ name, ...constant });
    this.constants.set(key, name);
    return name;
  }
}
