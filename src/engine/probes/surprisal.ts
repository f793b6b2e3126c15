/** How surprising each token of a text is after those before it. */
import type { Answer, Ask } from '../../protocol.ts';
import type { Trace } from '../trace.ts';
import { logSumExp, rankOf } from './next.ts';

/** Positions whose logits are in memory at a time. */
const CHUNK = 64;

/** Surprisal is −log₂ p(token | tokens before it) (Shannon 1948; Hale 2001 for reading). */
export async function surprisal(trace: Trace, { from, to }: Ask<'surprisal'>): Promise<Answer<'surprisal'>> {
  const ids = trace.ids('text');
  const bits = new Float32Array(to - from).fill(NaN);
  const rank = new Uint32Array(to - from);
  for (let start = Math.max(from, 1); start < to; start += CHUNK) {
    const tokens = Array.from({ length: Math.min(CHUNK, to - start) }, (_, i) => start + i);
    const { data, shape } = await trace.logits(tokens.map((token) => token - 1));
    const vocabulary = shape[2] ?? 0;
    for (const [i, token] of tokens.entries()) {
      const logits = data.subarray(i * vocabulary, (i + 1) * vocabulary);
      const id = ids[token] ?? 0;
      bits[token - from] = (logSumExp(logits) - (logits[id] ?? 0)) / Math.LN2;
      rank[token - from] = rankOf(logits, id);
    }
  }
  return { bits, rank };
}
