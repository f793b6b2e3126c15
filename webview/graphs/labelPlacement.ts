/**
 * Which labels are drawn, and where along the axis. The focused unit and its strongest partners
 * always have theirs, moved aside a little where they would cover one another; the others appear
 * where room is left, every so many.
 */
import type { Emphasis } from './focus.ts';
import { unitCentre, visibleUnits, type GraphLayout } from './graphLayout.ts';

/** So many partners claim a label even where rows are thinner than text. */
export const namedPartners = 12;

/** A label moved further than so many times its own room says more wrong than right. */
const furthest = 2.5;

/** Where the labels that are drawn have their middles, in the frame, `unit → along`. */
export function placeLabels(layout: GraphLayout, scroll: number, focus: Emphasis | null): Map<number, number> {
  const [first, end] = visibleUnits(layout, scroll);
  const placed = new Map<number, number>();
  const taken = new Uint8Array(Math.ceil(layout.viewport) + 1);
  const claim = (unit: number, middle: number): void => {
    // Half a pixel of grace: rows as high as their text stand edge to edge.
    const half = (layout.labelRoom[unit] ?? 0) / 2 - 0.5;
    const from = Math.max(0, Math.ceil(middle - half));
    const to = Math.min(taken.length - 1, Math.floor(middle + half));
    for (let pixel = from; pixel <= to; pixel++) if (taken[pixel] === 1) return;
    taken.fill(1, from, to + 1);
    placed.set(unit, middle);
  };
  if (focus) {
    const named = [...(focus.unit === null ? [] : [focus.unit]), ...focus.partners.slice(0, namedPartners).map(({ unit }) => unit)];
    const seen = [...new Set(named)].filter((unit) => unit >= first && unit < end);
    for (const [unit, middle] of spread(layout, scroll, seen)) claim(unit, middle);
    for (const { unit } of focus.partners.slice(namedPartners)) {
      if (unit >= first && unit < end && !placed.has(unit)) claim(unit, unitCentre(layout, unit) - scroll);
    }
  }
  const stride = layout.layout === 'vertical' || layout.slanted ? Math.max(1, Math.ceil((layout.labelRoom[first] ?? 0) / layout.pitch)) : 1;
  for (let unit = Math.ceil(first / stride) * stride; unit < end; unit += stride) {
    if (!placed.has(unit)) claim(unit, unitCentre(layout, unit) - scroll);
  }
  return placed;
}

/**
 * Moves labels apart as little as possible, in order: neighbours that overlap become a block, whose
 * place is the mean of what its members want (pool adjacent violators). `units` come in order of
 * importance, and so do the answers; what would have to move too far is left out.
 */
function spread(layout: GraphLayout, scroll: number, units: readonly number[]): [number, number][] {
  let chosen = [...units];
  for (;;) {
    const places = blocks(layout, scroll, chosen);
    const astray = chosen.findLast((unit) => Math.abs((places.get(unit) ?? 0) - (unitCentre(layout, unit) - scroll)) > furthest * (layout.labelRoom[unit] ?? 0));
    if (astray === undefined) return chosen.map((unit) => [unit, places.get(unit) ?? 0]);
    // The least important label makes room for the rest.
    chosen = chosen.slice(0, -1);
  }
}

/** How much more the most important label wants its own place than the others. */
const firmness = 8;

interface Block {
  readonly units: readonly number[];
  readonly weight: number;
  /** Where its members would like the block to begin, weighted sum. */
  readonly wish: number;
  readonly room: number;
}

function blocks(layout: GraphLayout, scroll: number, units: readonly number[]): Map<number, number> {
  const pool: Block[] = [];
  for (const unit of [...units].sort((a, b) => a - b)) {
    const room = layout.labelRoom[unit] ?? 0;
    const weight = unit === units[0] ? firmness : 1;
    let block: Block = { units: [unit], weight, wish: weight * (unitCentre(layout, unit) - scroll - room / 2), room };
    for (let before = pool.at(-1); before && startOf(before) + before.room > startOf(block); before = pool.at(-1)) {
      pool.pop();
      block = {
        units: [...before.units, ...block.units],
        weight: before.weight + block.weight,
        wish: before.wish + block.wish - before.room * block.weight,
        room: before.room + block.room,
      };
    }
    pool.push(block);
  }
  const places = new Map<number, number>();
  for (const block of pool) {
    const least = layout.labelsFrom - (layout.labelRoom[block.units[0] ?? 0] ?? 0) / 2;
    let along = Math.max(0, least, Math.min(layout.viewport - block.room, startOf(block)));
    for (const unit of block.units) {
      const room = layout.labelRoom[unit] ?? 0;
      places.set(unit, along + room / 2);
      along += room;
    }
  }
  return places;
}

function startOf(block: Block): number {
  return block.wish / block.weight;
}
