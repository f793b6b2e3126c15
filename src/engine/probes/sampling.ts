/** What temperature, top-k, top-p and min-p leave of a distribution, in the order in which `transformers` applies them. */
import type { Answer, Ask, Candidate, Sampled, Sampling, SamplingRule } from '../../protocol.ts';
import type { PositionLogits } from './positionLogits.ts';

/** A distribution as a token is drawn from it. */
export interface Drawable {
  /** Token ids, likeliest first; of equal ones the smaller id first. */
  readonly order: Uint32Array;
  /** Probability at the temperature, `[vocabulary]` by id. */
  readonly tempered: Float64Array;
  /** How many of `order` each rule keeps, counted from the first; each is at most the one before. */
  readonly kept: Readonly<Record<SamplingRule, number>>;
}

/** The temperature is above 0. At least one token is always kept. */
export function sample({ logits, order }: PositionLogits, { temperature, topK, topP, minP }: Sampling): Drawable {
  const tempered = softmax(logits, temperature);
  const share = (rank: number): number => tempered[order[rank] ?? 0] ?? 0;
  const byTopK = topK > 0 ? Math.min(topK, order.length) : order.length;
  const byTopP = topP < 1 ? nucleus(share, byTopK, topP) : byTopK;
  let byMinP = byTopP;
  if (minP > 0) while (byMinP > 1 && share(byMinP - 1) < minP * share(0)) byMinP--;
  return { order, tempered, kept: { topK: byTopK, topP: byTopP, minP: byMinP } };
}

/** How many of the first `count` tokens carry `topP` of what these carry together. */
function nucleus(share: (rank: number) => number, count: number, topP: number): number {
  let all = 0;
  for (let rank = 0; rank < count; rank++) all += share(rank);
  let carried = 0;
  let kept = 0;
  while (kept < count && (kept === 0 || carried < topP * all)) carried += share(kept++);
  return kept;
}

/** How sampling treats the top candidates, and the token that `draw` picks; `candidate` tells a token by its id and rank. */
export function sampled(drawable: Drawable, top: Answer<'next'>['top'], draw: Ask<'next'>['draw'], candidate: (id: number, rank: number) => Candidate): Sampled {
  const { order, tempered, kept } = drawable;
  const keptShare = shareOf(drawable, 0, kept.minP);
  const rule = (rank: number): SamplingRule | null => (rank <= kept.minP ? null : rank <= kept.topP ? 'minP' : rank <= kept.topK ? 'topP' : 'topK');
  const rules = top.map(({ rank }) => rule(rank));
  const shares = Float32Array.from(top, ({ id }) => tempered[id] ?? 0);
  const excluded = (from: number, to: number): { tokens: number; share: number } => ({ tokens: to - from, share: shareOf(drawable, from, to) });
  return {
    tempered: shares,
    drawn: shares.map((share, i) => (rules[i] === null ? share / keptShare : 0)),
    rule: rules,
    kept: kept.minP,
    excluded: { topK: excluded(kept.topK, order.length), topP: excluded(kept.topP, kept.topK), minP: excluded(kept.minP, kept.topP) },
    ...(draw === undefined ? {} : { choice: choose(drawable, draw, keptShare, candidate) }),
  };
}

/** The token in whose part of the kept probability `draw` falls, the parts laid end to end, likeliest first. */
function choose({ order, tempered, kept }: Drawable, draw: number, keptShare: number, candidate: (id: number, rank: number) => Candidate): NonNullable<Sampled['choice']> {
  let from = 0;
  for (let rank = 0; ; rank++) {
    const id = order[rank] ?? 0;
    const probability = (tempered[id] ?? 0) / keptShare;
    if (draw < from + probability || rank === kept.minP - 1) return { candidate: candidate(id, rank + 1), probability, from };
    from += probability;
  }
}

/** Sum of the probabilities of the ranks `from` up to `to`. */
function shareOf({ order, tempered }: Drawable, from: number, to: number): number {
  let sum = 0;
  for (let rank = from; rank < to; rank++) sum += tempered[order[rank] ?? 0] ?? 0;
  return sum;
}

function softmax(logits: Float32Array, temperature: number): Float64Array {
  const largest = logits.reduce((most, logit) => Math.max(most, logit), -Infinity);
  const weights = Float64Array.from(logits, (logit) => Math.exp((logit - largest) / temperature));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}
