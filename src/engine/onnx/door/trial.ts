/**
 * A short run of the stages when a model is opened. It tells what the file does not say (heads, widths, whether
 * queries look ahead), and whether what was found is attention: one weight for each query and key, in rows that sum to 1.
 */
import type { Session } from '../../session.ts';
import type { FloatTensor, Tensor } from '../../tensor.ts';
import { unfit } from './damaged.ts';
import { BEFORE_HEAD, type DraftPattern, type Drafts } from './drafts.ts';
import type { GraphStage } from './graphStage.ts';

/** Tokens of each sequence: different numbers, so that it shows which one a dimension is. */
const LENGTHS = { text: 5, output: 3 };

/** The first ids are padding and the like in most vocabularies, of which models make exceptions. */
const FIRST_ID = 3;

/** A head that would not read one row for each token, as a classifier's, is left out. */
export async function tryOut({ stages, head }: Drafts, vocabulary: number | null, sessionOf: (stage: GraphStage) => Promise<Session>): Promise<ReadonlyMap<string, FloatTensor>> {
  const results = new Map<string, FloatTensor>();
  for (const stage of stages) {
    if (stage === head && results.get(BEFORE_HEAD)?.shape.length !== 3) continue;
    const session = await sessionOf(stage);
    const inputs = new Map(stage.stage.inputs.map(({ name, source }): [string, Tensor] => [name, given(source, results, vocabulary)]));
    for (const [name, tensor] of await session.run(inputs, stage.hooks.map((hook) => hook.name))) results.set(name, tensor);
  }
  return results;
}

function given(source: GraphStage['stage']['inputs'][number]['source'], results: ReadonlyMap<string, FloatTensor>, vocabulary: number | null): Tensor {
  if (source.from === 'tokens') {
    const length = LENGTHS[source.of];
    const ids = Array.from({ length }, (_, i) => (FIRST_ID + i) % (vocabulary ?? 1));
    return { type: 'int64', shape: [1, length], data: BigInt64Array.from(ids, BigInt) };
  }
  if (source.from === 'logitPositions') return { type: 'int64', shape: [1], data: BigInt64Array.of(0n) };
  const tensor = source.from === 'stage' ? results.get(source.tensor) : undefined;
  if (!tensor) throw new Error(`a stage of an exported graph reads from ${source.from}`);
  return tensor;
}

/** How far a row of a pattern may be from 1 in sum; half precision has three digits. */
const ROW = 5e-3;
/** How far a pattern that was computed again may be from leading to the operator's result. */
const RESULT = 5e-3;

/**
 * Heads of a pattern, and whether no query looks ahead.
 * @throws ProblemError `onnx.unfit` if it is no pattern over tokens
 */
export function measurePattern(file: string, { hook, part }: DraftPattern, results: ReadonlyMap<string, FloatTensor>, two: boolean): { readonly heads: number; readonly causal: boolean } {
  const pattern = results.get(hook);
  const queries = two && part !== 'encoder' ? LENGTHS.output : LENGTHS.text;
  const keys = two && part === 'decoder' ? LENGTHS.output : LENGTHS.text;
  const [, heads = 0, rows, columns] = pattern?.shape ?? [];
  if (!pattern || !heads || rows !== queries || columns !== keys) {
    const found = pattern?.shape.join(', ') ?? '';
    throw unfit(file, `its attention is [${found}], not one weight for each head, query and key (${hook})`);
  }
  let causal = rows === columns;
  for (let row = 0; row < heads * queries; row++) {
    const weights = pattern.data.subarray(row * keys, (row + 1) * keys);
    const sum = weights.reduce((total, weight) => total + weight, 0);
    if (!(Math.abs(sum - 1) <= ROW)) throw unfit(file, `a row of its attention sums to ${sum.toFixed(3)}, not to 1 (${hook})`);
    if (weights.subarray((row % queries) + 1).some((weight) => weight !== 0)) causal = false;
  }
  return { heads, causal };
}

/** @throws ProblemError `onnx.unfit` if a pattern that was computed again does not lead to what the operator gave */
export function requireSameResults(file: string, errors: readonly string[], results: ReadonlyMap<string, FloatTensor>): void {
  for (const name of errors) {
    const [error = NaN] = results.get(name)?.data ?? [];
    if (!(error <= RESULT)) throw unfit(file, `what was computed beside its fused attention differs from it by ${(100 * error).toFixed(1)} % (${name})`);
  }
}
