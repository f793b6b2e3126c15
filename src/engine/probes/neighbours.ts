/** The tokens whose embeddings lie closest to that of one token, by the cosine of the angle between them. */
import type { Answer, Ask } from '../../protocol.ts';
import { ProblemError } from '../problemError.ts';
import type { Checkpoint } from '../safetensors.ts';
import type { Trace } from '../trace.ts';
import { checkpointOf, dot, eachRow } from './attributionWeights.ts';
import { largestIndices } from './next.ts';

/** Lengths of a matrix's rows, `[vocabulary]`: computed with the first question about it. */
const lengths = new WeakMap<Checkpoint, Float32Array>();

/** Reads the matrix once, a piece at a time. @throws ProblemError `model.exported`, `ids.invalid`, `run.cancelled` when the trace is released meanwhile */
export async function neighbours(trace: Trace, { id, top }: Ask<'neighbours'>): Promise<Answer<'neighbours'>> {
  const checkpoint = checkpointOf(trace);
  const matrix = embeddingOf(trace);
  const [vocabulary = 0] = checkpoint.entry(matrix).shape;
  if (id >= vocabulary) throw new ProblemError('ids.invalid', { id: String(id), last: String(vocabulary - 1) });
  const own = await checkpoint.rows(matrix, [id]);
  const known = lengths.get(checkpoint);
  const measured = known ?? new Float32Array(vocabulary);
  const ownLength = Math.sqrt(dot(own, own));
  const cosines = new Float32Array(vocabulary);
  await eachRow(trace, matrix, (row, other) => {
    if (!known) measured[other] = Math.sqrt(dot(row, row));
    const product = (measured[other] ?? 0) * ownLength;
    // A row of zeros points nowhere.
    cosines[other] = product > 0 ? dot(row, own) / product : 0;
  });
  lengths.set(checkpoint, measured);
  cosines[id] = -Infinity; // not a neighbour of itself
  const textOf = (token: number): string => trace.model.textPiece(token);
  const nearest = largestIndices(cosines, Math.min(top, vocabulary - 1));
  return { id, text: textOf(id), length: ownLength, neighbours: nearest.map((token) => ({ id: token, text: textOf(token), cosine: cosines[token] ?? 0, length: measured[token] ?? 0 })) };
}

/** The matrix whose rows the tokens of the text are looked up in. */
export function embeddingOf({ model: { network, info } }: Trace): string {
  for (const { source } of network.stages.flatMap(({ reads, inputs }) => (reads === 'text' ? inputs : []))) {
    if (source.from === 'rows' && source.of === 'tokens') return source.weight;
  }
  throw new ProblemError('model.exported', { name: info.name });
}
