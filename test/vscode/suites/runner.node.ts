import { writeFileSync } from 'node:fs';
import Mocha from 'mocha';
import { collect } from './report.ts';

/** Runs what `define` defines in the extension host and writes the reports to HEADLIGHT_REPORT. Rejects if any failed. */
export async function runMocha(define: () => void): Promise<void> {
  const report = process.env['HEADLIGHT_REPORT'];
  if (report === undefined) throw new Error('HEADLIGHT_REPORT is not set.');
  const mocha = new Mocha({ ui: 'bdd', timeout: 60_000, reporter: Mocha.reporters.Base });
  mocha.suite.emit('pre-require', globalThis as unknown as Mocha.MochaGlobals, '', mocha);
  define();
  const failures = await new Promise<number>((resolve) => {
    const runner = mocha.run((count) => {
      writeFileSync(report, JSON.stringify(reports));
      resolve(count);
    });
    const reports = collect(runner);
  });
  if (failures > 0) throw new Error(`${failures} tests failed.`);
}
