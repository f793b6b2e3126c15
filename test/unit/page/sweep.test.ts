/** A sweep is asked for in portions once it is started, and stops by asking no more. */
import { signal } from '@preact/signals';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Answer, Ask, Candidate, Intervention, PageOutcome, RunId } from '../../../src/protocol.ts';
import { cellOf, ranked, type SweepItem } from '../../../webview/graphs/sweepData.ts';
import { sweepOf, type SweepWanted } from '../../../webview/sweep.ts';

interface Put {
  readonly run: RunId;
  readonly ask: Ask<'sweep'>;
  readonly settle: (outcome: PageOutcome<Answer<'sweep'>>) => void;
  dropped: boolean;
}

let puts: Put[];
const put = (run: RunId, _: 'sweep', ask: Ask<'sweep'>) => {
  let settle: Put['settle'] = () => undefined;
  const answer = new Promise<PageOutcome<Answer<'sweep'>>>((resolve) => (settle = resolve));
  const one: Put = { run, ask, settle, dropped: false };
  puts.push(one);
  return { answer, drop: () => void (one.dropped = true) };
};

const target: Candidate = { id: 1, text: 'x', logit: 0, logProbability: -1, rank: 1, special: false };
const total = 20;

/** A head's number is its change. */
const answer = async ({ ask: { from, to }, settle }: Put): Promise<void> => {
  const heads = Array.from({ length: Math.min(total, to) - from }, (_, at) => from + at);
  const items = heads.map((head): Intervention => ({ kind: 'head', part: 'decoder', layer: 0, head, by: 'zero' }));
  settle({ ok: true, value: { total, items, logProbability: Float32Array.from(heads), logitDifference: null, divergence: Float32Array.from(heads, (head) => head / 2), target, rival: null } });
  await vi.waitFor(() => Promise.resolve());
};

const last = (): Put => {
  const found = puts.at(-1);
  if (!found) throw new Error('nothing was asked');
  return found;
};

const heads: SweepWanted = { run: 1, ask: { position: 3, over: 'heads', by: 'zero' } };

beforeEach(() => {
  puts = [];
});

describe('a sweep', () => {
  it('asks nothing before it is started, then eight at a time to the end', async () => {
    const { current, start } = sweepOf(signal<SweepWanted | null>(heads), put);
    expect(puts).toHaveLength(0);
    expect(current.value).toMatchObject({ state: 'idle', total: null, items: [] });
    start();
    expect(last().ask).toEqual({ position: 3, over: 'heads', by: 'zero', from: 0, to: 8 });
    await answer(last());
    expect(current.value).toMatchObject({ state: 'asking', total: 20, target });
    expect(current.value?.items).toHaveLength(8);
    await answer(last());
    await answer(last());
    expect(current.value).toMatchObject({ state: 'ready', logProbability: Array.from({ length: 20 }, (_, head) => head) });
    expect(puts.map(({ ask: { from, to } }) => [from, to])).toEqual([[0, 8], [8, 16], [16, 24]]);
    start();
    expect(puts).toHaveLength(3);
  });

  it('keeps what is there when it is stopped, and goes on from there', async () => {
    const { current, start, stop } = sweepOf(signal<SweepWanted | null>(heads), put);
    start();
    await answer(last());
    stop();
    expect(last().dropped).toBe(true);
    expect(current.value).toMatchObject({ state: 'stopped' });
    expect(current.value?.items).toHaveLength(8);
    start();
    expect(last().ask).toMatchObject({ from: 8, to: 16 });
  });

  it('of another prediction is another one; the first comes back as it was left', async () => {
    const wants = signal<SweepWanted | null>(heads);
    const { current, start } = sweepOf(wants, put);
    start();
    await answer(last());
    wants.value = { ...heads, ask: { ...heads.ask, target: 5 } };
    expect(last().dropped).toBe(true);
    expect(current.value).toMatchObject({ state: 'idle', items: [] });
    wants.value = { ...heads };
    expect(current.value).toMatchObject({ state: 'stopped', total: 20 });
    expect(puts).toHaveLength(2);
  });

  it('says what went wrong and can be started again', async () => {
    const { current, start } = sweepOf(signal<SweepWanted | null>(heads), put);
    start();
    last().settle({ ok: false, trouble: { code: 'model.exported', message: 'cannot be changed', help: '' } });
    await vi.waitFor(() => expect(current.value).toMatchObject({ state: 'failed', trouble: { message: 'cannot be changed' } }));
    start();
    expect(puts).toHaveLength(2);
    expect(current.value).toMatchObject({ state: 'asking', trouble: null });
  });
});

describe('the items of a sweep', () => {
  const attentions = (['encoder', 'decoder', 'cross'] as const).map((part) => ({ part, layers: 2, heads: 2, keyHeads: 2, queries: 'text', keys: 'text', causal: false }) as const);

  it('have places in the grid of their part', () => {
    expect(cellOf({ kind: 'head', part: 'cross', layer: 1, head: 0, by: 'zero' }, { attentions })).toEqual({ panel: 2, row: 1, column: 0 });
    expect(cellOf({ kind: 'feedForward', part: 'decoder', layer: 1, by: 'mean' }, { attentions })).toEqual({ panel: 1, row: 1, column: 1 });
    expect(cellOf({ kind: 'token', token: 7 }, { attentions })).toEqual({ panel: 0, row: 7, column: 0 });
    expect(cellOf({ kind: 'positions', by: 'zero' }, { attentions })).toBeNull();
  });

  it('are ranked by how much they change either way', () => {
    const item = (value: number): SweepItem => ({ intervention: { kind: 'token', token: 0 }, name: String(value), cell: { panel: 0, row: 0, column: 0 }, value, on: false });
    expect(ranked([item(0.1), item(-2), item(1)]).map(({ name }) => name)).toEqual(['-2', '1', '0.1']);
  });
});
