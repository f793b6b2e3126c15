/** What heads are sorted by: between two sequences nothing that compares places. */
import { computed } from '@preact/signals';
import type { ViewState } from '../../src/protocol.ts';
import { betweenTokens } from '../graphs/headOrder.ts';
import { keys, queries, view } from '../store.ts';

export const gridSort = computed((): ViewState['gridSort'] => {
  const wanted = view.value.gridSort;
  return queries.value !== keys.value && betweenTokens.has(wanted) ? 'layer' : wanted;
});
