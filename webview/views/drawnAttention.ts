/**
 * What the pictures draw now, as signals: labels of the shown units, and of the answers those that
 * are about them. An answer may be about an older view for a moment: its own ask tells its heads.
 */
import { computed, type ReadonlySignal } from '@preact/signals';
import type { AttentionOf } from '../../src/protocol.ts';
import { focusRow, links } from '../answers.ts';
import { focusFromLinks, focusFromRow, type Focus } from '../graphs/focus.ts';
import { labelUnits, type UnitLabel } from '../graphs/labels.ts';
import { samePlace } from '../place.ts';
import type { Answered } from '../resource.ts';
import { attention, hovered, keys, lookedAt, pinned, queries, shown, tokensOf, unitsOf, view } from '../store.ts';

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

/** The links of all rows. */
export const drawnLinks: ReadonlySignal<Answered<'links'> | null> = computed(() => {
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
  return all ? { focus: focusFromLinks(all.value, rowsOf(all.ask), where), of: all.ask } : null;
});
