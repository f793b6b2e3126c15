import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runTests } from '@vscode/test-electron';
import { describe, expect, it } from 'vitest';
import { root } from '../../scripts/setup.mjs';
import { bundleStandIn, bundleSuites } from '../support/bundle.ts';
import { packedVsix } from '../support/packed.ts';
import type { TestReport } from './suites/report.ts';

// The suite runs once, here, and each of its tests is shown below as one of ours.
const { reports, ended } = await runInExtensionHost();

describe('the packed extension in the Node extension host', () => {
  it('runs to the end', () => {
    expect(reports.length).toBeGreaterThan(0);
    // A test that failed is told below; here, that nothing else went wrong.
    if (reports.every(({ failure }) => failure === null)) expect(ended).toBe('passed');
  });
  for (const { title, failure } of reports) {
    it(title, () => {
      if (failure !== null) throw new Error(failure);
    });
  }
});

async function runInExtensionHost(): Promise<{ reports: readonly TestReport[]; ended: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'headlight-suite-'));
  const report = join(folder, 'report.json');
  try {
    const ended = await runTests({
      vscodeExecutablePath: process.env['VSCODE_PATH'] ?? (await bundleStandIn()),
      extensionDevelopmentPath: join(root, 'test/vscode/driver'),
      extensionTestsPath: await bundleSuites('node'),
      launchArgs: [join(root, 'media/sample'), `--install-extension=${packedVsix()}`],
      extensionTestsEnv: { HEADLIGHT_REPORT: report, HEADLIGHT_TEST: '1' },
    }).then(
      () => 'passed',
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    const text = await readFile(report, 'utf8').catch(() => '[]');
    // The report is written by runner.node.ts.
    return { reports: JSON.parse(text) as TestReport[], ended };
  } finally {
    await rm(folder, { recursive: true });
  }
}
