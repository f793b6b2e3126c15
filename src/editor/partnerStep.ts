import type { Highlight } from '../protocol.ts';

/** Shades that partners of a token are drawn in. */
export const partnerSteps = 4;

/** Which shade a partner gets, 0 faintest: equal steps of its weight up to the strongest partner's. */
export function partnerStep(weight: number, strongest: number): number {
  const share = strongest > 0 ? weight / strongest : 0;
  return Math.min(partnerSteps - 1, Math.max(0, Math.ceil(share * partnerSteps) - 1));
}

/** The partners of a highlight by shade, faintest first; the token itself is not among them. */
export function partnersByStep(highlight: Highlight): number[][] {
  const partners = highlight.partners.filter(({ token, weight }) => token !== highlight.token && weight > 0);
  const strongest = Math.max(0, ...partners.map(({ weight }) => weight));
  const steps: number[][] = Array.from({ length: partnerSteps }, () => []);
  for (const { token, weight } of partners) steps[partnerStep(weight, strongest)]?.push(token);
  return steps;
}
