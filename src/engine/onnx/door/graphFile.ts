/**
 * An ONNX file as it is read: what its nodes are and how they are wired, where its weights lie. Nodes are kept as
 * the bytes they are, so that what runs is what the file says. Field numbers: onnx.proto.
 */
import type { ModelFiles } from '../../files.ts';
import { bytes, fields, integer, text, WireError } from '../../protobuf.ts';
import { BigFile, type Place, type PlacedField } from './bigMessage.ts';
import { damaged, naming, unfit } from './damaged.ts';
import { joinBytes } from './joinBytes.ts';
import { readNode, readValue, type ReadNode, type ReadValue } from './node.ts';
import { readWeight, type Weight } from './weights.ts';

export interface GraphFile {
  readonly file: string;
  /** Fields of `ModelProto` beside the graph that the runtime needs, as they stand: version, operator sets, functions. */
  readonly head: Uint8Array;
  /** Version of ONNX's own operators. */
  readonly opset: number;
  readonly nodes: readonly ReadNode[];
  readonly weights: ReadonlyMap<string, Weight>;
  readonly inputs: readonly ReadValue[];
  readonly outputs: readonly ReadValue[];
}

/** First with operators that take a range and a shape as values; last whose operators are known here. */
const OPSETS = { first: 11, last: 26 };
const MOST_NODES = 500_000;
/** Nodes and small constants together; large weights are elsewhere. */
const MOST_HELD = 2 ** 29;

const MODEL = { irVersion: 1, graph: 7, opsets: 8, functions: 25 };
const GRAPH = { node: 1, initializer: 5, input: 11, output: 12, sparse: 15 };

/** @throws ProblemError `onnx.damaged`, `onnx.unfit` */
export function readGraphFile(files: ModelFiles, name: string): Promise<GraphFile> {
  return naming(name, async () => {
    const file = await BigFile.open(files, name);
    const head: Uint8Array[] = [];
    const graphs: Place[] = [];
    let opset = 0;
    for await (const field of file.fields({ start: 0, end: file.length })) {
      if (field.number === MODEL.graph && field.wire === 'bytes') graphs.push(field);
      if (![MODEL.irVersion, MODEL.opsets, MODEL.functions].includes(field.number)) continue;
      const message = await held(file, field);
      head.push(message);
      if (field.number === MODEL.opsets) opset = ownOpset(message) ?? opset;
    }
    if (!graphs.length) throw damaged(name, 'it holds no graph');
    if (opset < OPSETS.first || opset > OPSETS.last) throw unfit(name, `it uses version ${String(opset)} of ONNX's operators; ${String(OPSETS.first)} to ${String(OPSETS.last)} can be read`);
    const graph = await readGraph(file, graphs, files);
    checkOrder(name, graph);
    return { file: name, head: joinBytes(head), opset, ...graph };
  });
}

type Graph = Pick<GraphFile, 'nodes' | 'weights' | 'inputs' | 'outputs'>;

/** A graph may come in several parts, which are one: that is how outputs are added to it. */
async function readGraph(file: BigFile, parts: readonly Place[], files: ModelFiles): Promise<Graph> {
  const nodes: ReadNode[] = [];
  const weights = new Map<string, Weight>();
  const inputs: ReadValue[] = [];
  const outputs: ReadValue[] = [];
  let size = 0;
  for (const part of parts) {
    for await (const field of file.fields(part)) {
      if (field.number === GRAPH.sparse) throw unfit(file.name, 'it has sparse weights');
      if (field.number === GRAPH.initializer) {
        const weight = await readWeight(file, field, files);
        weights.set(weight.name, weight);
        size += weight.held instanceof Uint8Array ? weight.held.length : 0;
      } else if (field.number === GRAPH.node || field.number === GRAPH.input || field.number === GRAPH.output) {
        const [whole] = fields(await held(file, field));
        if (!whole) continue;
        if (field.number === GRAPH.node) nodes.push(readNode(bytes(whole)));
        else (field.number === GRAPH.input ? inputs : outputs).push(readValue(bytes(whole)));
        size += field.end - field.start;
      }
      if (size > MOST_HELD || nodes.length > MOST_NODES) throw new WireError('its graph is larger than any model');
    }
  }
  // Older files list weights among the inputs.
  return { nodes, weights, inputs: inputs.filter(({ name }) => !weights.has(name)), outputs };
}

/** Each value is made once, before it is used: so there are no circles. */
function checkOrder(file: string, { nodes, weights, inputs }: Graph): void {
  const made = new Set<string>(['', ...weights.keys(), ...inputs.map(({ name }) => name)]);
  for (const node of nodes) {
    const missing = [...node.inputs, ...node.captured].find((value) => !made.has(value));
    if (missing !== undefined) throw damaged(file, `a node of the kind ${node.op} uses "${missing}", which nothing before it makes`);
    for (const output of node.outputs) {
      if (output !== '' && made.has(output)) throw damaged(file, `"${output}" is made twice`);
      made.add(output);
    }
  }
}

/** A field with its tag, as it stands. @throws {WireError} where it is too long to be anything but weights */
async function held(file: BigFile, field: PlacedField): Promise<Uint8Array> {
  if (field.end - field.tag > MOST_HELD) throw new WireError('a part of its graph is larger than any model');
  return file.read({ start: field.tag, end: field.end });
}

/** Version in an `OperatorSetIdProto` (as a field of the model), if it is that of ONNX's own operators. */
function ownOpset(field: Uint8Array): number | null {
  const found = { domain: '', version: 0 };
  for (const opset of fields(field)) {
    for (const part of fields(bytes(opset))) {
      if (part.number === 1) found.domain = text(part);
      if (part.number === 2) found.version = integer(part);
    }
  }
  return found.domain === '' || found.domain === 'ai.onnx' ? found.version : null;
}
