/** Models that are worth a download. Sizes are rough: what is fetched, and how much, is asked of the Hub each time. */
import * as v from 'valibot';
import entries from '../../models/catalog.json' with { type: 'json' };
import { isRepoId } from './hub/repo.ts';

const Catalog = v.array(
  v.strictObject({
    repo: v.pipe(v.string(), v.check(isRepoId)),
    kind: v.picklist(['decoder', 'encoder', 'encoder-decoder', 'recurrent']),
    /** As the model's card states it. */
    licence: v.string(),
    megabytes: v.pipe(v.number(), v.integer(), v.minValue(1)),
  }),
);
export type CatalogEntry = v.InferOutput<typeof Catalog>[number];

export const catalog = (): readonly CatalogEntry[] => v.parse(Catalog, entries);
