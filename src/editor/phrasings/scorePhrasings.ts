/** Two phrasings scored after the same text, and what the page is told of that. */
import type { ModelSource, PhrasedToken, Phrasing } from '../../protocol.ts';
import { bucketOf, totalsOf } from '../surprise/measures.ts';
import type { Scored, Scorer } from '../surprise/scorer.ts';

export interface ScoredPhrasings {
  /** Tokens that the model saw before either. */
  readonly before: number;
  readonly both: readonly [Scored, Scored];
}

/**
 * Both after as much of the context as the model can see with either; where a phrasing alone is too long for it,
 * after nothing, in parts. @throws ProblemError what the engine says; `run.cancelled` once the signal has fired
 */
export async function scorePhrasings(scorer: Scorer, model: ModelSource, context: string, [one, other]: readonly [string, string], signal: AbortSignal): Promise<ScoredPhrasings> {
  for (let seen = context; ; seen = lessOf(seen)) {
    const first = await scorer.scoreWhole(model, { text: one, context: seen }, signal);
    const second = first && (await scorer.scoreWhole(model, { text: other, context: seen }, signal));
    if (second) return { before: first.context, both: [first, second] };
    if (seen === '') break;
  }
  const first = await scorer.score(model, { text: one, context: '' }, signal);
  return { before: 0, both: [first, await scorer.score(model, { text: other, context: '' }, signal)] };
}

/** The second half of a context, from a word on. */
function lessOf(context: string): string {
  if (context.length <= 16) return '';
  const half = context.slice(Math.ceil(context.length / 2));
  return half.slice(Math.max(0, half.search(/\s/u)));
}

/** A phrasing as it is shown. */
export function phrasingOf(text: string, from: Phrasing['from'], { tokens }: Scored): Phrasing {
  return { from, tokens: [...unscored(text, tokens[0]?.start ?? text.length), ...tokens.map((token, i): PhrasedToken => ({ text: token.text, bits: token.bits, rank: token.rank, bucket: bucketOf(token.rank), goesOn: token.start < (tokens[i - 1]?.end ?? 0) }))], ...totalsOf(tokens) };
}

/** The first token of all has no score: it is what lies before the second. */
const unscored = (text: string, end: number): PhrasedToken[] => (end > 0 ? [{ text: text.slice(0, end), bits: null, rank: 0, bucket: 0, goesOn: false }] : []);
