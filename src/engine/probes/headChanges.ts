/** How the patterns of all heads differ from those of a run of the same tokens in which things are switched off, at a glance. */
import type { Answer, Ask, HeadChange } from '../../protocol.ts';
import type { Run } from '../run.ts';
import type { FloatTensor } from '../tensor.ts';
import { APART, requireSameTokens, toSigned, unitsIn } from './difference.ts';
import { reduced } from './layerSummary.ts';

/** Heads of one run in a layer, `[1, head, query, key]`, and for the tokens of the plain run where they stand in the other. */
interface Compared {
  readonly before: FloatTensor;
  readonly after: FloatTensor;
  /** −1 where the other run has left it out. */
  readonly rows: Int32Array;
  readonly columns: Int32Array;
}

/** Whole rows of tokens, as summaries of layers have them. @throws ProblemError `run.otherTokens` */
export async function headChanges(run: Run, other: Run, { part, from, to }: Ask<'headChanges'>): Promise<Answer<'headChanges'>> {
  requireSameTokens(run, other);
  const { queries, keys, layers: total } = run.trace.model.attention(part);
  const places = { rows: unitsIn(run, other, queries, 'token'), columns: unitsIn(run, other, keys, 'token') };
  const layers: HeadChange[][] = [];
  for (let layer = from; layer < Math.min(to, total); layer++) {
    const compared = { before: await run.trace.pattern(part, layer), after: await other.trace.pattern(part, layer), ...places };
    layers.push(Array.from({ length: compared.before.shape[1] ?? 0 }, (_, head) => changeOf(compared, head)));
  }
  return { total, layers };
}

function changeOf({ before, after, rows, columns }: Compared, head: number): HeadChange {
  const [, , queries = 0, keys = 0] = before.shape;
  const [, , othersQueries = 0, othersKeys = 0] = after.shape;
  const changes = new Float32Array(queries * keys).fill(NaN);
  let [moved, compared] = [0, 0];
  for (let query = 0; query < queries; query++) {
    const row = rows[query] ?? -1;
    if (row < 0) continue;
    compared++;
    for (let key = 0; key < keys; key++) {
      const column = columns[key] ?? -1;
      const was = before.data[(head * queries + query) * keys + key] ?? 0;
      const is = column < 0 ? 0 : (after.data[(head * othersQueries + row) * othersKeys + column] ?? 0);
      moved += Math.abs(is - was) / 2;
      if (column >= 0) changes[query * keys + key] = is - was;
    }
  }
  const small = reduced(changes, queries, keys);
  return { thumbnail: Int8Array.from(small.cells, (change) => (Number.isNaN(change) ? APART : toSigned(change))), rows: small.rows, columns: small.columns, moved: compared > 0 ? moved / compared : 0 };
}
