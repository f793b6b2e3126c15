import type { Outcome, Problem, ProblemCode } from '../protocol.ts';

/** Something that cannot be measured, and why. */
export class Unmeasurable extends Error {
  constructor(readonly problem: Problem) {
    super(problem.code);
  }
}

export function unmeasurable(code: ProblemCode, facts: Readonly<Record<string, string>> = {}): Unmeasurable {
  return new Unmeasurable({ code, facts });
}

/** @throws Unmeasurable where the outcome is a problem */
export function valueOf<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  throw new Unmeasurable(outcome.problem);
}

/** The outcome of some measuring; what is no problem of the catalogue is thrown on. */
export async function outcomeOf<T>(work: Promise<T>): Promise<Outcome<T>> {
  try {
    return { ok: true, value: await work };
  } catch (thrown) {
    if (thrown instanceof Unmeasurable) return { ok: false, problem: thrown.problem };
    throw thrown;
  }
}
