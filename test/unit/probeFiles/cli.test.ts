/** The built command line replays a probe, and its exit code says whether anything differs. */
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { probeText } from '../../../src/probeFiles/writeProbe.ts';
import type { Probe, ProbeDifference, ProbeResult } from '../../../src/protocol.ts';
import { headlight } from '../../support/commandLine.ts';
import { root } from '../../support/engine.ts';

interface Told {
  readonly model: { readonly fingerprint: string };
  readonly result: ProbeResult;
  readonly differences: readonly ProbeDifference[];
}

let folder: string;
/** A probe of storyteller with the result that it gives. */
let kept: Probe;

const asked: Probe = {
  model: { name: 'storyteller', kind: 'decoder', precision: 'float32', fingerprint: '0'.repeat(64) },
  text: 'The teacher taught the student with the',
  experiments: [
    { name: null, on: true, intervention: { kind: 'head', part: 'decoder', layer: 2, head: 3, by: 'mean' } },
    { name: null, on: false, intervention: { kind: 'token', token: 1 } },
  ],
  aim: { position: 6, target: null, rival: { id: 300, text: '' } },
  view: {},
  result: null,
};

const fileOf = (name: string, text: string): string => {
  const file = join(folder, `${name}.probe.json`);
  writeFileSync(file, text);
  return file;
};

async function replay(name: string, probe: Probe, ...options: readonly string[]): Promise<Told & { readonly code: number }> {
  const { stdout, code } = await headlight('probe', fileOf(name, probeText(probe)), '--json', ...options);
  return { ...(JSON.parse(stdout) as Told), code };
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'headlight-probe-'));
  const { model, result } = await replay('first', asked);
  kept = { ...asked, model: { ...asked.model, fingerprint: model.fingerprint }, aim: { position: 6, target: null, rival: { id: 300, text: result.rival?.text ?? '' } }, result };
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('headlight probe', () => {
  it('gives the same numbers again', async () => {
    const { code, differences, result } = await replay('same', kept);
    expect({ code, differences }).toEqual({ code: 0, differences: [] });
    expect(result).toEqual(kept.result);
    const { stdout } = await headlight('probe', fileOf('same', probeText(kept)));
    expect(stdout).toContain('storyteller, 1 of 2 experiments on');
    expect(stdout).toContain(`Divergence ${kept.result?.divergence.toFixed(4) ?? ''} bits`);
    expect(stdout).toContain('Nothing differs');
  });

  it('measures what ablate does', async () => {
    const { stdout } = await headlight('ablate', '-t', asked.text, '--off', 'head:2.3', '--mean', '--json');
    const answer = JSON.parse(stdout) as { divergence: number; target: { after: { logProbability: number } } };
    expect(kept.result?.divergence).toBeCloseTo(answer.divergence, 3);
    expect(kept.result?.target.after).toBeCloseTo(answer.target.after.logProbability, 3);
    expect(kept.result?.divergence).toBeGreaterThan(0.01);
  });

  it('says what differs, and ends with 1', async () => {
    const { result } = kept;
    if (!result) throw new Error('there is a result');
    const { code, differences } = await replay('other', { ...kept, result: { ...result, divergence: result.divergence + 0.01, target: { ...result.target, after: result.target.after - 0.0005 } } });
    expect(code).toBe(1);
    expect(differences).toEqual([{ what: 'divergence', saved: result.divergence + 0.01, now: result.divergence }]);
    const { stdout } = await headlight('probe', fileOf('other', probeText({ ...kept, model: asked.model })));
    expect(stdout).toMatch(/fingerprint of the model +0{12} +[0-9a-f]{12}/);
  });

  it('takes another folder for the model that is named, and says that it is another', async () => {
    const elsewhere = join(folder, 'elsewhere');
    symlinkSync(join(root, 'models/storyteller'), elsewhere);
    expect((await replay('elsewhere', { ...kept, model: { ...kept.model, name: 'mine' } }, '--model-folder', elsewhere)).code).toBe(0);
    const { code, differences } = await replay('recaller', kept, '--model-folder', join(root, 'models/recaller')).catch(() => ({ code: 1, differences: null }));
    // recaller has no heads to switch off.
    expect([code, differences]).toEqual([1, null]);
  });

  it.each([
    ['a model that is not listed', () => probeText({ ...kept, model: { ...kept.model, name: 'unknown' } }), 'There is no model "unknown".'],
    ['a model that is a path', () => probeText({ ...kept, model: { ...kept.model, name: '../../etc' } }), 'There is no model'],
    ['a damaged file', () => probeText(kept).slice(0, 200), 'is not valid JSON'],
    ['a newer file', () => probeText(kept).replace('"headlightProbe": 1', '"headlightProbe": 7'), 'is of version 7'],
    ['a layer that is not there', () => probeText({ ...kept, view: { layer: 99 } }), 'view.layer is 99, beyond the last one, 5.'],
    ['an experiment that is not there', () => probeText({ ...kept, experiments: [{ name: null, on: true, intervention: { kind: 'head', part: 'decoder', layer: 0, head: 99, by: 'zero' } }] }), 'nothing to switch off at head:0.99'],
  ])('says of %s in one sentence why it is not run', async (_, text, sentence) => {
    const { stdout, stderr, code } = await headlight('probe', fileOf('bad', text()));
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain(sentence);
  });

  it('says of a file that is not there, or not text', async () => {
    expect((await headlight('probe', join(folder, 'none.probe.json'))).stderr).toContain('There is no file');
    const binary = join(folder, 'binary.probe.json');
    writeFileSync(binary, Uint8Array.of(0xff, 0xfe, 0xfd));
    expect((await headlight('probe', binary)).stderr).toContain('is not UTF-8 text');
  });
});
