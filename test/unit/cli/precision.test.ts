/** The built command line tells what 8-bit weights cost, beside the result. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { costLine } from '../../../src/cli/precision.ts';
import { root } from '../../support/engine.ts';

const execute = promisify(execFile);
const headlight = (...args: readonly string[]): Promise<{ stdout: string; stderr: string }> => execute(process.execPath, [join(root, 'dist/cli.js'), ...args]);

describe('--precision', () => {
  it('8-bit says on standard error what it costs on this text, and leaves the result alone', async () => {
    const { stdout, stderr } = await headlight('next', '--text', 'Once upon a time there was a little', '--precision', '8-bit', '--json');
    expect(stderr).toMatch(/^8-bit: top-1 agrees [\d.]+ % of \d+ positions \(KL [\d.e-]+ bits\), largest pattern error [\d.e-]+\n$/);
    expect(JSON.parse(stdout)).toMatchObject({ model: { precision: '8-bit' } });
  });

  it('float32 has nothing to say', async () => {
    const { stdout, stderr } = await headlight('next', '--text', 'Once upon a time there was a little', '--precision', 'float32', '--json');
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toMatchObject({ model: { precision: 'float32' } });
  });

  it('takes no other', async () => {
    await expect(headlight('next', '--text', 'Once', '--precision', '4-bit')).rejects.toThrow(/Allowed choices are float32, 8-bit/);
  });
});

describe('the line', () => {
  it('leaves out what a model does not have, and says 100 % of all only', () => {
    expect(costLine({ positions: 9, top1: null, logitError: null, klMean: null, patternError: 0.0123 })).toBe('8-bit: largest pattern error 0.012');
    expect(costLine({ positions: 5000, top1: 0.9998, logitError: 0.1, klMean: 0.00123, patternError: null })).toBe('8-bit: top-1 agrees 99.9 % of 5000 positions (KL 0.0012 bits)');
  });
});
