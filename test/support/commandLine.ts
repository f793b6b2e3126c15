/** The built command line, as a user runs it. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { expect } from 'vitest';
import { root } from './engine.ts';

interface Finished {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export const headlight = (...given: readonly string[]): Promise<Finished> =>
  new Promise((resolve) => {
    const child = execFile(process.execPath, [join(root, 'dist/cli.js'), ...given], (_error, stdout, stderr) => resolve({ code: child.exitCode ?? -1, stdout, stderr }));
  });

/** What a command prints as JSON; it must have nothing to say on standard error. */
export async function json(...options: readonly string[]): Promise<Record<string, unknown>> {
  const { stdout, stderr } = await headlight(...options, '--json');
  expect(stderr).toBe('');
  return JSON.parse(stdout) as Record<string, unknown>;
}
