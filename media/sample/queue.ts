/** Runs jobs one after the other, each as soon as the one before has ended, however it ended. */
export class SerialQueue {
  private last: Promise<unknown> = Promise.resolve();
  private waiting = 0;

  /** How many jobs have not ended yet. */
  get length(): number {
    return this.waiting;
  }

  /** Adds a job and returns its result; a job that throws does not stop those after it. */
  add<T>(job: () => Promise<T>): Promise<T> {
    this.waiting += 1;
    const result = this.last.then(job, job);
    this.last = result.finally(() => {
      this.waiting -= 1;
    });
    this.last.catch(() => undefined);
    return result;
  }
}

interface Reading {
  readonly station: string;
  readonly celsius: number;
}

/** The mean of each station's readings, warmest first. */
export function meanByStation(readings: readonly Reading[]): [station: string, mean: number][] {
  const sums = new Map<string, { total: number; count: number }>();
  for (const { station, celsius } of readings) {
    const sum = sums.get(station) ?? { total: 0, count: 0 };
    sums.set(station, { total: sum.total + celsius, count: sum.count + 1 });
  }
  return [...sums]
    .map(([station, { total, count }]): [string, number] => [station, total / count])
    .sort(([, a], [, b]) => b - a);
}

const queue = new SerialQueue();

export async function report(stations: readonly string[], read: (station: string) => Promise<number>): Promise<string> {
  const readings = await Promise.all(stations.map((station) => queue.add(async () => ({ station, celsius: await read(station) }))));
  return meanByStation(readings)
    .map(([station, mean]) => `${station}: ${mean.toFixed(1)} °C`)
    .join('\n');
}
