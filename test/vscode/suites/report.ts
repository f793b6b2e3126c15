import type { Runner } from 'mocha';

/** One test as the driver shows it again: what it is called, and its failure if it failed. */
export interface TestReport {
  readonly title: string;
  readonly milliseconds: number;
  /** Stack or message; null where the test passed. */
  readonly failure: string | null;
}

/** Begins the line on which a browser's extension host, which writes no files, prints its reports. */
export const reportMark = '· report ';

/** Collects the tests of a mocha run, hooks that failed included. */
export function collect(runner: Runner): TestReport[] {
  const reports: TestReport[] = [];
  const add = (report: TestReport): void => {
    reports.push(report);
    console.log(`${report.failure === null ? '✓' : '✗'} ${report.title} (${report.milliseconds} ms)`);
  };
  runner.on('pass', (test) => add({ title: test.fullTitle(), milliseconds: test.duration ?? 0, failure: null }));
  runner.on('fail', (test, error: unknown) => add({ title: test.fullTitle(), milliseconds: test.duration ?? 0, failure: error instanceof Error ? (error.stack ?? error.message) : String(error) }));
  runner.on('pending', (test) => add({ title: test.fullTitle(), milliseconds: 0, failure: 'It was skipped.' }));
  return reports;
}
