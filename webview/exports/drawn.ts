/** What is drawn on the page, as values: each canvas tells how it would be drawn as a whole. */
import type { Drawing } from '../graphs/drawing.ts';

const makers = new Map<Element, () => Drawing | null>();

/** Lets an element's picture be exported. Returns how to stop. */
export function tellDrawing(element: Element, draw: () => Drawing | null): () => void {
  makers.set(element, draw);
  return () => makers.delete(element);
}

/** The pictures in some part of the page, in the order they stand there. */
export function drawingsIn(part: Element): Drawing[] {
  const inside = [...makers].filter(([element]) => part.contains(element));
  inside.sort(([a], [b]) => (a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1));
  return inside.flatMap(([, draw]) => draw() ?? []);
}
