/** Timing as ratios: the candidates take turns, so that a busy machine slows all of them alike. */

export interface Candidate {
  readonly name: string;
  /** Measured from outside, unless it gives the milliseconds itself. */
  run(): Promise<unknown>;
}

/** Rounds that are not counted: sessions are made in the first, and V8 compiles what runs often in the next. */
const WARM_UP = 3;

/** Median milliseconds of each candidate over interleaved rounds. */
export async function interleaved(rounds: number, candidates: readonly Candidate[], warmUp = WARM_UP): Promise<Map<string, number>> {
  const times = new Map(candidates.map(({ name }) => [name, [] as number[]]));
  for (let round = -warmUp; round < rounds; round++) {
    for (const { name, run } of candidates) {
      const began = performance.now();
      const told = await run();
      if (round >= 0) times.get(name)?.push(typeof told === 'number' ? told : performance.now() - began);
    }
  }
  return new Map([...times].map(([name, all]) => [name, median(all)]));
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? (sorted[middle] ?? NaN) : ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2;
}
