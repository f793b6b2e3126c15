import type { Problem, ProblemCode } from '../../protocol.ts';

/** A download that cannot go on, on its way to the edge where it becomes a sentence. */
export class DownloadFailure extends Error {
  readonly problem: Problem;

  constructor(code: ProblemCode, facts: Readonly<Record<string, string>> = {}, options?: ErrorOptions) {
    super(`${code} ${JSON.stringify(facts)}`, options);
    this.name = 'DownloadFailure';
    this.problem = { code, facts };
  }
}

/** A failure that another try may not meet: a broken connection, a busy server. */
export class PassingFailure extends DownloadFailure {
  /** @param wait milliseconds that the server asks to wait. */
  constructor(code: ProblemCode, facts: Readonly<Record<string, string>>, readonly wait: number | null = null, options?: ErrorOptions) {
    super(code, facts, options);
    this.name = 'PassingFailure';
  }
}
