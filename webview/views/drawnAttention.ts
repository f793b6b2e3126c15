/**
 * What the pictures draw now, as signals: labels of the shown units, and of the answers those that
 * are about them. An answer may be about an older view for a moment: its own ask tells its heads.
 */
import { computed, type ReadonlySignal } from '@preact/signals';
import type { AttentionOf } from '../../src/protocol.ts';
import { focusRow, links } from '../answers.ts';
import { changedLinks, difference } from '../differenceAnswers.ts';
import { showing } from '../experimentRun.ts';
import { cutIn } from '../experimentList.ts';
import { experiments } from '../experiments.ts';
import { focusFromChanges, focusFromLinks, focusFromRow, type Focus } from '../graphs/focus.ts';
import { labelUnits, type UnitLabel } from '../graphs/labels.ts';
import { samePlace } from '../place.ts';
import type { Answered } from '../resource.ts';
import { attention, hovered, keys, lookedAt, pinned, queries, shown, tokensOf, unitOf, unitsOf, view } from '../store.ts';
import { shownHeads } from '../viewState.ts';

/** Labels of the units that look, and of those that are looked at; the very same where that is one sequence. */
export const queryLabels: ReadonlySignal<readonly UnitLabel[]> = computed(() => labelUnits(unitsOf(queries.value), tokensOf(queries.value)));
export const keyLabels: ReadonlySignal<readonly UnitLabel[]> = computed(() => (keys.value === queries.value ? queryLabels.value : labelUnits(unitsOf(keys.value), tokensOf(keys.value))));

/** Rows an answer has: one for each head, or one for their average. */
export function rowsOf(of: AttentionOf): number {
  return of.average ? 1 : of.heads.length;
}

/** Whether an answer is about the shown run, in the part and the units that are looked at. */
export function isDrawn({ run, ask }: { readonly run: number; readonly ask: AttentionOf }): boolean {
  return run === shown.value?.info.run && ask.part === attention.value?.part && ask.unit === view.value.unit;
}

/** What the experiments change, while that is drawn. */
export const drawnChanges: ReadonlySignal<Answered<'difference'> | null> = computed(() => {
  const { last } = difference.value;
  return showing.value === 'difference' && last && isDrawn(last) ? last : null;
});

/** The links of all rows; of a difference those that change, their weights signed. */
export const drawnLinks: ReadonlySignal<Pick<Answered<'links'>, 'value' | 'ask'> | null> = computed(() => {
  if (showing.value === 'difference') return drawnChanges.value && { value: changedLinks(drawnChanges.value), ask: drawnChanges.value.ask };
  const { last } = links.value;
  return last && isDrawn(last) ? last : null;
});

/** The exact row or column of the focused unit. */
export const drawnRow: ReadonlySignal<Answered<'focus'> | null> = computed(() => {
  const { last } = focusRow.value;
  const looked = lookedAt.value;
  return last && looked && isDrawn(last) && last.ask.direction === looked.direction && last.ask.unitIndex === looked.unit ? last : null;
});

/** Whether the focus is where it was put to stay. */
export const focusIsPinned = computed(() => pinned.value !== null && (hovered.value === null || samePlace(hovered.value, pinned.value)));

/** The focused unit's links: exact as soon as they are known, until then as far as they are drawn. */
export const drawnFocus: ReadonlySignal<{ readonly focus: Focus; readonly of: AttentionOf } | null> = computed(() => {
  const looked = lookedAt.value;
  if (!looked) return null;
  const where = { ...looked, pinned: focusIsPinned.value };
  const row = drawnRow.value;
  if (row) return { focus: focusFromRow(row.value, rowsOf(row.ask), where), of: row.ask };
  const all = drawnLinks.value;
  if (all && showing.value === 'difference') return { focus: focusFromChanges(all.value, rowsOf(all.ask), where), of: all.ask };
  return all ? { focus: focusFromLinks(all.value, rowsOf(all.ask), where), of: all.ask } : null;
});

/** Links that experiments cut in the shown heads, by the units that are drawn. */
export const drawnCuts = computed((): readonly { readonly query: number; readonly key: number; readonly head: number }[] => {
  const of = attention.value;
  if (!of) return [];
  const heads = shownHeads(view.value, of.heads);
  const found = cutIn(experiments.value, of.part, view.value.layer).flatMap(({ query, key, heads: cut }) =>
    cut.flatMap((head) => {
      const place = view.value.average && heads.length > 1 ? (heads.includes(head) ? 0 : -1) : heads.indexOf(head);
      return place < 0 ? [] : [{ query: unitOf({ sequence: queries.value, token: query }), key: unitOf({ sequence: keys.value, token: key }), head: place }];
    }),
  );
  return found;
});
