/** A patching is asked for in portions once it is started, stops by asking no more, and is laid out by token and layer. */
import { signal } from '@preact/signals';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Answer, Ask, Candidate, PageOutcome, PatchSite } from '../../../src/protocol.ts';
import { mostRestored, patchCell, patchedAttentions, rankedSites } from '../../../webview/graphs/patchData.ts';
import { patchingOf, type PatchingWanted } from '../../../webview/patching.ts';

interface Put {
  readonly ask: Ask<'patch'>;
  readonly settle: (outcome: PageOutcome<Answer<'patch'>>) => void;
  dropped: boolean;
}

let puts: Put[];
const put = (_run: number, _question: 'patch', ask: Ask<'patch'>) => {
  let settle: Put['settle'] = () => undefined;
  const answer = new Promise<PageOutcome<Answer<'patch'>>>((resolve) => (settle = resolve));
  const one: Put = { ask, settle, dropped: false };
  puts.push(one);
  return { answer, drop: () => void (one.dropped = true) };
};

const target: Candidate = { id: 1, text: 'x', logit: 0, logProbability: -1, rank: 1, special: false };
const total = 11;

/** A position's number is what it restores. */
const answer = async ({ ask: { from, to }, settle }: Put): Promise<void> => {
  const positions = Array.from({ length: Math.min(total, to) - from }, (_, at) => from + at);
  const sites = positions.map((position): PatchSite => ({ kind: 'position', part: 'decoder', layer: 0, position }));
  const measure = { logProbability: -1, logitDifference: null };
  settle({ ok: true, value: { total, sites, restored: Float32Array.from(positions), logProbability: Float32Array.from(positions), logitDifference: null, clean: measure, corrupted: measure, target, rival: null } });
  await vi.waitFor(() => undefined);
};

const wanted: PatchingWanted = { run: 1, ask: { corrupted: 2, position: 4, over: 'resid_pre' } };

beforeEach(() => {
  puts = [];
});

describe('a patching', () => {
  it('runs nothing before it is started, then portion by portion to the end', async () => {
    const patching = patchingOf(signal<PatchingWanted | null>(wanted), put);
    expect([patching.current.value?.state, puts.length]).toEqual(['idle', 0]);
    patching.start();
    for (let at = 0; at < 2; at++) {
      const next = puts[at];
      if (!next) throw new Error('nothing was asked');
      await answer(next);
    }
    await vi.waitFor(() => expect(patching.current.value?.state).toBe('ready'));
    expect(puts.map(({ ask: { from, to } }) => [from, to])).toEqual([[0, 8], [8, 16]]);
    expect(patching.current.value?.sites.map(({ restored }) => restored)).toEqual([...Array(total).keys()]);
  });

  it('stops and goes on, and begins anew for another prediction', async () => {
    const wants = signal<PatchingWanted | null>(wanted);
    const patching = patchingOf(wants, put);
    patching.start();
    if (puts[0]) await answer(puts[0]);
    await vi.waitFor(() => expect(puts).toHaveLength(2));
    patching.stop();
    expect([patching.current.value?.state, puts[1]?.dropped]).toEqual(['stopped', true]);
    patching.start();
    expect(puts[2]?.ask.from).toBe(8);
    wants.value = { ...wanted, ask: { ...wanted.ask, over: 'z' } };
    expect([patching.current.value?.state, patching.current.value?.sites.length, puts[2]?.dropped]).toEqual(['idle', 0, true]);
  });

  it('keeps what is there when a portion fails', async () => {
    const patching = patchingOf(signal<PatchingWanted | null>(wanted), put);
    patching.start();
    if (puts[0]) await answer(puts[0]);
    await vi.waitFor(() => expect(puts).toHaveLength(2));
    puts[1]?.settle({ ok: false, trouble: { code: 'patch.same', message: 'm', help: 'h' } });
    await vi.waitFor(() => expect(patching.current.value?.state).toBe('failed'));
    expect([patching.current.value?.sites.length, patching.current.value?.trouble?.message]).toEqual([8, 'm']);
  });
});

describe('sites in grids', () => {
  const attentions = [
    { part: 'encoder', layers: 2, heads: 4, keyHeads: 4, queries: 'text', keys: 'text', causal: false },
    { part: 'decoder', layers: 2, heads: 4, keyHeads: 4, queries: 'output', keys: 'output', causal: true },
    { part: 'cross', layers: 2, heads: 4, keyHeads: 4, queries: 'output', keys: 'text', causal: false },
  ] as const;

  it('stand by token and layer, or by layer and head, of the parts that have them', () => {
    expect(patchedAttentions({ attentions }, 'resid_pre').map(({ part }) => part)).toEqual(['encoder', 'decoder']);
    expect(patchedAttentions({ attentions }, 'z')).toHaveLength(3);
    expect(patchCell({ kind: 'position', part: 'decoder', layer: 1, position: 3 }, patchedAttentions({ attentions }, 'mlp_out'))).toEqual({ panel: 1, row: 3, column: 1 });
    expect(patchCell({ kind: 'head', part: 'cross', layer: 1, head: 3 }, attentions)).toEqual({ panel: 2, row: 1, column: 3 });
  });

  it('are ranked by how much they move the answer, without those that cannot be measured', () => {
    const items = [0.1, NaN, -0.6, 0.4].map((restored, column) => ({ name: String(column), cell: { panel: 0, row: 0, column }, restored }));
    expect(rankedSites(items).map(({ name }) => name)).toEqual(['2', '3', '0']);
    expect(mostRestored(items)).toBe(0.6);
    expect(mostRestored([])).toBe(0.05);
  });
});
