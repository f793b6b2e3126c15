// Mocha's build for browsers puts `mocha` and `Mocha` on the global object.
import 'mocha/mocha.js';
import { collect, reportMark } from './report.ts';

/** Runs what `define` defines in the browser's extension host and prints the reports as one line. Rejects if any failed. */
export async function runMocha(define: () => void): Promise<void> {
  mocha.setup({ ui: 'bdd', timeout: 60_000, reporter: Mocha.reporters.Base });
  define();
  const failures = await new Promise<number>((resolve) => {
    const runner = mocha.run((count) => {
      console.log(`${reportMark}${JSON.stringify(reports)}`);
      resolve(count);
    });
    const reports = collect(runner);
  });
  if (failures > 0) throw new Error(`${failures} tests failed.`);
}
