/** Places: tokens of the text, or of what a decoder has written. */
import type { Place, Sequence } from '../src/protocol.ts';

export function samePlace(a: Place | null, b: Place | null): boolean {
  return a === b || (a !== null && b !== null && a.sequence === b.sequence && a.token === b.token);
}

/** The token where the place is in this sequence, else null. */
export function tokenIn(sequence: Sequence, place: Place | null): number | null {
  return place?.sequence === sequence ? place.token : null;
}
