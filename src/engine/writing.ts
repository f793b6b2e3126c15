/** How the decoder of an encoder–decoder writes: the likeliest allowed token each time (greedy search). */
import type { OutputRules } from './architectures/architecture.ts';
import type { Trace } from './trace.ts';

/** A model that does not come to an end is stopped after twice as many tokens as the text has and so many more. */
const SPARE = 128;

/** Tokens at most, the start among them, for a text of so many. */
export function mostOutput({ positions, most }: OutputRules, textTokens: number): number {
  return Math.min(positions, most ?? Infinity, 2 * textTokens + SPARE);
}

/** The token that comes after what is written, or null at the end. */
export async function nextOutput(trace: Trace, rules: OutputRules): Promise<number | null> {
  const written = trace.ids('output');
  const last = written[written.length - 1];
  // The token to start from may be the one that also ends.
  const ended = last === undefined || (written.length > 1 && rules.ends.includes(last));
  if (ended || written.length >= mostOutput(rules, trace.ids('text').length)) return null;
  if (written.length === 1 && rules.first !== null) return rules.first;
  if (written.length + 1 === rules.most && rules.last !== null) return rules.last;
  const { data } = await trace.logits([written.length - 1]);
  return likeliest(data, bannedAfter(written, rules));
}

/** Tokens that may not come after what is written. */
export function bannedAfter(written: readonly number[], { banned, ends, least, unrepeated }: OutputRules): ReadonlySet<number> {
  const found = new Set<number>(written.length < least ? ends : []);
  for (const run of banned) {
    const before = run.slice(0, -1);
    const last = run[run.length - 1];
    if (last !== undefined && before.every((token, i) => written[written.length - before.length + i] === token)) found.add(last);
  }
  if (unrepeated === 0) return found;
  const context = unrepeated - 1;
  for (let end = context; end < written.length; end++) {
    const again = Array.from({ length: context }).every((_, i) => written[end - context + i] === written[written.length - context + i]);
    const token = written[end];
    if (again && token !== undefined) found.add(token);
  }
  return found;
}

/** The first of the largest, or null where nothing is allowed. */
function likeliest(logits: Float32Array, banned: ReadonlySet<number>): number | null {
  let best: number | null = null;
  for (const [id, logit] of logits.entries()) {
    if ((best === null || logit > (logits[best] ?? -Infinity)) && !banned.has(id)) best = id;
  }
  return best;
}
