/** One layer at a glance: a thumbnail and scores for each head. */
import type { AttentionInfo, AttentionPart, HeadScores, HeadSummary, LayerSummary } from '../../protocol.ts';
import type { FloatTensor } from '../tensor.ts';
import type { Trace } from '../trace.ts';
import { toByte } from './pattern.ts';

/** Largest side of a thumbnail in cells. */
const THUMBNAIL = 32;

/** What a pattern is between: token ids of its queries and keys, and which keys a query sees. */
export interface Seen extends Pick<AttentionInfo, 'part' | 'causal'> {
  readonly queryIds: readonly number[];
  readonly keyIds: readonly number[];
  /** So many keys a query sees at most, or null where it sees all there are. */
  readonly window: number | null;
  /** 1 for keys that are nothing but punctuation, `[key]`. */
  readonly punctuation: Uint8Array;
  /** Keys just after earlier occurrences of each query's token, `[query]`. */
  readonly followers: readonly (readonly number[])[];
}

/** A layer of a trace at a glance. */
export async function summaryOf(trace: Trace, part: AttentionPart, layer: number): Promise<LayerSummary> {
  return summarizeLayer(layer, await trace.pattern(part, layer), seenIn(trace, part, layer));
}

/** The scores of a layer's heads. */
export async function headScoresOf(trace: Trace, part: AttentionPart, layer: number): Promise<HeadScores[]> {
  const { data, shape } = await trace.pattern(part, layer);
  const [, heads = 0, rows = 0, columns = 0] = shape;
  const seen = seenIn(trace, part, layer);
  return Array.from({ length: heads }, (_, head) => headScores(data.subarray(head * rows * columns, (head + 1) * rows * columns), seen));
}

const PUNCTUATION = /^\s*\p{P}+\s*$/u;

function seenIn(trace: Trace, part: AttentionPart, layer: number): Seen {
  const { model } = trace;
  const { queries, keys, causal } = model.attention(part);
  const [queryIds, keyIds] = [trace.ids(queries), trace.ids(keys)];
  const isPunctuation = (id: number): boolean => !model.isSpecial(id, keys) && PUNCTUATION.test(keys === 'text' ? model.textPiece(id) : model.outputText(id));
  return { part, causal, queryIds, keyIds, window: model.window(part, layer), punctuation: Uint8Array.from(keyIds, (id) => Number(isPunctuation(id))), followers: queries === keys ? followersOf(queryIds) : [] };
}


/** `pattern` is `[1, head, query, key]`. */
export function summarizeLayer(layer: number, pattern: FloatTensor, seen: Seen): LayerSummary {
  const rows = seen.queryIds.length;
  const columns = seen.keyIds.length;
  const heads = Array.from({ length: pattern.shape[1] ?? 0 }, (_, head) => {
    const weights = pattern.data.subarray(head * rows * columns, (head + 1) * rows * columns);
    return { ...thumbnail(weights, rows, columns), scores: headScores(weights, seen) };
  });
  return { part: seen.part, layer, heads };
}

function thumbnail(weights: Float32Array, queries: number, keys: number): Omit<HeadSummary, 'scores'> {
  const { cells, rows, columns } = reduced(weights, queries, keys);
  return { thumbnail: Uint8Array.from(cells, toByte), rows, columns };
}

/** `[query, key]` in at most 32 cells either way, each the value in it that is largest in size; NaN where there is none. */
export function reduced(values: Float32Array, queries: number, keys: number): { readonly cells: Float32Array; readonly rows: number; readonly columns: number } {
  const rows = Math.min(queries, THUMBNAIL);
  const columns = Math.min(keys, THUMBNAIL);
  const cells = new Float32Array(rows * columns).fill(NaN);
  for (let query = 0; query < queries; query++) {
    const row = Math.floor((query * rows) / queries) * columns;
    for (let key = 0; key < keys; key++) {
      const cell = row + Math.floor((key * columns) / keys);
      const [held = NaN, value = NaN] = [cells[cell], values[query * keys + key]];
      if (!(Math.abs(value) <= Math.abs(held)) && !Number.isNaN(value)) cells[cell] = value;
    }
  }
  return { cells, rows, columns };
}

/** Means over the queries that may look at more than one key; all zero where there is none. Induction as `HeadScores` says. */
export function headScores(weights: Float32Array, { part, queryIds, keyIds, causal, window, punctuation, followers }: Seen): HeadScores {
  const scores = { entropy: 0, first: 0, previous: 0, self: 0, same: 0, induction: 0, punctuation: 0, distance: 0 };
  const length = keyIds.length;
  const within = part !== 'cross';
  let queries = 0;
  let repeating = 0;
  for (let query = 0; query < queryIds.length; query++) {
    const end = causal ? query + 1 : length;
    const visible = causal && window !== null ? Math.min(end, window) : end;
    if (visible < 2) continue;
    queries++;
    const id = queryIds[query];
    let [entropy, same, marks, distance] = [0, 0, 0, 0];
    for (let key = end - visible; key < end; key++) {
      const weight = weights[query * length + key] ?? 0;
      if (weight === 0) continue;
      entropy -= weight * Math.log2(weight);
      if (keyIds[key] === id && key !== query) same += weight;
      if (punctuation[key] === 1) marks += weight;
      distance += weight * Math.abs(query - key);
    }
    scores.entropy += entropy / Math.log2(visible);
    scores.punctuation += marks;
    scores.first += weights[query * length] ?? 0;
    if (!within) continue;
    scores.same += same;
    scores.distance += distance;
    scores.self += weights[query * length + query] ?? 0;
    if (query > 0) scores.previous += weights[query * length + query - 1] ?? 0;
    const own = followers[query] ?? [];
    if (own.length) repeating++;
    for (const key of own) scores.induction += weights[query * length + key] ?? 0;
  }
  if (queries) for (const name of ['entropy', 'first', 'previous', 'self', 'same', 'punctuation', 'distance'] as const) scores[name] /= queries;
  return { ...scores, induction: repeating ? scores.induction / repeating : NaN };
}

/** For each token the places just after earlier occurrences of it, its own place not among them. */
export function followersOf(ids: readonly number[]): readonly (readonly number[])[] {
  const occurred = new Map<number, number[]>();
  return ids.map((id, place) => {
    const before = occurred.get(id) ?? [];
    occurred.set(id, [...before, place]);
    return before.map((earlier) => earlier + 1).filter((follower) => follower < place);
  });
}
