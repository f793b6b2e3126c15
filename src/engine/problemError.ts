import type { Problem, ProblemCode } from '../protocol.ts';

/** A failure from the catalogue, on its way to an edge where it becomes a sentence. */
export class ProblemError extends Error {
  readonly problem: Problem;

  constructor(code: ProblemCode, facts: Readonly<Record<string, string>> = {}, options?: ErrorOptions) {
    super(`${code} ${JSON.stringify(facts)}`, options);
    this.name = 'ProblemError';
    this.problem = { code, facts };
  }
}

/** The catalogue entry for anything that was thrown. */
export function problemOf(thrown: unknown): Problem {
  if (thrown instanceof ProblemError) return thrown.problem;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  // The wasm runtime reports exhaustion of its 4 GiB address space only in words.
  if (/bad_alloc|out of memory|memory access out of bounds|failed to allocate|allocation failed/i.test(message)) {
    return { code: 'engine.outOfMemory', facts: { detail: message } };
  }
  return { code: 'engine.failed', facts: { detail: message } };
}
