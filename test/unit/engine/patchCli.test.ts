/** The built command line: two texts, and what heads do. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { headlight, json } from '../../support/commandLine.ts';
import { root } from '../../support/engine.ts';

const GIVEN = ['-m', join(root, 'test/fixtures/gpt2-basic'), '--ids', '5,17,42,5,90'] as const;

describe('headlight patch', () => {
  it('says what differs and how much comes back where, the same as in JSON', async () => {
    const answer = (await json('patch', ...GIVEN, '--corrupted-ids', '5,17,31,5,90', '--over', 'z')) as { sites: { site: { layer: number; head: number }; restored: number }[] };
    expect(answer.sites).toHaveLength(12);
    const { stdout, stderr, code } = await headlight('patch', ...GIVEN, '--corrupted-ids', '5,17,31,5,90', '--over', 'z');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('Differences: 2 "J" → "?".');
    const strongest = answer.sites.reduce((most, one) => (Math.abs(one.restored) > Math.abs(most.restored) ? one : most));
    expect(stdout).toMatch(new RegExp(`\\n 1  ${String(strongest.site.layer)}\\.${String(strongest.site.head)} `));
    expect(stdout.split('\n').filter((line) => line.startsWith('layer '))).toHaveLength(3);
  });

  it('goes over positions of both halves of an encoder–decoder', async () => {
    const { sites } = (await json('patch', '-m', join(root, 'test/fixtures/t5-basic'), '--ids', '5,17,42', '--decoder-ids', '0,33', '--corrupted-ids', '5,31,42', '--position', '1')) as { sites: { site: { part: string; position: number } }[] };
    expect(new Set(sites.map(({ site }) => `${site.part} ${String(site.position)}`))).toEqual(new Set(['encoder 0', 'encoder 1', 'encoder 2', 'decoder 0', 'decoder 1']));
  });

  it('says in one sentence that two texts have too little in common, or nothing that differs', async () => {
    const apart = await headlight('patch', ...GIVEN, '--corrupted-ids', '1,2,3,4,90');
    expect([apart.code, apart.stdout]).toEqual([1, '']);
    expect(apart.stderr).toContain('The two texts have only 1 of 5 tokens in common');
    expect((await headlight('patch', ...GIVEN, '--corrupted-ids', '5,17,42,5,90')).stderr).toContain('there is nothing to restore');
  });
});

describe('headlight heads', () => {
  it('tells all scores of all heads, on the text and on repeated random tokens', async () => {
    const { stdout, code } = await headlight('heads', ...GIVEN, '--sort', 'previous');
    expect(code).toBe(0);
    expect(stdout.split('\n').filter((line) => /^\d\.\d /.test(line))).toHaveLength(12);
    const { ids, heads } = (await json('heads', ...GIVEN, '--repeated', '--length', '5', '--repeats', '2')) as { ids: number[]; heads: { layer: number; head: number; induction: number }[] };
    expect(ids.slice(5)).toEqual(ids.slice(0, 5));
    expect(heads.every(({ induction }) => induction > 0)).toBe(true);
    const repeated = await headlight('heads', ...GIVEN, '--repeated', '--length', '5', '--repeats', '2', '--sort', 'induction');
    const best = heads.reduce((most, one) => (one.induction > most.induction ? one : most));
    expect(repeated.stdout.split('\n').find((line) => /^\d\.\d /.test(line))).toMatch(new RegExp(`^${String(best.layer)}\\.${String(best.head)} `));
  });

  it('finds induction heads in storyteller by the test alone, which needs no text', async () => {
    const { heads } = (await json('heads', '--repeated')) as { heads: { layer: number; induction: number }[] };
    const found = heads.filter(({ induction }) => induction > 0.6);
    expect(found.length).toBeGreaterThanOrEqual(3);
    expect(found.every(({ layer }) => layer >= 4)).toBe(true);
  });
});
