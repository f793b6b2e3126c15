/** How the decoder of an encoder–decoder writes: the likeliest token each time (greedy search). */
import type { OutputRules } from './architectures/architecture.ts';
import type { Trace } from './trace.ts';

/** A model that does not come to an end is stopped after so many tokens more than twice those of the text. */
const SPARE = 32;

/** The token that comes after what is written, or null at the end. */
export async function nextOutput(trace: Trace, { ends, first, banned, positions }: OutputRules): Promise<number | null> {
  const written = trace.ids('output');
  const last = written[written.length - 1];
  const full = written.length >= Math.min(positions, 2 * trace.ids('text').length + SPARE);
  // The start token may be the one that also ends.
  if (last === undefined || full || (written.length > 1 && ends.includes(last))) return null;
  if (written.length === 1 && first !== null) return first;
  const { data } = await trace.logits([written.length - 1]);
  let best: number | null = null;
  for (const [id, logit] of data.entries()) {
    if ((best === null || logit > (data[best] ?? -Infinity)) && !banned.includes(id)) best = id;
  }
  return best;
}
