/** How the patterns of all heads differ from those of a run of the same tokens in which things are switched off, at a glance. */
import type { Answer, Ask, HeadChange } from '../../protocol.ts';
import type { Run } from '../run.ts';
import type { FloatTensor } from '../tensor.ts';
import { changesOf, requireSameTokens, toSigned, unitsIn, type Places, type Weights } from './difference.ts';
import { reduced } from './layerSummary.ts';

/** Whole rows of tokens, as summaries of layers have them. @throws ProblemError `run.otherTokens` */
export async function headChanges(run: Run, other: Run, { part, from, to }: Ask<'headChanges'>): Promise<Answer<'headChanges'>> {
  requireSameTokens(run, other);
  const { queries, keys, layers: total } = run.trace.model.attention(part);
  const places = { rows: unitsIn(run, other, queries, 'token'), columns: unitsIn(run, other, keys, 'token') };
  const layers: HeadChange[][] = [];
  for (let layer = from; layer < Math.min(to, total); layer++) {
    const [before, after] = [await run.trace.pattern(part, layer), await other.trace.pattern(part, layer)];
    layers.push(Array.from({ length: before.shape[1] ?? 0 }, (_, head) => changeOf(weightsOf(before, head), weightsOf(after, head), places)));
  }
  return { total, layers };
}

/** One head of `[1, head, query, key]`. */
function weightsOf({ shape: [, , queries = 0, keys = 0], data }: FloatTensor, head: number): Weights {
  return { weights: data.subarray(head * queries * keys, (head + 1) * queries * keys), queries, keys };
}

function changeOf(before: Weights, after: Weights, places: Places): HeadChange {
  const { weights, queries, keys } = before;
  const changes = changesOf(before, after, places);
  let [moved, compared] = [0, 0];
  for (let query = 0; query < queries; query++) {
    if ((places.rows[query] ?? -1) < 0) continue;
    compared++;
    for (let at = query * keys; at < (query + 1) * keys; at++) {
      const [change = NaN, was = 0] = [changes[at], weights[at]];
      // A key that is left out is given nothing any more.
      moved += Math.abs(Number.isNaN(change) ? was : change) / 2;
    }
  }
  const small = reduced(changes, queries, keys);
  return { thumbnail: Int8Array.from(small.cells, toSigned), rows: small.rows, columns: small.columns, moved: compared > 0 ? moved / compared : 0 };
}
