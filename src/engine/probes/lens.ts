/** The logit lens (nostalgebraist 2020): what the model's own head makes of the residual stream after each layer, of the encoder's half too. */
import type { Answer, Ask, Candidate } from '../../protocol.ts';
import { breathe } from '../breathe.ts';
import type { Model } from '../model.ts';
import { ProblemError } from '../problemError.ts';
import { encoderStreams, residualStreams, type EncoderStreams } from '../streams.ts';
import { floats, type FloatTensor } from '../tensor.ts';
import type { Trace } from '../trace.ts';
import { candidates, largestIndices, logSumExp, rankOf } from './next.ts';

/** Positions whose logits are in memory at a time. */
const CHUNK = 16;

/**
 * For each layer and asked position the likeliest tokens, and how far the distribution still is from the last:
 * D(last ‖ here) = Σ p·log₂(p ÷ q), as in Belrose et al. 2023. The chosen token's place is told of every cell.
 * @throws ProblemError `run.cancelled` when the trace is released meanwhile, `model.predictsNothing`, `model.separate`
 */
export async function lens(trace: Trace, { positions, top: count, id, part }: Ask<'lens'>): Promise<Answer<'lens'>> {
  const { model } = trace;
  const { streams, end, layers: stacked } = part === 'encoder' && model.network.output ? stackOfEncoder(model) : stackOfHead(model);
  if (!streams.length) throw new ProblemError('model.predictsNothing', { name: model.info.name });
  const layers = streams.map((_, row) => stacked - streams.length + row);
  const cells = streams.length * positions.length;
  const top = new Array<readonly Candidate[]>(cells);
  const divergence = new Float32Array(cells);
  const followed = id === undefined ? null : { logProbability: new Float32Array(cells), rank: new Uint32Array(cells) };
  for (let start = 0; start < positions.length; start += CHUNK) {
    const chunk = positions.slice(start, start + CHUNK);
    const last = new Array<Distribution>(chunk.length);
    // From the last layer to the first: what it gives is what the others are measured against.
    for (const [row, stream] of [...streams.entries()].reverse()) {
      await breathe();
      trace.requireHeld();
      const { data, shape } = await trace.logitsFrom(rowsAt(await trace.get(stream), chunk), end);
      const vocabulary = shape[2] ?? 0;
      for (const column of chunk.keys()) {
        const logits = data.subarray(column * vocabulary, (column + 1) * vocabulary);
        const logSum = logSumExp(logits);
        const cell = row * positions.length + start + column;
        const candidate = candidates(logits, model, logSum);
        top[cell] = largestIndices(logits, count).map((token, i) => candidate(token, i + 1));
        divergence[cell] = divergenceOf((last[column] ??= distributionOf(logits, logSum)), logits, logSum);
        if (!followed || id === undefined) continue;
        followed.logProbability[cell] = (logits[id] ?? -Infinity) - logSum;
        followed.rank[cell] = rankOf(logits, id);
      }
    }
  }
  return { predicts: model.info.predicts, layers, top, divergence, ...(followed && id !== undefined ? { followed: { id, text: model.outputText(id), ...followed } } : {}) };
}

/** What the lens goes through: hook points of the stream, and of how many layers. */
type Stack = EncoderStreams & { readonly layers: number };

/** What the head reads, behind its own norm. */
const stackOfHead = ({ network: { stages, dimensions } }: Model): Stack => ({ streams: residualStreams(stages), end: null, layers: dimensions.layers });

/**
 * The encoder's half of an encoder–decoder, which no head reads: the decoder's matrix does, behind the encoder's own last norm.
 * @throws ProblemError `model.separate` where nothing says that the encoder's vectors are of the same kind as those of the matrix
 */
function stackOfEncoder(model: Model): Stack {
  const found = encoderStreams(model.network.stages);
  if (!found || model.network.separate) throw new ProblemError('model.separate', { name: model.info.name });
  return { ...found, layers: model.attention('encoder').layers };
}

/** `[1, pos, width]` at some positions. */
function rowsAt({ shape, data }: FloatTensor, positions: readonly number[]): FloatTensor {
  const width = shape[2] ?? 0;
  const rows = floats([1, positions.length, width]);
  for (const [row, position] of positions.entries()) rows.data.set(data.subarray(position * width, (position + 1) * width), row * width);
  return rows;
}

/** Probabilities of the last layer, `[vocabulary]`, and Σ p · ln p: what every other layer is measured against. */
interface Distribution {
  readonly p: Float64Array;
  readonly sum: number;
}

function distributionOf(logits: Float32Array, logSum: number): Distribution {
  const p = new Float64Array(logits.length);
  let sum = 0;
  for (let id = 0; id < p.length; id++) {
    const log = (logits[id] ?? -Infinity) - logSum;
    const share = Math.exp(log);
    p[id] = share;
    if (share > 0) sum += share * log; // 0 · log 0 = 0
  }
  return { p, sum };
}

/** D(p ‖ q) in bits, where q is a softmax: Σ p·ln p − Σ p·(logit − logSum), which takes no exponential for each token. */
function divergenceOf({ p, sum }: Distribution, logits: Float32Array, logSum: number): number {
  let cross = 0;
  for (let id = 0; id < p.length; id++) {
    const share = p[id] ?? 0;
    if (share > 0) cross += share * ((logits[id] ?? -Infinity) - logSum);
  }
  return Math.max(0, sum - cross) / Math.LN2;
}
