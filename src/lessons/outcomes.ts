import { ProblemError } from '../engine/client.ts';
import type { Outcome } from '../protocol.ts';

/** @throws ProblemError where the outcome is a problem */
export function valueOf<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  throw new ProblemError(outcome.problem.code, outcome.problem.facts);
}

/** The outcome of some measuring; what is no problem of the catalogue is thrown on. */
export async function outcomeOf<T>(work: Promise<T>): Promise<Outcome<T>> {
  try {
    return { ok: true, value: await work };
  } catch (thrown) {
    if (thrown instanceof ProblemError) return { ok: false, problem: thrown.problem };
    throw thrown;
  }
}
