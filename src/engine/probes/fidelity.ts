/** What 8-bit weights cost: the run's own tokens through float32 as well, compared stage by stage. */
import type { Answer } from '../../protocol.ts';
import { breathe } from '../breathe.ts';
import { TensorCache } from '../tensorCache.ts';
import { Trace } from '../trace.ts';
import { logSumExp } from './next.ts';

/** Positions whose logits are in memory at a time. */
const CHUNK = 64;

/** The reference keeps the pattern that is compared, and what connects its stages. */
const NOTHING_MORE = 1;

/** @throws ProblemError `run.cancelled` between stages once the trace has been released */
export async function fidelity(trace: Trace): Promise<Answer<'fidelity'>> {
  const model = trace.model.reference();
  const ids = { text: trace.ids('text'), ...(trace.model.network.output ? { output: trace.ids('output') } : {}) };
  const reference = new Trace(model, ids, new TensorCache(NOTHING_MORE));
  try {
    let patternError: number | null = null;
    await reference.run(new AbortController().signal, async ({ part, layer }) => {
      trace.requireHeld();
      if (part === 'state') return;
      const [exact, held] = [await reference.pattern(part, layer), await trace.pattern(part, layer)];
      patternError = Math.max(patternError ?? 0, largestDifference(exact.data, held.data));
    });
    return { ...(await predictions(reference, trace)), patternError };
  } finally {
    reference.release();
    await model.releaseSessions();
  }
}

/** Predictions at every position of the sequence that the head reads. */
async function predictions(reference: Trace, trace: Trace): Promise<Omit<Answer<'fidelity'>, 'patternError'>> {
  const { predicts, kind } = trace.model.info;
  const positions = trace.ids(kind === 'encoder-decoder' ? 'output' : 'text').length;
  if (predicts === 'nothing') return { positions, top1: null, logitError: null, klMean: null };
  let same = 0;
  let logitError = 0;
  let divergence = 0;
  for (let start = 0; start < positions; start += CHUNK) {
    trace.requireHeld();
    const chunk = Array.from({ length: Math.min(CHUNK, positions - start) }, (_, i) => start + i);
    const [exact, held] = [await reference.logits(chunk), await trace.logits(chunk)];
    const vocabulary = exact.shape[2] ?? 0;
    logitError = Math.max(logitError, largestDifference(exact.data, held.data));
    for (const row of chunk.keys()) {
      const [p, q] = [exact, held].map(({ data }) => data.subarray(row * vocabulary, (row + 1) * vocabulary));
      if (!p || !q) continue;
      same += Number(likeliest(p) === likeliest(q));
      divergence += klDivergence(p, q);
    }
    await breathe();
  }
  return { positions, top1: same / positions, logitError, klMean: divergence / positions };
}

/** Of two arrays of equal length; −∞ in both is no difference. */
export function largestDifference(a: Float32Array, b: Float32Array): number {
  let most = 0;
  for (const [i, value] of a.entries()) {
    const difference = value === b[i] ? 0 : Math.abs(value - (b[i] ?? NaN));
    if (!(difference <= most)) most = difference;
  }
  return most;
}

function likeliest(logits: Float32Array): number {
  let best = 0;
  for (const [id, logit] of logits.entries()) if (logit > (logits[best] ?? 0)) best = id;
  return best;
}

/** Σ p · log₂(p ÷ q) of the softmaxes of two rows of logits (Kullback & Leibler 1951), bits. */
export function klDivergence(p: Float32Array, q: Float32Array): number {
  const [sumP, sumQ] = [logSumExp(p), logSumExp(q)];
  let sum = 0;
  for (const [id, logit] of p.entries()) {
    const log = logit - sumP;
    if (log > -Infinity) sum += Math.exp(log) * (log - ((q[id] ?? NaN) - sumQ));
  }
  return Math.max(0, sum / Math.LN2);
}
