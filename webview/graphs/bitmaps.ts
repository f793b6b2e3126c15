/** Patterns as bitmaps in the theme's colours. */
import type { DifferenceAnswer, HeadChange, HeadSummary, PatternAnswer } from '../../src/protocol.ts';
import { parseHex, type Ramp } from '../palette.ts';
import { TRANSPARENT, type Bitmap, type Palette } from './drawing.ts';

const palettes = new WeakMap<Ramp, Palette>();

/** The ramp's colours; the same palette for the same ramp. */
export function rampPalette(ramp: Ramp): Palette {
  return paletteOf(ramp, (index) => index / (TRANSPARENT - 1));
}

function paletteOf(ramp: Ramp, at: (index: number) => number): Palette {
  const known = palettes.get(ramp);
  if (known) return known;
  const palette = new Uint8Array(3 * TRANSPARENT);
  for (let index = 0; index < TRANSPARENT; index++) {
    const color = parseHex(ramp(at(index))) ?? [0, 0, 0];
    color.forEach((channel, at) => {
      palette[3 * index + at] = Math.round(channel * 255);
    });
  }
  palettes.set(ramp, palette);
  return palette;
}

/** The colours of −1 to 1, 127 steps either way of zero; the same palette for the same ramp. */
export function divergingPalette(ramp: Ramp): Palette {
  return paletteOf(ramp, (index) => index / 127 - 1);
}

/** A whole pattern, `[query, key]`; keys that a causal model's query cannot see are left open. */
export function patternBitmap(pattern: PatternAnswer, causal: boolean, palette: Palette): Bitmap {
  const { queries, keys, weights } = pattern;
  const cells = new Uint8Array(queries * keys);
  for (let query = 0; query < queries; query++) {
    for (let key = 0; key < keys; key++) {
      const at = query * keys + key;
      cells[at] = causal && key > query ? TRANSPARENT : paletteIndex(weights[at] ?? 0);
    }
  }
  return { rows: queries, columns: keys, cells, palette };
}

/** Signed changes, `[query, key]`, by the root of their size; what cannot be compared or seen is left open. */
export function changeBitmap({ queries, keys, changes }: Pick<DifferenceAnswer, 'queries' | 'keys' | 'changes'>, causal: boolean, palette: Palette): Bitmap {
  const cells = Uint8Array.from(changes, (change, at) => (change === -128 || (causal && at % keys > Math.floor(at / keys)) ? TRANSPARENT : change + 127));
  return { rows: queries, columns: keys, cells, palette };
}

const thumbnails = new WeakMap<HeadSummary, Bitmap>();

/** The thumbnail of one head; the same bitmap for the same summary and palette. */
export function thumbnailBitmap(head: HeadSummary, palette: Palette): Bitmap {
  const known = thumbnails.get(head);
  if (known?.palette === palette) return known;
  const bitmap = { rows: head.rows, columns: head.columns, cells: head.thumbnail.map(paletteIndex), palette };
  thumbnails.set(head, bitmap);
  return bitmap;
}

const changed = new WeakMap<HeadChange, Bitmap>();

/** The thumbnail of what changes in one head; the same bitmap for the same change and palette. */
export function changeThumbnail(head: HeadChange, palette: Palette): Bitmap {
  const known = changed.get(head);
  if (known?.palette === palette) return known;
  const bitmap = changeBitmap({ queries: head.rows, keys: head.columns, changes: head.thumbnail }, false, palette);
  changed.set(head, bitmap);
  return bitmap;
}

const legends = new WeakMap<Palette, Bitmap>();

/** All colours side by side. */
export function legendBitmap(palette: Palette): Bitmap {
  const known = legends.get(palette);
  if (known) return known;
  const bitmap = { rows: 1, columns: TRANSPARENT, cells: Uint8Array.from({ length: TRANSPARENT }, (_, index) => index), palette };
  legends.set(palette, bitmap);
  return bitmap;
}

/** `round(255 · √weight)` as the wire has it, to one of the colours 0–254. */
function paletteIndex(byte: number): number {
  return Math.round((byte * (TRANSPARENT - 1)) / 255);
}
