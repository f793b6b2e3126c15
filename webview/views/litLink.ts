/** The link that words of a lesson point at, in the units that are shown. */
import { computed } from '@preact/signals';
import type { Focus } from '../graphs/focus.ts';
import { lit } from '../lit.ts';
import { keys, queries, unitOf } from '../store.ts';

/** Null where there is none, or not between the sequences that are looked at. */
export const litLink = computed((): { readonly query: number; readonly key: number } | null => {
  const now = lit.value;
  if (now?.of !== 'link' || now.from.sequence !== queries.value || now.to.sequence !== keys.value) return null;
  return { query: unitOf(now.from), key: unitOf(now.to) };
});

/** Of the links of the focused unit only the one that is pointed at, where it is among them. */
export function withLitLink(focus: Focus, link: typeof litLink.value): Focus {
  const [own, other] = focus.direction === 'from' ? [link?.query, link?.key] : [link?.key, link?.query];
  const only = own === focus.unit ? focus.links.filter(({ unit }) => unit === other) : [];
  return only.length > 0 ? { ...focus, links: only } : focus;
}
