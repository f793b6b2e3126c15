/**
 * The paths of one prediction: a logit followed back through the heads that made it, as routes of information in the
 * sense of Ferrando & Voita 2024, with the attribution's own contributions in place of their proximity.
 *
 * A *reader* reads a number off the residual stream at one token: `r(x) = d · x + c`. The first is the logit, with the
 * scale of the last norm as it was in the run. The stream at layer `l` and token `t` is the sum
 * `x = embedding[t] + Σ_{l' < l} (Σ_h head(l', h)[t] + bias(l') + feedForward(l')[t])`, and `d` of each summand is its
 * contribution to that reader: an edge. A part is drawn where one of its edges is at least `least`, and its value is the
 * sum of the edges that are.
 *
 * A head `(l, h)` at token `t` whose drawn edges read it by the direction `g` in the residual stream, so by
 * `z = (W_O g)_h` off what it mixes, adds `Σ_s pattern[h, t, s] · v[s] · z`. With the pattern and the scale of the norm
 * before the layer as they were, each summand is linear in the residual stream at token `s` before layer `l`:
 * `d = norm(W_V (pattern[h, t, s] · z))`. That is a new reader, with the head as its node, and so on to the embeddings.
 * So for each head, value = Σ edges into it + what is hidden + what biases of norms and projections add.
 *
 * Of a run with interventions attention and norms are as they were in that run, what is switched off adds nothing and
 * so is no node, and the means that stand in its place, which depend on no token of the run, are counted with the node
 * that reads them.
 */
import type { Answer, Ask, LogitShare } from '../../protocol.ts';
import type { NormWeights, ResidualPaths } from '../architectures/architecture.ts';
import { breathe } from '../breathe.ts';
import type { FloatTensor } from '../tensor.ts';
import type { Trace } from '../trace.ts';
import { attribution, logitReading, pathsOf } from './attribution.ts';
import { allThroughProjection, dot, FrozenNorm, type Reading } from './attributionWeights.ts';
import { beforePatch, ownAt, readsOfAdded } from './patchedParts.ts';
import { PathGraph } from './pathGraph.ts';

/** Reads off the residual stream at a token for a node. */
interface Reader {
  readonly node: number;
  readonly token: number;
  readonly direction: Float64Array;
}

/** @throws ProblemError `model.exported`, `model.noPaths`, `run.cancelled` when the trace is released meanwhile */
export async function paths(trace: Trace, ask: Ask<'paths'>): Promise<Answer<'paths'>> {
  const { position, least: share, ...of } = ask;
  const ways = pathsOf(trace);
  const { target, rival, logit, shares } = await attribution(trace, { position, ...of });
  const direct = shares.filter(isPart).reduce((sum, { value }) => sum + Math.abs(value), 0);
  const least = share * direct;
  const graph = new PathGraph(least, { part: 'logit', token: position, value: logit });
  const { reading, bias } = await logitReading(trace, ways, { position, ...of });
  graph.addBias(0, reading.constant + (bias ?? 0));
  const readers: Reader[] = [{ node: 0, token: position, direction: reading.direction }];
  for (let layer = trace.model.network.dimensions.layers - 1; layer >= 0; layer--) {
    await breathe();
    trace.requireHeld();
    await offerFeedForward(trace, ways, layer, readers, graph);
    readers.push(...(await throughHeads(trace, ways, layer, readers, graph)));
  }
  for (const [i, hook] of ways.embeddings.entries()) {
    const embedded = await trace.get(hook);
    const part = i === 0 ? 'embedding' : 'position';
    for (const { node, token, direction } of readers) {
      graph.addMean(node, readsOfAdded(trace, hook, token, direction));
      graph.offer(dot(ownAt(trace, hook, embedded, token), direction), node, { part, token });
    }
  }
  const { nodes, edges, cut } = graph.told();
  return { target, ...(rival ? { rival } : {}), logit, least, direct, directDrawn: edges.reduce((sum, { to, value }) => sum + (to === 0 ? Math.abs(value) : 0), 0), nodes, edges, cut };
}

/** Parts that nodes are made of; biases are not. */
const isPart = ({ part }: LogitShare): boolean => part === 'head' || part === 'feedForward' || part === 'embedding' || part === 'position';

async function offerFeedForward(trace: Trace, ways: ResidualPaths, layer: number, readers: readonly Reader[], graph: PathGraph): Promise<void> {
  const { out } = ways.feedForward(layer);
  const added = await trace.get(out);
  for (const { node, token, direction } of readers) {
    graph.addMean(node, readsOfAdded(trace, out, token, direction));
    graph.offer(dot(ownAt(trace, out, added, token), direction), node, { part: 'feedForward', layer, token });
  }
}

/** What reads a head's mixed values, summed over its drawn edges: `z` above. */
interface HeadReading {
  readonly node: number;
  readonly head: number;
  readonly token: number;
  readonly direction: Float64Array;
}

/** The heads of a layer that are drawn, and what reads the residual stream for them. */
async function throughHeads(trace: Trace, ways: ResidualPaths, layer: number, readers: readonly Reader[], graph: PathGraph): Promise<Reader[]> {
  const { heads, keyHeads, headWidth } = trace.model.network.dimensions;
  const part = ways.attention(layer);
  const value = ways.values(layer);
  const after = new NormsAt(trace, part.norm);
  const mixed = await trace.get(part.from); // [1, pos, H, D]
  const given: Reading[] = [];
  for (const { node, token, direction } of readers) {
    graph.addMean(node, readsOfAdded(trace, part.out, token, direction));
    given.push(await after.back(token, { direction: beforePatch(trace, part.out, token, direction), constant: 0 }));
  }
  const found = new Map<number, HeadReading>();
  for (const [i, { direction, constant }] of (await allThroughProjection(trace, part.projection, given)).entries()) {
    const reader = readers[i];
    if (!reader) continue;
    const { token, node: to } = reader;
    graph.addBias(to, constant);
    graph.addMean(to, readsOfAdded(trace, part.from, token, direction));
    const z = ownAt(trace, part.from, mixed, token);
    const mixing = beforePatch(trace, part.from, token, direction);
    for (let head = 0; head < heads; head++) {
      const [start, end] = [head * headWidth, (head + 1) * headWidth];
      const node = graph.offer(dot(z.subarray(start, end), direction.subarray(start, end)), to, { part: 'head', layer, head, token });
      if (node === null) continue;
      const read = mixing.subarray(start, end);
      const known = found.get(node)?.direction;
      found.set(node, { node, head, token, direction: known ? known.map((one, channel) => one + (read[channel] ?? 0)) : Float64Array.from(read) });
    }
  }
  const sources = sourcesOf([...found.values()], await trace.pattern('decoder', layer), await trace.get(value.hook), { group: heads / keyHeads, keyHeads, headWidth }, graph);
  const full = sources.map(({ keyHead, direction }): Reading => {
    const outputs = new Float64Array(value.projection.outputs);
    for (const [channel, one] of direction.entries()) outputs[value.output(keyHead * headWidth + channel)] = one;
    return { direction: outputs, constant: 0 };
  });
  const before = new NormsAt(trace, value.norm);
  const made: Reader[] = [];
  for (const [i, reading] of (await allThroughProjection(trace, value.projection, full)).entries()) {
    const source = sources[i];
    if (!source) continue;
    const { direction, constant } = await before.back(source.token, reading);
    graph.addBias(source.node, constant);
    made.push({ node: source.node, token: source.token, direction });
  }
  return made;
}

/** A token that a head looked at, and what reads its values there. */
interface Source {
  readonly node: number;
  readonly token: number;
  readonly keyHead: number;
  readonly direction: Float64Array;
}

/** Each head's tokens that give enough; what the others give is hidden. */
function sourcesOf(heads: readonly HeadReading[], pattern: FloatTensor, values: FloatTensor, { group, keyHeads, headWidth }: { readonly group: number; readonly keyHeads: number; readonly headWidth: number }, graph: PathGraph): Source[] {
  const keys = pattern.shape[3] ?? 0;
  return heads.flatMap(({ node, head, token: query, direction }): Source[] => {
    const keyHead = Math.floor(head / group);
    const found: Source[] = [];
    for (let token = 0; token < keys; token++) {
      const weight = pattern.data[(head * keys + query) * keys + token] ?? 0;
      const start = (token * keyHeads + keyHead) * headWidth;
      const value = weight * dot(direction, values.data.subarray(start, start + headWidth));
      if (graph.isEnough(value)) found.push({ node, token, keyHead, direction: direction.map((one) => one * weight) });
      else if (value !== 0) graph.hide(node, value);
    }
    return found;
  });
}

/** A norm as it was at each token, read when it is first wanted; nothing where there is none. */
class NormsAt {
  private readonly known = new Map<number, FrozenNorm>();

  constructor(
    private readonly trace: Trace,
    private readonly weights: NormWeights | undefined,
  ) {}

  async back(token: number, reading: Reading): Promise<Reading> {
    if (!this.weights) return reading;
    const norm = this.known.get(token) ?? (await FrozenNorm.at(this.trace, this.weights, token));
    this.known.set(token, norm);
    return norm.back(reading);
  }
}
