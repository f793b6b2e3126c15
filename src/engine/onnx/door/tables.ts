/** What tables of rows tell: how many tokens a model knows, how many positions it has, how wide it is. */
import { ELEMENT } from './elementTypes.ts';
import type { Dataflow } from './dataflow.ts';
import type { GraphFile } from './graphFile.ts';
import type { ReadNode } from './node.ts';
import type { Weight } from './weights.ts';

export interface Tables {
  /** `[token, width]`, where its ids are looked up. */
  readonly vocabulary: number | null;
  readonly width: number | null;
  /** Rows of positions, where they are looked up. */
  readonly positions: number | null;
}

const LOOKUP: ReadonlySet<string> = new Set(['Gather', 'com.microsoft:GatherBlockQuantized']);
/** Of ids on their way to the table: the same numbers. */
const SAME: ReadonlySet<string> = new Set(['Identity', 'Cast', 'Reshape', 'Squeeze', 'Unsqueeze', 'Flatten']);
/** Of a weight on its way to where it is used: the same matrix, perhaps transposed. */
const SAME_WEIGHT: ReadonlySet<string> = new Set(['Identity', 'Cast', 'Transpose', 'DequantizeLinear']);

/** There are fewer kinds of sentences than this, and more positions. */
const MOST_KINDS = 8;

export function tablesOf({ nodes, weights }: GraphFile, flow: Dataflow): Tables {
  const found: { vocabulary: number | null; width: number | null; positions: number | null } = { vocabulary: null, width: null, positions: null };
  const lookups = nodes.flatMap((node) => {
    const table = LOOKUP.has(node.op) ? weightOf(node.inputs[0] ?? '', flow, weights) : undefined;
    return table?.shape.length === 2 ? [{ rows: table.shape[0] ?? 0, width: table.shape[1] ?? 0, at: node.inputs[1] ?? '' }] : [];
  });
  for (const { rows, width, at } of lookups) {
    if (!isTokens(at, flow) || found.vocabulary !== null) continue;
    found.vocabulary = rows;
    found.width = width;
  }
  for (const { rows, width, at } of lookups) {
    if (rows < MOST_KINDS || width !== found.width || isTokens(at, flow) || flow.isConstant(at)) continue;
    // RoBERTa counts positions by the tokens that are not padding, from 2 on.
    const positions = flow.isData(at) ? rows - 2 : rows;
    found.positions = Math.min(found.positions ?? Infinity, positions);
  }
  return found;
}

/** Ids as they are, from an input. */
function isTokens(value: string, flow: Dataflow): boolean {
  const maker = flow.makers.get(value);
  return maker ? SAME.has(maker.op) && isTokens(maker.inputs[0] ?? '', flow) : flow.isData(value);
}

/** The weight that a value is, through what changes its spelling only. */
export function weightOf(value: string, flow: Dataflow, weights: ReadonlyMap<string, Weight>): Weight | undefined {
  const maker = flow.makers.get(value);
  if (!maker) return weights.get(value);
  return SAME_WEIGHT.has(maker.op) ? weightOf(maker.inputs[0] ?? '', flow, weights) : undefined;
}

/** The type in which a node calculates, told by its weights: float32, or float16 where they are kept so. */
export function floatType(node: ReadNode, flow: Dataflow, weights: ReadonlyMap<string, Weight>): number {
  const types = node.inputs.map((input) => (flow.makers.get(input)?.op === 'Cast' ? undefined : weightOf(input, flow, weights)?.type));
  return types.includes(ELEMENT.float16) ? ELEMENT.float16 : ELEMENT.float32;
}
