/** What the model expects after a position, or in a masked one: the softmax over the whole vocabulary, reduced to its top. */
import type { Answer, Candidate } from '../../protocol.ts';

/** How a token is written, and whether it stands for no text. */
export interface Vocabulary {
  outputText(id: number): string;
  isSpecial(id: number): boolean;
}

/** How a token is told by its id and rank, given the logits of its position, `[vocabulary]`; log-probabilities are natural. */
export function candidates(logits: Float32Array, vocabulary: Vocabulary, logSum = logSumExp(logits)): (id: number, rank: number) => Candidate {
  return (id, rank) => {
    const logit = logits[id] ?? -Infinity;
    return { id, text: vocabulary.outputText(id), logit, logProbability: logit - logSum, rank, special: vocabulary.isSpecial(id) };
  };
}

/** `logits` is `[vocabulary]`; `actual` is the id that is really there. Entropy in bits. */
export function next(
  logits: Float32Array,
  position: number,
  top: number,
  candidate: (id: number, rank: number) => Candidate,
  actual: number | undefined,
): Omit<Answer<'next'>, 'predicts'> {
  // A token that can never come has −∞ and adds nothing.
  const entropy = logProbabilities(logits).reduce((sum, log) => (log === -Infinity ? sum : sum - Math.exp(log) * log), 0);
  const likeliest = largestIndices(logits, top).map((id, i) => candidate(id, i + 1));
  const shown = likeliest.reduce((total, { logProbability }) => total + Math.exp(logProbability), 0);
  return {
    position,
    top: likeliest,
    rest: Math.max(0, 1 - shown),
    entropy: entropy / Math.LN2,
    ...(actual === undefined ? {} : { actual: candidate(actual, rankOf(logits, actual)) }),
  };
}

/** Logarithm of the softmax, natural, `[vocabulary]`. */
export function logProbabilities(logits: Float32Array): Float64Array {
  const logSum = logSumExp(logits);
  return Float64Array.from(logits, (logit) => logit - logSum);
}

/** The largest is taken out first, so that nothing overflows. */
export function logSumExp(logits: Float32Array): number {
  let largest = -Infinity;
  for (const logit of logits) if (logit > largest) largest = logit;
  let sum = 0;
  for (const logit of logits) sum += Math.exp(logit - largest);
  return largest + Math.log(sum);
}

/** 1 for the largest; equal logits rank by id. */
export function rankOf(logits: Float32Array, id: number): number {
  const own = logits[id] ?? -Infinity;
  let rank = 1;
  for (let other = 0; other < logits.length; other++) {
    const logit = logits[other] ?? -Infinity;
    if (logit > own || (logit === own && other < id)) rank++;
  }
  return rank;
}

/** Indices of the `count` largest, largest first, in one pass with an insertion into a short list. */
export function largestIndices(values: Float32Array, count: number): number[] {
  const best: number[] = [];
  let least = -Infinity; // the last of a full list
  for (let index = 0; index < values.length; index++) {
    const value = values[index] ?? 0;
    if (best.length >= count && !(value > least)) continue;
    let at = best.length;
    while (at > 0 && value > (values[best[at - 1] ?? 0] ?? 0)) at--;
    best.splice(at, 0, index);
    if (best.length > count) best.pop();
    least = best.length < count ? -Infinity : (values[best[count - 1] ?? 0] ?? 0);
  }
  return best;
}
