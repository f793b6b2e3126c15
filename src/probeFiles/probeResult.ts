/** What comes of a probe, and how that differs from what came of it before. */
import type { Ask, Change, EffectAnswer, LikelyToken, ModelInfo, Precision, Probe, ProbeDifference, ProbeResult, ProbeToken, TokenResult } from '../protocol.ts';

/** Likeliest tokens that a result lists. */
const LISTED = 5;

/** Numbers that differ by no more are the same: machines and versions of the runtime round differently. */
export const TOLERANCE = 1e-3;

/** A model as it is now. */
export interface ModelNow {
  readonly info: Pick<ModelInfo, 'kind' | 'precision'>;
  readonly fingerprint: string;
}

/** The question whose answer is the result; null for a model that predicts nothing. */
export function resultAsk({ aim, experiments }: Pick<Probe, 'aim' | 'experiments'>): Ask<'effect'> | null {
  if (!aim) return null;
  return {
    position: aim.position,
    ...(aim.target ? { target: aim.target.id } : {}),
    ...(aim.rival ? { rival: aim.rival.id } : {}),
    interventions: experiments.filter(({ on }) => on).map(({ intervention }) => intervention),
    top: LISTED,
  };
}

export function resultOf({ target, rival, divergence, top, topBefore }: EffectAnswer): ProbeResult {
  return {
    target: tokenResult(target),
    rival: rival && tokenResult(rival),
    divergence: rounded(divergence),
    before: topBefore.slice(0, LISTED).map(({ before }) => likely(before)),
    after: top.slice(0, LISTED).map(({ after }) => likely(after)),
  };
}

const tokenResult = ({ before, after }: Change): TokenResult => ({ id: before.id, text: before.text, before: rounded(before.logProbability), after: rounded(after.logProbability) });
const likely = ({ text, logProbability }: Change['before']): LikelyToken => ({ text, logProbability: rounded(logProbability) });

/** Four places read well and are ten times finer than what counts as different. JSON has no infinity: a probability of 0 has the logarithm of the smallest number. */
function rounded(value: number): number {
  if (!Number.isFinite(value)) return Math.sign(value) * 744.4401;
  return Math.round(value * 1e4) / 1e4 + 0;
}

/** What is not as it was when the probe was saved: of the model, then of the prediction. */
export function differencesOf(saved: Probe, model: ModelNow, now: ProbeResult | null): ProbeDifference[] {
  const differences: ProbeDifference[] = [];
  const compare = (what: 'fingerprint' | 'kind' | 'precision', before: string | Precision, after: string): void => {
    if (before !== after) differences.push({ what, saved: before, now: after });
  };
  compare('fingerprint', saved.model.fingerprint, model.fingerprint);
  compare('kind', saved.model.kind, model.info.kind);
  compare('precision', saved.model.precision, model.info.precision);
  if (!saved.result || !now) return differences;
  return [...differences, ...tokenDifferences('target', saved.aim?.target ?? null, saved.result.target, now.target), ...tokenDifferences('rival', saved.aim?.rival ?? null, saved.result.rival, now.rival), ...predictionDifferences(saved.result, now)];
}

/** @param aimed the token that the probe asks about by its id; null where it asks about the likeliest */
function tokenDifferences(of: 'target' | 'rival', aimed: ProbeToken | null, saved: TokenResult | null, now: TokenResult | null): ProbeDifference[] {
  if (!saved || !now) return [];
  // Another token is the likeliest, which is told of the whole prediction; its numbers cannot be held against the former's.
  if (saved.id !== now.id) return [];
  const text = (aimed ?? saved).text;
  const differences: ProbeDifference[] = text === now.text ? [] : [{ what: 'token', of, saved: text, now: now.text }];
  for (const when of ['before', 'after'] as const) {
    if (differ(saved[when], now[when])) differences.push({ what: 'logProbability', of, when, token: now.text, saved: saved[when], now: now[when] });
  }
  return differences;
}

function predictionDifferences(saved: ProbeResult, now: ProbeResult): ProbeDifference[] {
  const differences: ProbeDifference[] = [];
  for (const when of ['before', 'after'] as const) {
    const [was] = saved[when];
    const [is] = now[when];
    if (!was || !is || was.text === is.text) continue;
    // Two that are as likely as each other may change places.
    const still = now[when].find(({ text }) => text === was.text);
    if (!still || differ(still.logProbability, is.logProbability)) differences.push({ what: 'likeliest', when, saved: was.text, now: is.text });
  }
  if (differ(saved.divergence, now.divergence)) differences.push({ what: 'divergence', saved: saved.divergence, now: now.divergence });
  return differences;
}

const differ = (a: number, b: number): boolean => Math.abs(a - b) > TOLERANCE;
