/** Embeddings of the text's tokens on the plane on which they differ most, with a token's neighbours among them where one is chosen. */
import type { Answer, Ask } from '../../protocol.ts';
import { principalPlane } from '../principal.ts';
import type { Trace } from '../trace.ts';
import { checkpointOf, dot } from './attributionWeights.ts';
import { embeddingOf, neighbours } from './neighbours.ts';

/** @throws ProblemError `model.exported`, `ids.invalid`, `run.cancelled` when the trace is released meanwhile */
export async function projection(trace: Trace, { id, neighbours: top }: Ask<'projection'>): Promise<Answer<'projection'>> {
  const checkpoint = checkpointOf(trace);
  const matrix = embeddingOf(trace);
  const width = checkpoint.entry(matrix).shape[1] ?? 0;
  const inText = new Set(trace.ids('text'));
  const near = id === null ? [] : (await neighbours(trace, { id, top })).neighbours.map((token) => token.id);
  const ids = [...new Set([...inText, ...(id === null ? [] : [id]), ...near])];
  const vectors = await checkpoint.rows(matrix, ids);
  const { x, y, variance } = await principalPlane(vectors, ids.length);
  trace.requireHeld();
  const vector = (index: number): Float32Array => vectors.subarray(index * width, (index + 1) * width);
  const lengths = ids.map((_, index) => Math.sqrt(dot(vector(index), vector(index))));
  const chosen = id === null ? -1 : ids.indexOf(id);
  const cosine = (index: number): number => {
    const both = (lengths[index] ?? 0) * (lengths[chosen] ?? 0);
    return both > 0 ? dot(vector(index), vector(chosen)) / both : 0; // a row of zeros points nowhere
  };
  return {
    width,
    variance,
    points: ids.map((token, index) => ({
      id: token,
      text: trace.model.textPiece(token),
      length: lengths[index] ?? 0,
      x: x[index] ?? 0,
      y: y[index] ?? 0,
      inText: inText.has(token),
      cosine: chosen < 0 ? null : cosine(index),
    })),
  };
}
