/** `NodeProto` and `ValueInfoProto` as far as they are needed: what is wired to what, and small attributes. */
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { bytes, fields, float, integer, integers, text, WireError } from '../../protobuf.ts';

export interface ReadAttribute {
  readonly int?: number;
  readonly float?: number;
  readonly text?: string;
  readonly ints?: readonly number[];
  /** `GraphProto` of a branch or a loop. */
  readonly graph?: Uint8Array;
}

export interface ReadNode {
  /** With its operator set where that is not ONNX's own: `com.microsoft:Attention`. */
  readonly op: string;
  /** An input that is left out is ''. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, ReadAttribute>;
  /** Values that its branches or loop bodies take from around them. */
  readonly captured: readonly string[];
  /** The message as it stands. */
  readonly bytes: Uint8Array;
}

export interface ReadValue {
  readonly name: string;
  /** `TensorProto.DataType`; 0 where it is no tensor. */
  readonly type: number;
  /** A number, a symbol, or '' where nothing is said; undefined where not even the rank is known. */
  readonly shape: readonly (number | string)[] | undefined;
}

/** Branches in branches: more than any exporter nests. */
const DEEPEST = 8;

/** A name longer than this comes from no exporter. */
const LONGEST_NAME = 4096;

/** @throws {WireError} for what is no node */
export function readNode(message: Uint8Array, depth = 0): ReadNode {
  if (depth > DEEPEST) throw new WireError('branches are nested too deeply');
  const node = { op: '', domain: '' };
  const inputs: string[] = [];
  const outputs: string[] = [];
  const attributes = new Map<string, ReadAttribute>();
  const captured = new Set<string>();
  for (const field of fields(message)) {
    if (field.number === 1) inputs.push(readName(text(field)));
    else if (field.number === 2) outputs.push(readName(text(field)));
    else if (field.number === 4) node.op = readName(text(field));
    else if (field.number === 7) node.domain = readName(text(field));
    else if (field.number === 5) {
      const { name, graphs, ...attribute } = readAttribute(bytes(field));
      attributes.set(name, attribute);
      for (const graph of graphs) for (const value of freeValues(graph, depth + 1)) captured.add(value);
    }
  }
  const own = node.domain === '' || node.domain === 'ai.onnx';
  return { op: own ? node.op : `${node.domain}:${node.op}`, inputs, outputs, attributes, captured: [...captured], bytes: message };
}

/** The same node with another name for one of its outputs. */
export function renameOutput(node: ReadNode, from: string, to: string): ReadNode {
  const writer = new BinaryWriter();
  for (const field of fields(node.bytes)) {
    // Every field of a node is a string or a message.
    writer.tag(field.number, WireType.LengthDelimited);
    if (field.number === 2 && text(field) === from) writer.string(to);
    else writer.bytes(bytes(field));
  }
  return { ...node, outputs: node.outputs.map((output) => (output === from ? to : output)), bytes: writer.finish() };
}

/** `ValueInfoProto` → `TypeProto` → `TypeProto.Tensor`. @throws {WireError} */
export function readValue(message: Uint8Array): ReadValue {
  let name = '';
  let type = 0;
  let shape: (number | string)[] | undefined;
  for (const field of fields(message)) {
    if (field.number === 1) name = readName(text(field));
    if (field.number !== 2) continue;
    for (const kind of fields(bytes(field))) {
      if (kind.number !== 1) continue;
      for (const part of fields(bytes(kind))) {
        if (part.number === 1) type = integer(part);
        if (part.number === 2) shape = [...fields(bytes(part))].filter(({ number }) => number === 1).map((dim) => readDimension(bytes(dim)));
      }
    }
  }
  return { name, type, shape };
}

/** @throws {WireError} where it is longer than any exporter writes */
export function readName(name: string): string {
  if (name.length > LONGEST_NAME) throw new WireError(`a name has ${String(name.length)} characters`);
  return name;
}

function readDimension(message: Uint8Array): number | string {
  for (const field of fields(message)) {
    if (field.number === 1) return integer(field);
    if (field.number === 2) return readName(text(field));
  }
  return '';
}

function readAttribute(message: Uint8Array): ReadAttribute & { readonly name: string; readonly graphs: readonly Uint8Array[] } {
  let name = '';
  let attribute: ReadAttribute = {};
  const ints: number[] = [];
  const graphs: Uint8Array[] = [];
  for (const field of fields(message)) {
    if (field.number === 1) name = readName(text(field));
    else if (field.number === 2) attribute = { ...attribute, float: float(field) };
    else if (field.number === 3 && field.wire === 'varint') attribute = { ...attribute, int: field.value };
    else if (field.number === 4 && bytes(field).length <= LONGEST_NAME) attribute = { ...attribute, text: latin1.decode(bytes(field)) };
    else if (field.number === 8) ints.push(...integers(field));
    else if (field.number === 6) {
      graphs.push(bytes(field));
      attribute = { ...attribute, graph: bytes(field) };
    } else if (field.number === 11) graphs.push(bytes(field));
  }
  return { ...attribute, ints, name, graphs };
}

/** An attribute of text holds bytes; those that are read are ASCII. */
const latin1 = new TextDecoder('latin1');

/** Values that a subgraph uses without making them. */
function freeValues(graph: Uint8Array, depth: number): Set<string> {
  const used = new Set<string>();
  const made = new Set<string>(['']);
  for (const field of fields(graph)) {
    if (field.number === 1) {
      const node = readNode(bytes(field), depth);
      for (const value of [...node.inputs, ...node.captured]) used.add(value);
      for (const value of node.outputs) made.add(value);
    } else if (field.number === 5) made.add(readTensorName(bytes(field)));
    else if (field.number === 11) made.add(readValue(bytes(field)).name);
    else if (field.number === 12) used.add(readValue(bytes(field)).name);
  }
  for (const value of made) used.delete(value);
  return used;
}

/** `TensorProto.name` */
export function readTensorName(tensor: Uint8Array): string {
  for (const field of fields(tensor)) if (field.number === 8) return readName(text(field));
  return '';
}
