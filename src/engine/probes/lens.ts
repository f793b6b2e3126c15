/** The logit lens (nostalgebraist 2020): what the model's own head makes of the residual stream after each layer. */
import type { Answer, Ask, Candidate } from '../../protocol.ts';
import { breathe } from '../breathe.ts';
import { ProblemError } from '../problemError.ts';
import { residualStreams } from '../streams.ts';
import { floats, type FloatTensor } from '../tensor.ts';
import type { Trace } from '../trace.ts';
import { candidates, largestIndices, logProbabilities, rankOf } from './next.ts';

/** Positions whose logits are in memory at a time. */
const CHUNK = 16;

/**
 * For each layer and asked position the likeliest tokens, and how far the distribution still is from the last:
 * D(last ‖ here) = Σ p·log₂(p ÷ q), as in Belrose et al. 2023. The chosen token's place is told of every cell.
 * @throws ProblemError `run.cancelled` when the trace is released meanwhile, `model.predictsNothing`
 */
export async function lens(trace: Trace, { positions, top: count, id }: Ask<'lens'>): Promise<Answer<'lens'>> {
  const { model } = trace;
  const streams = residualStreams(model.network.stages);
  if (!streams.length) throw new ProblemError('model.predictsNothing', { name: model.info.name });
  const layers = streams.map((_, row) => model.network.dimensions.layers - streams.length + row);
  const cells = streams.length * positions.length;
  const top = new Array<readonly Candidate[]>(cells);
  const divergence = new Float32Array(cells);
  const followed = id === undefined ? null : { logProbability: new Float32Array(cells), rank: new Uint32Array(cells) };
  for (let start = 0; start < positions.length; start += CHUNK) {
    const chunk = positions.slice(start, start + CHUNK);
    const last = new Array<Float64Array>(chunk.length);
    // From the last layer to the first: what it gives is what the others are measured against.
    for (const [row, stream] of [...streams.entries()].reverse()) {
      await breathe();
      trace.requireHeld();
      const { data, shape } = await trace.logitsFrom(rowsAt(await trace.get(stream), chunk));
      const vocabulary = shape[2] ?? 0;
      for (const column of chunk.keys()) {
        const logits = data.subarray(column * vocabulary, (column + 1) * vocabulary);
        const logs = logProbabilities(logits);
        const cell = row * positions.length + start + column;
        const candidate = candidates(logits, model);
        top[cell] = largestIndices(logits, count).map((token, i) => candidate(token, i + 1));
        const reference = (last[column] ??= logs);
        divergence[cell] = divergenceOf(reference, logs);
        if (!followed || id === undefined) continue;
        followed.logProbability[cell] = logs[id] ?? -Infinity;
        followed.rank[cell] = rankOf(logits, id);
      }
    }
  }
  return { predicts: model.info.predicts, layers, top, divergence, ...(followed && id !== undefined ? { followed: { id, text: model.outputText(id), ...followed } } : {}) };
}

/** `[1, pos, width]` at some positions. */
function rowsAt({ shape, data }: FloatTensor, positions: readonly number[]): FloatTensor {
  const width = shape[2] ?? 0;
  const rows = floats([1, positions.length, width]);
  for (const [row, position] of positions.entries()) rows.data.set(data.subarray(position * width, (position + 1) * width), row * width);
  return rows;
}

/** D(p ‖ q) in bits of two distributions given as natural logarithms; 0 · log 0 = 0. */
function divergenceOf(p: Float64Array, q: Float64Array): number {
  let sum = 0;
  for (let id = 0; id < p.length; id++) {
    const log = p[id] ?? -Infinity;
    if (log > -Infinity) sum += Math.exp(log) * (log - (q[id] ?? -Infinity));
  }
  return Math.max(0, sum) / Math.LN2;
}
