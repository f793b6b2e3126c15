/**
 * What the pictures draw now, as signals: labels of the shown units, and of the answers those that
 * are about them. An answer may be about an older view for a moment: its own ask tells its heads.
 */
import { computed, type ReadonlySignal } from '@preact/signals';
import type { AttentionOf } from '../../src/protocol.ts';
import { focusFromLinks, focusFromRow, type Focus } from '../graphs/focus.ts';
import { labelUnits, type UnitLabel } from '../graphs/labels.ts';
import { focusRow, focusedUnit, hovered, links, pinned, shown, units, view } from '../store.ts';
import type { Answered } from '../resource.ts';

export const labels: ReadonlySignal<readonly UnitLabel[]> = computed(() => labelUnits(units.value, shown.value?.info.tokens ?? []));

/** Rows an answer has: one for each head, or one for their average. */
export function rowsOf(of: AttentionOf): number {
  return of.average ? 1 : of.heads.length;
}

/** The links of all rows, of the shown run and in its units. */
export const drawnLinks: ReadonlySignal<Answered<'links'> | null> = computed(() => {
  const { last } = links.value;
  return last && last.run === shown.value?.info.run && last.ask.unit === view.value.unit ? last : null;
});

/** The exact row or column of the focused unit. */
export const drawnRow: ReadonlySignal<Answered<'focus'> | null> = computed(() => {
  const { last } = focusRow.value;
  if (!last || last.run !== shown.value?.info.run) return null;
  const { unit, direction } = view.value;
  return last.ask.unit === unit && last.ask.direction === direction && last.ask.unitIndex === focusedUnit.value ? last : null;
});

/** The focused unit's links: exact as soon as they are known, until then as far as they are drawn. */
export const drawnFocus: ReadonlySignal<{ readonly focus: Focus; readonly of: AttentionOf } | null> = computed(() => {
  const unit = focusedUnit.value;
  if (unit === null) return null;
  const where = { unit, direction: view.value.direction, pinned: hovered.value === null ? pinned.value !== null : hovered.value === pinned.value };
  const row = drawnRow.value;
  if (row) return { focus: focusFromRow(row.value, rowsOf(row.ask), where), of: row.ask };
  const all = drawnLinks.value;
  return all ? { focus: focusFromLinks(all.value, rowsOf(all.ask), where), of: all.ask } : null;
});
