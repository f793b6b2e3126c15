/** How attention differs from that of a run of the same tokens in which things are switched off. */
import type { Answer, Ask, AttentionOf, Sequence } from '../../protocol.ts';
import { ProblemError } from '../problemError.ts';
import type { Run } from '../run.ts';
import { isKept, rowThresholds, type AttentionView } from './attention.ts';
import { unitStarts } from './units.ts';

/** Changes below it are not told of as links: they are mostly rounding. */
const LEAST = 0.0005;

/** A cell of which the other run has nothing. */
const APART = -128;

/** After − before, head by head, over the units of `run`. @throws ProblemError `run.otherTokens` */
export async function difference(run: Run, other: Run, { percent, limit, ...of }: Ask<'difference'>): Promise<Answer<'difference'>> {
  requireSameTokens(run, other);
  const { queries, keys } = run.trace.model.attention(of.part);
  const [before, after] = [await run.views.view(of), await other.views.view(of)];
  const rows = unitsIn(run, other, queries, of.unit);
  const columns = unitsIn(run, other, keys, of.unit);
  const weightsOf = (view: AttentionView, head: number): Weights => ({ weights: view.heads[head]?.weights ?? new Float32Array(), queries: view.queries, keys: view.keys });
  const changes = before.heads.map((_, head) => changesOf(weightsOf(before, head), weightsOf(after, head), { rows, columns }));
  return { queries: before.queries, keys: before.keys, changes: Int8Array.from(meanOf(changes), toSigned), ...strongest(changes, before, percent, limit) };
}

/** @throws ProblemError `run.otherTokens` */
export function requireSameTokens(run: Run, other: Run): void {
  const kept = keptOf(run, other);
  const [own, others] = [run.trace.ids('text'), other.trace.ids('text')];
  if (run.kept || run.trace.model !== other.trace.model || kept.length !== others.length || kept.some((before, now) => own[before] !== others[now])) throw new ProblemError('run.otherTokens');
}

const keptOf = (run: Run, other: Run): readonly number[] => other.kept ?? [...run.tokens.text.keys()];

/** For each unit of the run the other's unit, or −1 where that has none: `[unit]`. An output counts up to the first other token. */
export function unitsIn(run: Run, other: Run, sequence: Sequence, unit: AttentionOf['unit']): Int32Array {
  const [own, others] = [run.tokens[sequence], other.tokens[sequence]];
  const apart = others.findIndex(({ id }, index) => own[index]?.id !== id);
  const same = apart < 0 ? others.length : apart;
  const places = sequence === 'text' ? keptOf(run, other) : [...others.keys()].slice(0, same);
  const [before, after] = [unitByToken(unitStarts(own, unit)), unitByToken(unitStarts(others, unit))];
  const found = new Int32Array((before.at(-1) ?? -1) + 1).fill(-1);
  places.forEach((place, now) => {
    const index = before[place];
    if (index !== undefined) found[index] = after[now] ?? -1;
  });
  return found;
}

/** `[token]` → unit. */
function unitByToken(starts: Int32Array): Int32Array {
  const units = new Int32Array(starts.at(-1) ?? 0);
  starts.forEach((start, unit) => units.fill(unit, start, starts[unit + 1] ?? start));
  return units;
}

/** What a head gives, `[query, key]`. */
export interface Weights {
  readonly weights: Float32Array;
  readonly queries: number;
  readonly keys: number;
}

/** Where rows and columns of one run stand in the other; −1 where that has left them out. */
export interface Places {
  readonly rows: Int32Array;
  readonly columns: Int32Array;
}

/** After − before of one head, `[query, key]` of the run before; NaN where the other has no such row or column. */
export function changesOf(before: Weights, after: Weights, { rows, columns }: Places): Float32Array {
  const { queries, keys } = before;
  const changes = new Float32Array(queries * keys).fill(NaN);
  for (let query = 0; query < queries; query++) {
    const row = rows[query] ?? -1;
    if (row < 0) continue;
    for (let key = 0; key < keys; key++) {
      const column = columns[key] ?? -1;
      if (column >= 0) changes[query * keys + key] = (after.weights[row * after.keys + column] ?? NaN) - (before.weights[query * keys + key] ?? NaN);
    }
  }
  return changes;
}

function meanOf(changes: readonly Float32Array[]): Float32Array {
  const [first = new Float32Array()] = changes;
  return first.map((_, at) => changes.reduce((sum, head) => sum + (head[at] ?? NaN), 0) / changes.length);
}

/** −1…1 as a signed byte; the square root keeps small ones apart. */
export const toSigned = (change: number): number => (Number.isNaN(change) ? APART : Math.sign(change) * Math.round(127 * Math.sqrt(Math.min(1, Math.abs(change)))));

/** The links that change most of all heads, by the share of their row's changes. */
function strongest(changes: readonly Float32Array[], { keys }: AttentionView, percent: number, limit: number): Omit<Answer<'difference'>, 'queries' | 'keys' | 'changes'> {
  const found: { readonly at: number; readonly head: number; readonly change: number }[] = [];
  let changed = 0;
  let all = 0;
  for (const [head, signed] of changes.entries()) {
    const sizes = signed.map((change) => (Number.isNaN(change) ? 0 : Math.abs(change)));
    const thresholds = rowThresholds(sizes, keys, percent);
    for (const [at, size] of sizes.entries()) {
      all += size;
      if (size < LEAST) continue;
      changed++;
      if (isKept(size, thresholds[Math.floor(at / keys)] ?? 0)) found.push({ at, head, change: signed[at] ?? 0 });
    }
  }
  const told = found.sort((a, b) => Math.abs(b.change) - Math.abs(a.change)).slice(0, limit);
  const carried = told.reduce((sum, { change }) => sum + Math.abs(change), 0);
  return {
    query: Uint16Array.from(told, ({ at }) => Math.floor(at / keys)),
    key: Uint16Array.from(told, ({ at }) => at % keys),
    head: Uint8Array.from(told, ({ head }) => head),
    change: Float32Array.from(told, ({ change }) => change),
    hidden: changed - told.length,
    hiddenShare: all > 0 ? Math.max(0, 1 - carried / all) : 0,
  };
}
