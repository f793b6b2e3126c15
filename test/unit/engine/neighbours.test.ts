/** Neighbours against brute force over the whole embedding matrix. */
import { describe, expect, it } from 'vitest';
import { neighbours } from '../../../src/engine/probes/neighbours.ts';
import { loadModel, traceOf } from '../../support/engine.ts';

const MATRICES = {
  'gpt2-basic': 'transformer.wte.weight',
  'llama-sharded': 'model.embed_tokens.weight',
  'bert-basic': 'bert.embeddings.word_embeddings.weight',
  'lstm-wide': 'embedding.weight',
  't5-gated': 'shared.weight',
} as const;

describe.each(Object.entries(MATRICES))('the neighbours in %s', (name, matrix) => {
  it('are the tokens with the largest cosines, twice the same', async () => {
    const model = await loadModel(`test/fixtures/${name}`);
    const trace = await traceOf(model, [5, 17, 42], name === 't5-gated' ? { output: [0] } : {});
    const { checkpoint } = model.weights;
    const [vocabulary = 0, width = 0] = checkpoint?.entry(matrix).shape ?? [];
    const ids = Array.from({ length: vocabulary }, (_, id) => id);
    const flat = (await checkpoint?.rows(matrix, ids)) ?? new Float32Array();
    const row = (id: number): number[] => [...flat.subarray(id * width, (id + 1) * width)];
    const product = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
    const cosine = (a: number, b: number): number => product(row(a), row(b)) / Math.sqrt(product(row(a), row(a)) * product(row(b), row(b)));
    for (const id of [42, 7]) {
      const answer = await neighbours(trace, { id, top: 5 });
      const nearest = ids.filter((other) => other !== id).sort((a, b) => cosine(id, b) - cosine(id, a)).slice(0, 5);
      expect(answer.neighbours.map((token) => token.id)).toEqual(nearest);
      for (const token of answer.neighbours) {
        expect(token.cosine).toBeCloseTo(cosine(id, token.id), 5);
        expect(token.length).toBeCloseTo(Math.sqrt(product(row(token.id), row(token.id))), 4);
      }
      expect(answer).toMatchObject({ id, text: model.textPiece(id) });
    }
    await model.release();
  });
});

it('has no token beyond the vocabulary', async () => {
  const model = await loadModel('test/fixtures/gpt2-basic');
  const trace = await traceOf(model, [5, 17]);
  await expect(neighbours(trace, { id: 320, top: 1 })).rejects.toMatchObject({ problem: { code: 'ids.invalid' } });
  expect((await neighbours(trace, { id: 1, top: 1000 })).neighbours).toHaveLength(319);
  await model.release();
});
