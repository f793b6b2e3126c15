/** Where an exported graph is cut, so that not all of it has to run for each question: before the head, after an encoder. */
import type { Dataflow } from './dataflow.ts';
import { ELEMENT } from './elementTypes.ts';
import type { GraphFile } from './graphFile.ts';
import type { ReadNode, ReadValue } from './node.ts';
import { floatType, weightOf } from './tables.ts';

export interface Cut {
  readonly value: string;
  /** `TensorProto.DataType` of the value. */
  readonly type: number;
}

/** Logits, and where they are cut from what they are computed of. */
export interface Head {
  readonly logits: string;
  readonly before: Cut;
}

const LINEAR: ReadonlySet<string> = new Set(['MatMul', 'com.microsoft:FusedMatMul', 'com.microsoft:MatMulNBits']);
/** After the product with the vocabulary's matrix: biases and caps. */
const ELEMENTWISE: ReadonlySet<string> = new Set(['Add', 'Mul', 'Div', 'Tanh', 'Identity']);

/** The output that is called logits, or that has a score for each token of the vocabulary. */
export function findHead(graph: GraphFile, flow: Dataflow, vocabulary: number | null): Head | null {
  const named = graph.outputs.find(({ name }) => /^(.*_)?(logits|prediction_scores)$/.test(name));
  const output = named ?? graph.outputs.find(({ name }) => vocabulary !== null && scores(name, graph, flow, vocabulary));
  return output ? { logits: output.name, before: cutBefore(output, graph, flow) } : null;
}

/** The position-wise product that makes a value, through what changes each number by itself. */
function linearBefore(value: string, flow: Dataflow): ReadNode | null {
  let at = value;
  for (;;) {
    const maker = flow.makers.get(at);
    if (!maker) return null;
    const [varying, ...others] = maker.inputs.filter((input) => !flow.isConstant(input));
    if (varying === undefined || others.length) return null;
    if (LINEAR.has(maker.op)) return varying === maker.inputs[0] ? maker : null;
    if (!ELEMENTWISE.has(maker.op)) return null;
    at = varying;
  }
}

function scores(value: string, graph: GraphFile, flow: Dataflow, vocabulary: number): boolean {
  const matrix = linearBefore(value, flow)?.inputs[1];
  return matrix !== undefined && (weightOf(matrix, flow, graph.weights)?.shape.includes(vocabulary) ?? false);
}

function cutBefore({ name, type }: ReadValue, graph: GraphFile, flow: Dataflow): Cut {
  const linear = linearBefore(name, flow);
  const [value] = linear?.inputs ?? [];
  return linear && value !== undefined ? { value, type: type === ELEMENT.float16 ? type : floatType(linear, flow, graph.weights) } : { value: name, type: ELEMENT.float32 };
}

/**
 * What cross-attention reads of the text in a file that holds both halves: the value from which keys are projected.
 * Null if that is not the same one for all of them.
 */
export function findEncoded(keys: readonly string[], graph: GraphFile, flow: Dataflow): Cut | null {
  const cuts = keys.map((key) => projected(key, graph, flow));
  const [first] = cuts;
  return first && cuts.every((cut) => cut?.value === first.value) ? first : null;
}

/** Steps from keys to their projection at most. */
const FAR = 16;

function projected(key: string, graph: GraphFile, flow: Dataflow): Cut | null {
  let at = key;
  for (let steps = 0; steps < FAR; steps++) {
    const maker = flow.makers.get(at);
    const [varying, ...others] = maker?.inputs.filter((input) => flow.isData(input)) ?? [];
    if (!maker || varying === undefined || others.length) return null;
    if (LINEAR.has(maker.op)) return { value: varying, type: floatType(maker, flow, graph.weights) };
    if (maker.op === 'Gemm') return gemmInput(varying, maker, graph, flow);
    at = varying;
  }
  return null;
}

/** Gemm takes a matrix: what counts is the value that was flattened for it, `[1, pos, width]`. */
function gemmInput(flat: string, gemm: ReadNode, graph: GraphFile, flow: Dataflow): Cut | null {
  const maker = flow.makers.get(flat);
  const [value] = maker?.inputs ?? [];
  return maker?.op === 'Reshape' && value !== undefined ? { value, type: floatType(gemm, flow, graph.weights) } : null;
}
