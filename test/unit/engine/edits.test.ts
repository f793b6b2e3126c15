/** Typing: whatever is done to a text, going on from the run before gives what a fresh run gives. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Model } from '../../../src/engine/model.ts';
import { surprisal } from '../../../src/engine/probes/surprisal.ts';
import type { Trace } from '../../../src/engine/trace.ts';
import { loadModel, traceOf } from '../../support/engine.ts';

let model: Model;
beforeAll(async () => {
  model = await loadModel('models/storyteller');
});
afterAll(() => model.release());

/** Pieces of text in several scripts, with what is hard about each. */
const PIECES = ['the old dog', ' sat', ' down', '.', '\r\n', ' 教师用书', 'кот', 'é', 'e\u0301', '👩‍🚀', ' ', 'x = [1, 2]', 'שלום', '\t', 'ß'];
const piece = fc.array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 4 }).map((pieces) => pieces.join(''));
/** Where and how much, as shares of the text; what is put there. */
const edit = fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), remove: fc.constantFrom(0, 0, 0.1, 0.5), insert: fc.oneof(piece, fc.constant('')) });

function edited(text: string, { at, remove, insert }: { readonly at: number; readonly remove: number; readonly insert: string }): string {
  const start = Math.floor(at * text.length);
  return text.slice(0, start) + insert + text.slice(start + Math.ceil(remove * text.length));
}

const bitsOf = async (trace: Trace): Promise<number[]> => [...(await surprisal(trace, { from: 1, to: trace.ids('text').length })).bits];

it('after any edits, every probability is that of a run from the start, to 1e-4', async () => {
  await fc.assert(
    fc.asyncProperty(piece, fc.array(edit, { minLength: 1, maxLength: 5 }), async (first, edits) => {
      let text = `Once there was a ${first}`;
      let before = await traceOf(model, model.tokenizer.encode(text).map(({ id }) => id));
      for (const change of edits) {
        text = edited(text, change);
        const ids = model.tokenizer.encode(text).map(({ id }) => id);
        if (!ids.length) continue;
        const after = await traceOf(model, ids, { prefix: before });
        const whole = await traceOf(model, ids);
        const expected = await bitsOf(whole);
        for (const [i, bits] of (await bitsOf(after)).entries()) expect(Math.abs(2 ** -bits - 2 ** -(expected[i] ?? NaN)), `token ${String(i + 1)} of ${JSON.stringify(text)}`).toBeLessThanOrEqual(1e-4);
        whole.release();
        before.release();
        before = after;
      }
      before.release();
    }),
    { numRuns: 25, seed: 4 },
  );
}, 120_000);
