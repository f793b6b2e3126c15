/** How long a candidate's bar is, also one that is not listed. */
import type { Candidate, NextAnswer } from '../src/protocol.ts';

/**
 * Its probability; with sampling that with which it is drawn, or at the temperature where a rule leaves it out. Every
 * rule keeps the likeliest so many, and the softmax at a temperature T is e^(logit ÷ T) to one scale, so what is known of
 * the first candidate gives that of any other.
 */
export function shareOf({ top: [first], sampled }: Pick<NextAnswer, 'top' | 'sampled'>, candidate: Candidate, temperature: number): number {
  const tempered = sampled?.tempered[0];
  if (!sampled || !first || tempered === undefined) return Math.exp(candidate.logProbability);
  const own = tempered * Math.exp((candidate.logit - first.logit) / temperature);
  return candidate.rank <= sampled.kept ? own * ((sampled.drawn[0] ?? 0) / tempered) : own;
}
