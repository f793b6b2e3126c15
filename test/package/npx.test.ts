import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as v from 'valibot';
import { root } from '../../scripts/setup.mjs';

const execute = promisify(execFile);
const next = v.object({ top: v.array(v.object({ text: v.string(), logProbability: v.number() })) });

describe('the npm package', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'headlight-npx-'));
    const { stdout } = await execute('npm', ['pack', '--json', '--pack-destination', folder], { cwd: root });
    const [packed] = v.parse(v.array(v.object({ filename: v.string() })), JSON.parse(stdout));
    await execute('npm', ['install', '--offline', '--no-audit', '--no-fund', join(folder, packed?.filename ?? '')], { cwd: folder });
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('needs no other package', async () => {
    const { stdout } = await execute('npm', ['ls', '--all', '--json'], { cwd: folder });
    const { dependencies } = v.parse(v.object({ dependencies: v.record(v.string(), v.object({ dependencies: v.optional(v.record(v.string(), v.unknown())) })) }), JSON.parse(stdout));
    expect(Object.keys(dependencies)).toEqual(['headlight']);
    expect(dependencies['headlight']?.dependencies ?? {}).toEqual({});
  });

  it('brings the command headlight', async () => {
    const { stdout } = await execute(join(folder, 'node_modules/.bin/headlight'), ['next', '--text', 'Once upon a', '--top', '3', '--json'], { cwd: folder });
    const { top } = v.parse(next, JSON.parse(stdout));
    expect(top).toHaveLength(3);
    expect(top.every(({ logProbability }) => logProbability <= 0)).toBe(true);
  });
});
