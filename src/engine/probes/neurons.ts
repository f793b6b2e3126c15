/** Neurons of a feed-forward part: which fire at a token, and which tokens each of them pushes the prediction towards (Geva et al. 2022). */
import type { ResidualPart } from '../architectures/architecture.ts';
import type { Answer, Ask, PushedToken } from '../../protocol.ts';
import { at } from '../tensor.ts';
import type { Trace } from '../trace.ts';
import { pathsOf } from './attribution.ts';
import { dot, eachRow, FrozenNorm } from './attributionWeights.ts';
import { largestIndices } from './next.ts';

/**
 * The neurons with the largest activations either way. What one adds to the residual stream is its activation times its
 * row of the output weight; through the last norm, its scale frozen, and the unembedding, that is what it adds to each logit.
 * @throws ProblemError `model.exported`, `model.noPaths`, `run.cancelled` when the trace is released meanwhile
 */
export async function neurons(trace: Trace, { layer, position, top, tokens }: Ask<'neurons'>): Promise<Answer<'neurons'>> {
  const { model } = trace;
  const paths = pathsOf(trace);
  const part = paths.feedForward(layer);
  const activations = at(await trace.get(part.from), position);
  const strongest = largestIndices(activations.map(Math.abs), top);
  const after = part.norm && (await FrozenNorm.at(trace, part.norm, position));
  const final = await FrozenNorm.at(trace, paths.norm, position);
  const written = (await outputsOf(trace, part, strongest)).map((row, i) => {
    const added = row.map((value) => value * (activations[strongest[i] ?? 0] ?? 0));
    return final.forward(after ? after.forward(added) : added);
  });
  const pushes = written.map(() => new Float32Array(paths.head.vocabulary));
  await eachRow(trace, paths.head.matrix, (row, id) => {
    for (const [i, direction] of written.entries()) (pushes[i] ?? new Float32Array())[id] = dot(row, direction);
  });
  const pushed = (logits: Float32Array, sign: 1 | -1): PushedToken[] =>
    largestIndices(sign === 1 ? logits : logits.map((value) => -value), tokens).map((id) => ({ id, text: model.outputText(id), logit: logits[id] ?? 0 }));
  return {
    count: activations.length,
    neurons: strongest.map((neuron, i) => {
      const logits = pushes[i] ?? new Float32Array();
      return { neuron, activation: activations[neuron] ?? 0, promotes: pushed(logits, 1), suppresses: pushed(logits, -1) };
    }),
  };
}

/** What each of some neurons writes when its activation is 1, `[width]`. */
async function outputsOf(trace: Trace, { projection: { weight, layout, outputs } }: ResidualPart, chosen: readonly number[]): Promise<Float64Array[]> {
  const found = chosen.map(() => new Float64Array(outputs));
  await eachRow(trace, weight, (row, index) => {
    if (layout === 'in,out') found[chosen.indexOf(index)]?.set(row);
    else for (const [i, neuron] of chosen.entries()) (found[i] ?? new Float64Array())[index] = row[neuron] ?? 0;
  });
  return found;
}
