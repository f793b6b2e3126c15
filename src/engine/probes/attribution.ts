/**
 * Direct logit attribution (Elhage et al. 2021): the residual stream is a sum, and with the scale of the last norm as
 * it was in the run, the logit is linear in it. So each summand has its share, and the shares add up. Of a run with
 * interventions what is switched off has none, and means that stand in its place have a share of their own.
 */
import type { ResidualPart, ResidualPaths } from '../architectures/architecture.ts';
import type { Answer, Ask, LogitShare } from '../../protocol.ts';
import { breathe } from '../breathe.ts';
import { ProblemError } from '../problemError.ts';
import type { Trace } from '../trace.ts';
import { checkpointOf, dot, FrozenNorm, storedTensor, throughProjection, type Reading } from './attributionWeights.ts';
import { candidates, rankOf } from './next.ts';
import { beforePatch, ownAt, readsOfAdded } from './patchedParts.ts';

/** @throws ProblemError `model.exported`, `model.noPaths`, `run.cancelled` when the trace is released meanwhile */
export async function attribution(trace: Trace, { position, id, rival }: Ask<'attribution'>): Promise<Answer<'attribution'>> {
  const paths = pathsOf(trace);
  const final = await logitReading(trace, paths, { position, id, ...(rival === undefined ? {} : { rival }) });
  const shares: LogitShare[] = [];
  for (const [i, hook] of paths.embeddings.entries()) {
    shares.push({ part: i === 0 ? 'embedding' : 'position', value: dot(ownAt(trace, hook, await trace.get(hook), position), final.reading.direction) });
    if (trace.patchOn(hook, 'add')) shares.push({ part: 'positionMean', value: readsOfAdded(trace, hook, position, final.reading.direction) });
  }
  for (let layer = 0; layer < trace.model.network.dimensions.layers; layer++) {
    await breathe();
    trace.requireHeld();
    shares.push(...(await layerShares(trace, paths, layer, position, final.reading)));
  }
  if (paths.norm.bias !== undefined) shares.push({ part: 'normBias', value: final.reading.constant });
  if (final.bias !== null) shares.push({ part: 'unembeddingBias', value: final.bias });
  const logits = (await trace.logits([position])).data;
  const candidate = candidates(logits, trace.model);
  const unbounded = (token: number): number => withoutBound(logits[token] ?? NaN, paths.head.softcap ?? null);
  const logit = unbounded(id) - (rival === undefined ? 0 : unbounded(rival));
  return {
    target: candidate(id, rankOf(logits, id)),
    ...(rival === undefined ? {} : { rival: candidate(rival, rankOf(logits, rival)) }),
    logit,
    shares,
    remainder: logit - shares.reduce((sum, { value }) => sum + value, 0),
  };
}

/** A head's share by the tokens it looked at: pattern · (value · what reads it); the shares add up to the head's. */
export async function attributionSources(trace: Trace, { position, id, rival, layer, head }: Ask<'attributionSources'>): Promise<Answer<'attributionSources'>> {
  const paths = pathsOf(trace);
  const { heads, keyHeads, headWidth } = trace.model.network.dimensions;
  const { reading } = await logitReading(trace, paths, { position, id, ...(rival === undefined ? {} : { rival }) });
  const part = paths.attention(layer);
  const ofHead = (all: Float64Array): Float64Array => all.subarray(head * headWidth, (head + 1) * headWidth);
  const { direction: joined } = await throughPart(trace, part, position, reading);
  // What a head that is switched off mixes goes nowhere.
  const direction = ofHead(beforePatch(trace, part.from, position, joined));
  const pattern = await trace.pattern('decoder', layer);
  const values = await trace.get(paths.values(layer).hook); // [1, key, K, D]
  const keys = pattern.shape[3] ?? 0;
  const row = pattern.data.subarray((head * keys + position) * keys, (head * keys + position + 1) * keys);
  const keyHead = Math.floor(head / (heads / keyHeads));
  const shares = Float32Array.from(row, (weight, key) => {
    const start = (key * keyHeads + keyHead) * headWidth;
    return weight * dot(direction, values.data.subarray(start, start + headWidth));
  });
  const value = dot(ownAt(trace, part.from, await trace.get(part.from), position).subarray(head * headWidth, (head + 1) * headWidth), ofHead(joined));
  return { value, shares, remainder: value - shares.reduce((sum, share) => sum + share, 0) };
}

/** @throws ProblemError `model.exported`, `model.noPaths` */
export function pathsOf(trace: Trace): ResidualPaths {
  checkpointOf(trace);
  const { network, info } = trace.model;
  if (!network.paths) throw new ProblemError('model.noPaths', { name: info.name });
  return network.paths;
}

/** What reads a logit, or the difference of two, off the residual stream that the last norm is given; the bias of the head apart. */
export async function logitReading(trace: Trace, { norm, head }: ResidualPaths, { position, id, rival }: Pick<Ask<'attribution'>, 'position' | 'id' | 'rival'>): Promise<{ readonly reading: Reading; readonly bias: number | null }> {
  const checkpoint = checkpointOf(trace);
  const row = Float64Array.from(await checkpoint.rows(head.matrix, [id]));
  const other = rival === undefined ? null : await checkpoint.rows(head.matrix, [rival]);
  const direction = row.map((value, i) => value - (other?.[i] ?? 0));
  const biases = head.bias === undefined ? null : await storedTensor(checkpoint, head.bias);
  const bias = biases && (biases[id] ?? 0) - (rival === undefined ? 0 : (biases[rival] ?? 0));
  return { reading: (await FrozenNorm.at(trace, norm, position)).back({ direction, constant: 0 }), bias };
}

/** Each head, the bias behind them, the feed-forward part, and means that stand in place of any of them. */
async function layerShares(trace: Trace, paths: ResidualPaths, layer: number, position: number, reading: Reading): Promise<LogitShare[]> {
  const { heads, headWidth } = trace.model.network.dimensions;
  const part = paths.attention(layer);
  const { out } = paths.feedForward(layer);
  // What the layer gives is computed by one run of its stage.
  const hooks = await trace.together([part.from, out, ...(part.norm ? [`${part.norm.hook}.hook_scale`] : [])]);
  const [mixed, added] = [hooks.get(part.from), hooks.get(out)];
  if (!mixed || !added) throw new Error(`layer ${String(layer)} lacks a hook point`);
  const { direction } = reading;
  const before = await throughPart(trace, part, position, { direction, constant: 0 });
  const z = ownAt(trace, part.from, mixed, position);
  const byHead = Array.from({ length: heads }, (_, head): LogitShare => {
    const [start, end] = [head * headWidth, (head + 1) * headWidth];
    return { part: 'head', layer, head, value: dot(z.subarray(start, end), before.direction.subarray(start, end)) };
  });
  const bias: LogitShare[] = part.projection.bias === undefined ? [] : [{ part: 'attentionBias', layer, value: before.constant }];
  const replaced = [part.from, part.out, out].some((hook) => trace.patchOn(hook, 'add'));
  const means = readsOfAdded(trace, part.from, position, before.direction) + readsOfAdded(trace, part.out, position, direction) + readsOfAdded(trace, out, position, direction);
  return [...byHead, ...bias, { part: 'feedForward', layer, value: dot(ownAt(trace, out, added, position), direction) }, ...(replaced ? [{ part: 'layerMean', layer, value: means } as const] : [])];
}

/** Back from what a part adds to what it projects. */
async function throughPart(trace: Trace, { norm, projection, out }: ResidualPart, position: number, { direction, constant }: Reading): Promise<Reading> {
  const given = { direction: beforePatch(trace, out, position, direction), constant };
  return throughProjection(trace, projection, norm ? (await FrozenNorm.at(trace, norm, position)).back(given) : given);
}

/** The logit before it is squeezed under a bound: c · artanh(logit ÷ c). */
const withoutBound = (logit: number, bound: number | null): number => (bound === null ? logit : bound * Math.atanh(logit / bound));
