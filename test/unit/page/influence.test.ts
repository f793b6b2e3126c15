/** Influence is asked for in portions, the nearest tokens first; the newest wish wins. */
import { signal } from '@preact/signals';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Answer, Ask, PageOutcome, RunId } from '../../../src/protocol.ts';
import { influenceOf, type InfluenceWanted } from '../../../webview/influence.ts';

interface Put {
  readonly run: RunId;
  readonly ask: Ask<'influence'>;
  readonly settle: (outcome: PageOutcome<Answer<'influence'>>) => void;
  dropped: boolean;
}

let puts: Put[];
const put = (run: RunId, _: 'influence', ask: Ask<'influence'>) => {
  let settle: Put['settle'] = () => undefined;
  const answer = new Promise<PageOutcome<Answer<'influence'>>>((resolve) => (settle = resolve));
  const one: Put = { run, ask, settle, dropped: false };
  puts.push(one);
  return { answer, drop: () => void (one.dropped = true) };
};

/** A token's number is its divergence, and a tenth of it its loss. */
const answer = async ({ ask, settle }: Put): Promise<void> => {
  const likeliest = { id: 1, text: 'x', logit: 0, logProbability: -1, rank: 1, special: false };
  settle({ ok: true, value: { divergence: Float32Array.from(ask.tokens), loss: Float32Array.from(ask.tokens, (token) => token / 10), likeliest } });
  await vi.waitFor(() => Promise.resolve());
};

const last = (): Put => {
  const found = puts.at(-1);
  if (!found) throw new Error('nothing was asked');
  return found;
};

beforeEach(() => {
  puts = [];
});

describe('influence', () => {
  it('comes eight tokens at a time, the nearest first, until all that are wanted are there', async () => {
    const wants = signal<InfluenceWanted | null>({ run: 1, position: 19, tokens: 10 });
    const influence = influenceOf(wants, put);
    expect(last().ask).toEqual({ position: 19, tokens: [19, 18, 17, 16, 15, 14, 13, 12] });
    expect(influence.value).toMatchObject({ state: 'asking', likeliest: null });
    await answer(last());
    expect(last().ask.tokens).toEqual([11, 10]);
    expect(influence.value?.state).toBe('asking');
    await answer(last());
    expect(puts).toHaveLength(2);
    expect(influence.value).toMatchObject({ state: 'ready', likeliest: { text: 'x' } });
    expect([...(influence.value?.divergence ?? [])]).toEqual([...Array.from({ length: 10 }, () => NaN), 10, 11, 12, 13, 14, 15, 16, 17, 18, 19]);
    expect(influence.value?.loss[12]).toBeCloseTo(1.2);
  });

  it('goes on where it was when more is wanted, and asks nothing twice', async () => {
    const wants = signal<InfluenceWanted | null>({ run: 1, position: 5, tokens: 4 });
    const influence = influenceOf(wants, put);
    await answer(last());
    wants.value = { run: 1, position: 5, tokens: 64 };
    expect(last().ask.tokens).toEqual([1, 0]);
    await answer(last());
    wants.value = { run: 1, position: 3, tokens: 64 };
    await answer(last());
    wants.value = { run: 1, position: 5, tokens: 64 };
    expect(puts).toHaveLength(3);
    expect(influence.value).toMatchObject({ state: 'ready', position: 5 });
  });

  it('drops what is on its way for a newer wish, and takes nothing from it', async () => {
    const wants = signal<InfluenceWanted | null>({ run: 1, position: 5, tokens: 4 });
    const influence = influenceOf(wants, put);
    const first = last();
    wants.value = { run: 2, position: 2, tokens: 4 };
    expect(first.dropped).toBe(true);
    await answer(first);
    expect(influence.value).toMatchObject({ run: 2, position: 2 });
    expect([...(influence.value?.divergence ?? [])]).toEqual([NaN, NaN, NaN]);
    expect(puts).toHaveLength(2);
  });

  it('tells of trouble, keeps what is known, and tries again with the next wish', async () => {
    const wants = signal<InfluenceWanted | null>({ run: 1, position: 11, tokens: 64 });
    const influence = influenceOf(wants, put);
    await answer(last());
    last().settle({ ok: false, trouble: { code: 'engine.died', message: 'It died.', help: '' } });
    await vi.waitFor(() => expect(influence.value?.state).toBe('failed'));
    expect(influence.value?.trouble?.message).toBe('It died.');
    expect(influence.value?.divergence[11]).toBe(11);
    wants.value = null;
    expect(influence.value).toBeNull();
    wants.value = { run: 1, position: 11, tokens: 64 };
    expect(last().ask.tokens).toEqual([3, 2, 1, 0]);
    expect(influence.value).toMatchObject({ state: 'asking', trouble: null });
  });
});
