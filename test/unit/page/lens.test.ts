/** The lens is asked for in portions, what is in sight first; the newest wish wins. */
import { signal } from '@preact/signals';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Answer, Ask, Candidate, PageOutcome, RunId } from '../../../src/protocol.ts';
import { settledAt } from '../../../webview/graphs/lensSentences.ts';
import { lensOf, type LensWanted } from '../../../webview/lens.ts';

interface Put {
  readonly run: RunId;
  readonly ask: Ask<'lens'>;
  readonly settle: (outcome: PageOutcome<Answer<'lens'>>) => void;
  dropped: boolean;
}

let puts: Put[];
const put = (run: RunId, _: 'lens', ask: Ask<'lens'>) => {
  let settle: Put['settle'] = () => undefined;
  const answer = new Promise<PageOutcome<Answer<'lens'>>>((resolve) => (settle = resolve));
  const one: Put = { run, ask, settle, dropped: false };
  puts.push(one);
  return { answer, drop: () => void (one.dropped = true) };
};

const candidate = (id: number): Candidate => ({ id, text: String(id), logit: 0, logProbability: -1, rank: 1, special: false });

/** Of two layers: the word's id is a hundred times the row and the position, the divergence a tenth of that. */
const answer = async ({ ask: { positions }, settle }: Put): Promise<void> => {
  const ids = [0, 1].flatMap((row) => positions.map((position) => 100 * row + position));
  settle({ ok: true, value: { predicts: 'next', layers: [-1, 0], top: ids.map((id) => [candidate(id)]), divergence: Float32Array.from(ids, (id) => id / 10) } });
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

describe('the lens', () => {
  it('comes sixteen positions at a time, only as far as they are in sight', async () => {
    const wants = signal<LensWanted | null>({ run: 1, positions: 100, from: 20, to: 40 });
    const lens = lensOf(wants, put);
    expect(last().ask).toEqual({ positions: Array.from({ length: 16 }, (_, at) => 16 + at), top: 5 });
    await answer(last());
    expect(last().ask.positions).toEqual(Array.from({ length: 16 }, (_, at) => 32 + at));
    await answer(last());
    expect(puts).toHaveLength(2);
    expect(lens.value?.columns.size).toBe(32);
    expect(lens.value?.columns.get(37)?.top.map(([first]) => first?.id)).toEqual([37, 137]);
    expect(lens.value?.columns.get(37)?.divergence[1]).toBeCloseTo(13.7);
    wants.value = { run: 1, positions: 100, from: 90, to: 100 };
    expect(last().ask.positions).toEqual(Array.from({ length: 16 }, (_, at) => 80 + at));
    await answer(last());
    expect(last().ask.positions).toEqual([96, 97, 98, 99]);
    await answer(last());
    wants.value = { run: 1, positions: 100, from: 16, to: 48 };
    expect(puts).toHaveLength(4);
  });

  it('of another run calls off what was asked, and what comes back to the first is remembered', async () => {
    const wants = signal<LensWanted | null>({ run: 1, positions: 4, from: 0, to: 4 });
    const lens = lensOf(wants, put);
    const first = last();
    wants.value = { run: 2, positions: 4, from: 0, to: 4 };
    expect(first.dropped).toBe(true);
    await answer(last());
    expect(lens.value).toMatchObject({ run: 2, layers: [-1, 0] });
    wants.value = { run: 1, positions: 4, from: 0, to: 4 };
    expect(lens.value?.columns.size).toBe(0);
    wants.value = { run: 2, positions: 4, from: 0, to: 4 };
    expect(lens.value?.columns.size).toBe(4);
  });

  it('of the other half of the same run is asked for and remembered apart', async () => {
    const wants = signal<LensWanted | null>({ run: 1, positions: 4, from: 0, to: 4 });
    const lens = lensOf(wants, put);
    const decoder = last();
    wants.value = { run: 1, part: 'encoder', positions: 3, from: 0, to: 3 };
    expect(decoder.dropped).toBe(true);
    expect(last().ask).toEqual({ part: 'encoder', positions: [0, 1, 2], top: 5 });
    await answer(last());
    expect(lens.value).toMatchObject({ part: 'encoder', layers: [-1, 0] });
    wants.value = { run: 1, positions: 4, from: 0, to: 4 };
    expect(lens.value?.columns.size).toBe(0);
    wants.value = { run: 1, part: 'encoder', positions: 3, from: 0, to: 3 };
    expect(lens.value?.columns.size).toBe(3);
  });

  it('says why there is none, and asks again when it is looked at anew', async () => {
    const wants = signal<LensWanted | null>({ run: 1, positions: 4, from: 0, to: 4 });
    const lens = lensOf(wants, put);
    last().settle({ ok: false, trouble: { code: 'model.exported', message: 'no weights', help: '' } });
    await vi.waitFor(() => expect(lens.value?.trouble?.message).toBe('no weights'));
    expect(puts).toHaveLength(1);
    wants.value = null;
    wants.value = { run: 1, positions: 4, from: 0, to: 4 };
    expect(puts).toHaveLength(2);
  });
});

it('a prediction has settled where its token is first to the end', () => {
  expect(settledAt([-1, 0, 1, 2], Uint32Array.of(1, 9, 1, 1))).toBe(1);
  expect(settledAt([-1, 0, 1, 2], Uint32Array.of(1, 1, 1, 1))).toBe(-1);
  expect(settledAt([-1, 0, 1, 2], Uint32Array.of(1, 1, 1, 2))).toBeNull();
});
