/**
 * Exporters merge a decoder for the first token and one for later tokens into one graph, as the two branches of an
 * `If` on the input use_cache_branch. There are never earlier keys and values here, so the second branch (else) is
 * taken, and its nodes stand in the place of the If.
 */
import { bytes, fields, integer, integers, text } from '../../protobuf.ts';
import { encodeNode } from '../model.ts';
import type { GraphFile } from './graphFile.ts';
import { readNode, readValue, type ReadNode } from './node.ts';
import type { Weight } from './weights.ts';

const FLAG = 'use_cache_branch';

export function takeBranch(graph: GraphFile): GraphFile {
  const nodes: ReadNode[] = [];
  const weights = new Map(graph.weights);
  for (const node of graph.nodes) {
    const branch = node.op === 'If' && node.inputs[0] === FLAG ? node.attributes.get('else_branch')?.graph : undefined;
    if (!branch) {
      nodes.push(node);
      continue;
    }
    const results: string[] = [];
    for (const field of fields(branch)) {
      if (field.number === 1) nodes.push(readNode(bytes(field)));
      else if (field.number === 5) addWeight(bytes(field), weights);
      else if (field.number === 12) results.push(readValue(bytes(field)).name);
    }
    for (const [i, output] of node.outputs.entries()) {
      if (output !== '') nodes.push(readNode(encodeNode({ op: 'Identity', inputs: [results[i] ?? ''], outputs: [output], attributes: {} })));
    }
  }
  return { ...graph, nodes, weights };
}

/** Weights of a branch lie in it. */
function addWeight(message: Uint8Array, weights: Map<string, Weight>): void {
  const weight = { name: '', type: 0, shape: new Array<number>(), held: message };
  for (const field of fields(message)) {
    if (field.number === 1) weight.shape.push(...integers(field));
    if (field.number === 2) weight.type = integer(field);
    if (field.number === 8) weight.name = text(field);
  }
  weights.set(weight.name, weight);
}
