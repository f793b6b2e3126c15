/**
 * The links of the one unit that is looked at. They come from its exact row or column; until that
 * has arrived, from the links that are already drawn, so that the picture answers in the same frame.
 */
import type { FocusAnswer, LinksAnswer, ViewState } from '../../src/protocol.ts';

export interface Focus {
  readonly unit: number;
  readonly direction: ViewState['direction'];
  readonly pinned: boolean;
  /** Links that are drawn, weakest first. */
  readonly links: readonly FocusLink[];
  /** The other ends of those links, strongest first. */
  readonly partners: readonly Partner[];
  /** Known once the exact row has arrived. */
  readonly exact: ExactFocus | null;
  /** Weights are changes. */
  readonly signed?: boolean;
}

/** What stands out among the units of one sequence: the focused one, where it is among them, and partners. */
export type Emphasis = Pick<Focus, 'pinned' | 'partners' | 'exact' | 'signed'> & { readonly unit: number | null };

export interface FocusLink {
  readonly unit: number;
  /** Position among the heads that were asked for. */
  readonly head: number;
  readonly weight: number;
}

export interface Partner {
  readonly unit: number;
  /** Mean over the heads; exact only if the focus is. */
  readonly weight: number;
}

export interface ExactFocus {
  /** The whole row or column, mean over the heads: 1 for a row. */
  readonly total: number;
  /** Links with any weight that are not drawn, and their share of the whole row or column. */
  readonly hidden: number;
  readonly hiddenShare: number;
  /** Mean share of this unit's row on the first token, before any removal. */
  readonly sinkShare: number;
}

type Where = Pick<Focus, 'unit' | 'direction' | 'pinned'>;

/** From the complete row or column, `answer.weights[head, unit]`. */
export function focusFromRow(answer: FocusAnswer, heads: number, where: Where): Focus {
  const units = answer.weights.length / heads;
  const links: FocusLink[] = [];
  const partners: Partner[] = [];
  let total = 0;
  let drawn = 0;
  let present = 0;
  for (let unit = 0; unit < units; unit++) {
    let sum = 0;
    let kept = 0;
    for (let head = 0; head < heads; head++) {
      const weight = answer.weights[head * units + unit] ?? 0;
      sum += weight;
      if (weight > 0) present += 1;
      if (answer.kept[head * units + unit] !== 1) continue;
      kept += 1;
      drawn += weight;
      links.push({ unit, head, weight });
    }
    total += sum;
    if (kept > 0) partners.push({ unit, weight: sum / heads });
  }
  const sinkShare = answer.sinkShare.reduce((sum, share) => sum + share, 0) / Math.max(1, answer.sinkShare.length);
  return {
    ...where,
    links: links.sort((a, b) => a.weight - b.weight),
    partners: partners.sort((a, b) => b.weight - a.weight),
    exact: { total: total / heads, hidden: present - links.length, hiddenShare: total > 0 ? Math.max(0, 1 - drawn / total) : 0, sinkShare },
  };
}

/** From the links of all rows: those that begin (`from`) or end (`to`) at the unit. */
export function focusFromLinks(answer: LinksAnswer, heads: number, where: Where): Focus {
  const own = where.direction === 'from' ? answer.query : answer.key;
  const other = where.direction === 'from' ? answer.key : answer.query;
  const links: FocusLink[] = [];
  const sums = new Map<number, number>();
  for (let link = 0; link < own.length; link++) {
    if (own[link] !== where.unit) continue;
    const unit = other[link] ?? 0;
    const weight = answer.weight[link] ?? 0;
    links.push({ unit, head: answer.head[link] ?? 0, weight });
    sums.set(unit, (sums.get(unit) ?? 0) + weight / heads);
  }
  return {
    ...where,
    links: links.sort((a, b) => a.weight - b.weight),
    partners: [...sums].map(([unit, weight]) => ({ unit, weight })).sort((a, b) => b.weight - a.weight),
    exact: null,
  };
}

/** From the links that change most, of all rows; their weights are signed. */
export function focusFromChanges(answer: LinksAnswer, heads: number, where: Where): Focus {
  const { links, partners, ...focus } = focusFromLinks(answer, heads, where);
  const bySize = (a: { readonly weight: number }, b: { readonly weight: number }): number => Math.abs(a.weight) - Math.abs(b.weight);
  return { ...focus, links: [...links].sort(bySize), partners: [...partners].sort(bySize).reverse(), signed: true };
}
