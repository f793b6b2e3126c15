/** Candidates as words. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Model } from '../../../src/engine/model.ts';
import { logProbabilities } from '../../../src/engine/probes/next.ts';
import { words } from '../../../src/engine/probes/words.ts';
import { loadModel, traceOf } from '../../support/engine.ts';

let model: Model;
beforeAll(async () => {
  model = await loadModel('models/storyteller');
});
afterAll(() => model.release());

const idsOf = (text: string): number[] => model.tokenizer.encode(text).map(({ id }) => id);

describe('a candidate', () => {
  it('is continued greedily to the end of its word, with the probability of all its pieces', async () => {
    const ids = idsOf('Once upon a time there was a little');
    const trace = await traceOf(model, ids);
    const logits = (await trace.logits([ids.length - 1])).data;
    const likeliest = [...logits.keys()].sort((a, b) => (logits[b] ?? 0) - (logits[a] ?? 0)).slice(0, 12);
    const found = (await words(trace, { position: ids.length - 1, ids: likeliest })).words;
    expect(found.map((word) => word.ids[0])).toEqual(likeliest);
    for (const word of found) {
      let sum = 0;
      for (const [i, id] of word.ids.entries()) {
        const before = await traceOf(model, [...ids, ...word.ids.slice(0, i)]);
        const logs = logProbabilities((await before.logits([ids.length + i - 1])).data);
        // Every piece but the candidate itself is the likeliest there.
        if (i > 0) expect(logs[id]).toBe(Math.max(...logs));
        sum += logs[id] ?? NaN;
      }
      expect(word.logProbability).toBeCloseTo(sum, 3);
      expect(word.text).toBe(model.textOf(word.ids));
      expect(word.text.trim().split(/\s+/)).toHaveLength(1);
    }
  });

  it('that begins a longer word is shown as the word', async () => {
    const ids = idsOf('The princess lived in a big');
    const trace = await traceOf(model, ids);
    const [start] = idsOf(' elephants');
    const [word] = (await words(trace, { position: ids.length - 1, ids: [start ?? 0] })).words;
    expect(word?.complete).toBe(true);
    expect(/^ ?[A-Za-z'’]+$/.test(word?.text ?? '')).toBe(true);
  });

  it('that is punctuation or a line end stands alone', async () => {
    const ids = idsOf('The dog ran away');
    const trace = await traceOf(model, ids);
    for (const text of ['.', '\n', '!']) {
      const [id] = idsOf(text);
      expect((await words(trace, { position: ids.length - 1, ids: [id ?? 0] })).words).toMatchObject([{ ids: [id], text, complete: true }]);
    }
  });

  it('that is a part of a character is followed to its end, or said to be a part', async () => {
    const ids = idsOf('你');
    const trace = await traceOf(model, ids);
    const [first] = idsOf('好');
    const [word] = (await words(trace, { position: ids.length - 1, ids: [first ?? 0] })).words;
    // A model of English stories need not know the rest of the character; then it says so.
    expect(word?.complete).toBe(word?.text.includes('\uFFFD') === false);
  });
});
