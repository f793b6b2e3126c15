/** An ONNX model as plain data, and its serialisation (field numbers: onnx.proto, IR version 10). */
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

/** `TensorProto.DataType`. */
export const DATA_TYPE = { float32: 1, uint8: 2, int8: 3, int64: 7 } as const;
export type DataType = keyof typeof DATA_TYPE;

/** Bytes of one value. */
export const BYTES: Readonly<Record<DataType, number>> = { float32: 4, uint8: 1, int8: 1, int64: 8 };

export type Attribute =
  | { readonly int: number }
  | { readonly ints: readonly number[] }
  | { readonly float: number }
  | { readonly text: string }
  /** Nodes that an operator runs by itself, as often as it says; they see the values of the graph around it. */
  | { readonly graph: OnnxGraph };

export interface Node {
  readonly op: string;
  /** Operator set; ONNX's own where it is left out. */
  readonly domain?: Domain;
  readonly inputs: readonly string[];
  readonly outputs: string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

/** A constant: its bytes inside the graph, or a place in an external file. */
export interface Initializer {
  readonly name: string;
  /** By name, or any other by its number. */
  readonly type: DataType | number;
  readonly shape: readonly number[];
  readonly data: Uint8Array | { readonly location: string; readonly offset: number; readonly length: number };
}

/** A named input or output; a dimension is a number or a symbol. An output's shape may be left to the runtime. */
export interface ValueInfo {
  readonly name: string;
  readonly type: DataType;
  readonly shape: readonly (number | string)[];
}

export type OutputInfo = Omit<ValueInfo, 'shape'> & Partial<Pick<ValueInfo, 'shape'>>;

export interface OnnxGraph {
  readonly name: string;
  readonly nodes: readonly Node[];
  readonly initializers: readonly Initializer[];
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly OutputInfo[];
}

/** ONNX Runtime's own operators. */
export const CONTRIB = 'com.microsoft';
export type Domain = typeof CONTRIB;

const OPSET = 20; // first with Gelu; LayerNormalization is since 17
const IR_VERSION = 9;

/** `ModelProto` bytes. */
export function encodeModel(model: OnnxGraph): Uint8Array {
  const writer = new BinaryWriter();
  writer.tag(1, WireType.Varint).int64(IR_VERSION);
  writer.tag(2, WireType.LengthDelimited).string('headlight');
  writer.raw(encodeGraphPart(model));
  message(writer, 8, (opset) => {
    opset.tag(1, WireType.LengthDelimited).string('');
    opset.tag(2, WireType.Varint).int64(OPSET);
  });
  message(writer, 8, (opset) => {
    opset.tag(1, WireType.LengthDelimited).string(CONTRIB);
    opset.tag(2, WireType.Varint).int64(1);
  });
  return writer.finish();
}

export type GraphPart = Omit<OnnxGraph, 'nodes' | 'initializers'> & {
  readonly nodes: readonly (Node | Uint8Array)[];
  readonly initializers: readonly (Initializer | Uint8Array)[];
};

/**
 * A part of the graph of a `ModelProto`. Parts that follow one another are one graph: so nodes and outputs are
 * added to a graph that stands already, of which nodes and constants may be the bytes they are there.
 */
export function encodeGraphPart(part: GraphPart): Uint8Array {
  const writer = new BinaryWriter();
  message(writer, 7, (graph) => encodeGraph(graph, part));
  return writer.finish();
}

function message(writer: BinaryWriter, field: number, write: (inner: BinaryWriter) => void): void {
  writer.tag(field, WireType.LengthDelimited).fork();
  write(writer);
  writer.join();
}

/** `GraphProto` */
function encodeGraph(writer: BinaryWriter, graph: GraphPart): void {
  for (const node of graph.nodes) {
    if (node instanceof Uint8Array) writer.tag(1, WireType.LengthDelimited).bytes(node);
    else message(writer, 1, (w) => writeNode(w, node));
  }
  writer.tag(2, WireType.LengthDelimited).string(graph.name);
  for (const initializer of graph.initializers) {
    if (initializer instanceof Uint8Array) writer.tag(5, WireType.LengthDelimited).bytes(initializer);
    else message(writer, 5, (w) => encodeInitializer(w, initializer));
  }
  for (const input of graph.inputs) message(writer, 11, (w) => encodeValueInfo(w, input));
  for (const output of graph.outputs) message(writer, 12, (w) => encodeValueInfo(w, output));
}

/** `NodeProto` bytes. */
export function encodeNode(node: Node): Uint8Array {
  const writer = new BinaryWriter();
  writeNode(writer, node);
  return writer.finish();
}

/** `NodeProto` */
function writeNode(writer: BinaryWriter, node: Node): void {
  for (const input of node.inputs) writer.tag(1, WireType.LengthDelimited).string(input);
  for (const output of node.outputs) writer.tag(2, WireType.LengthDelimited).string(output);
  writer.tag(4, WireType.LengthDelimited).string(node.op);
  for (const [name, attribute] of Object.entries(node.attributes)) message(writer, 5, (w) => encodeAttribute(w, name, attribute));
  if (node.domain) writer.tag(7, WireType.LengthDelimited).string(node.domain);
}

/** `AttributeProto`; the last field of each kind is its `AttributeType`. */
function encodeAttribute(writer: BinaryWriter, name: string, attribute: Attribute): void {
  writer.tag(1, WireType.LengthDelimited).string(name);
  if ('float' in attribute) {
    writer.tag(2, WireType.Bit32).float(attribute.float);
    writer.tag(20, WireType.Varint).int32(1);
  } else if ('int' in attribute) {
    writer.tag(3, WireType.Varint).int64(attribute.int);
    writer.tag(20, WireType.Varint).int32(2);
  } else if ('text' in attribute) {
    writer.tag(4, WireType.LengthDelimited).string(attribute.text);
    writer.tag(20, WireType.Varint).int32(3);
  } else if ('graph' in attribute) {
    message(writer, 6, (w) => encodeGraph(w, attribute.graph));
    writer.tag(20, WireType.Varint).int32(5);
  } else {
    for (const value of attribute.ints) writer.tag(8, WireType.Varint).int64(value);
    writer.tag(20, WireType.Varint).int32(7);
  }
}

/** `TensorProto`, with `external_data` entries (field 13) for weights that stay outside. */
function encodeInitializer(writer: BinaryWriter, { name, type, shape, data }: Initializer): void {
  for (const dim of shape) writer.tag(1, WireType.Varint).int64(dim);
  writer.tag(2, WireType.Varint).int32(typeof type === 'number' ? type : DATA_TYPE[type]);
  writer.tag(8, WireType.LengthDelimited).string(name);
  if (data instanceof Uint8Array) {
    writer.tag(9, WireType.LengthDelimited).bytes(data);
    return;
  }
  const entries = { location: data.location, offset: String(data.offset), length: String(data.length) };
  for (const [key, value] of Object.entries(entries)) {
    message(writer, 13, (w) => {
      w.tag(1, WireType.LengthDelimited).string(key);
      w.tag(2, WireType.LengthDelimited).string(value);
    });
  }
  writer.tag(14, WireType.Varint).int32(1); // DataLocation.EXTERNAL
}

/** `ValueInfoProto` → `TypeProto` → `TypeProto.Tensor` → `TensorShapeProto` */
function encodeValueInfo(writer: BinaryWriter, { name, type, shape }: OutputInfo): void {
  writer.tag(1, WireType.LengthDelimited).string(name);
  message(writer, 2, (typeProto) =>
    message(typeProto, 1, (tensor) => {
      tensor.tag(1, WireType.Varint).int32(DATA_TYPE[type]);
      if (!shape) return;
      message(tensor, 2, (shapeProto) => {
        for (const dim of shape) {
          message(shapeProto, 1, (w) => {
            if (typeof dim === 'number') w.tag(1, WireType.Varint).int64(dim);
            else w.tag(2, WireType.LengthDelimited).string(dim);
          });
        }
      });
    }),
  );
}
