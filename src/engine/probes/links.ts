import type { Answer, Ask } from '../../protocol.ts';
import { isKept, type AttentionView } from './attention.ts';

/** The fewest links that carry `percent` of each row, over all heads, strongest first, at most `limit`. */
export function links(view: AttentionView, thresholds: readonly Float32Array[], { limit }: Ask<'links'>): Answer<'links'> {
  const { queries, keys, heads } = view;
  const cells = queries * keys;
  const found: number[] = []; // head · cells + query · keys + key
  let links = 0;
  let all = 0;
  for (const [head, { weights }] of heads.entries()) {
    for (let i = 0; i < weights.length; i++) {
      const weight = weights[i] ?? 0;
      if (weight <= 0) continue;
      links++;
      all += weight;
      if (isKept(weight, thresholds[head]?.[Math.floor(i / keys)] ?? 0)) found.push(head * cells + i);
    }
  }
  const weightOf = (link: number): number => heads[Math.floor(link / cells)]?.weights[link % cells] ?? 0;
  const shown = strongest(found, weightOf, limit);
  const answer = {
    query: Uint16Array.from(shown, (link) => Math.floor((link % cells) / keys)),
    key: Uint16Array.from(shown, (link) => link % keys),
    head: Uint8Array.from(shown, (link) => Math.floor(link / cells)),
    weight: Float32Array.from(shown, weightOf),
  };
  const carried = answer.weight.reduce((sum, weight) => sum + weight, 0);
  const sinkShare = new Float32Array(queries).map((_, query) => heads.reduce((sum, head) => sum + (head.sinkShare[query] ?? 0), 0) / heads.length);
  return { ...answer, hidden: links - shown.length, hiddenShare: all > 0 ? Math.max(0, 1 - carried / all) : 0, sinkShare };
}

/** The `count` links of largest weight, largest first. Numbers sort fast, objects do not: find the border first. */
function strongest(links: readonly number[], weightOf: (link: number) => number, count: number): number[] {
  const sorted = Float32Array.from(links, weightOf).sort();
  const border = sorted[sorted.length - count] ?? 0;
  return links
    .filter((link) => weightOf(link) >= border)
    .sort((a, b) => weightOf(b) - weightOf(a))
    .slice(0, count);
}
