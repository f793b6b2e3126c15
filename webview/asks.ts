/** What the page asks about a run, as pure functions of what is looked at. */
import type { Ask, AttentionOf, AttentionInfo, Measure, ViewState } from '../src/protocol.ts';
import { fitAttention, shownHeads } from './viewState.ts';

/** More links than this cannot be told apart in a picture; the number left out is stated. */
const linkLimit = 12_000;

/** `dim` is drawing only, so it asks what `show` asks and shares its answers. */
export function attentionOf(view: ViewState, attention: AttentionInfo): AttentionOf {
  const { part, layer, heads } = fitAttention(view, attention);
  const measure = measureOf(view, attention);
  return {
    ...(measure === 'weight' ? {} : { measure }),
    part,
    layer,
    // A rollout is of all heads together.
    heads: shownHeads({ heads: measure === 'rollout' ? [] : heads }, attention.heads),
    average: view.average || measure === 'rollout',
    sink: view.sink === 'remove' ? 'remove' : 'show',
    unit: view.unit,
  };
}

/** The measure that is looked at, as far as the attention has it: only what looks at itself can be rolled out. */
export const measureOf = ({ measure }: Pick<ViewState, 'measure'>, { queries, keys }: Pick<AttentionInfo, 'queries' | 'keys'>): Measure => (measure === 'rollout' && queries !== keys ? 'weight' : measure);

export function linksAsk(view: ViewState, attention: AttentionInfo): Ask<'links'> {
  return { ...attentionOf(view, attention), percent: view.percent, limit: linkLimit };
}

export function focusAsk(view: ViewState, attention: AttentionInfo, unitIndex: number, direction: ViewState['direction']): Ask<'focus'> {
  const of = view.picture === 'map' ? mapOf(view, attention) : attentionOf(view, attention);
  return { ...of, percent: view.percent, unitIndex, direction };
}

/** The map shows one pattern: several heads are averaged, and its caption says so. */
export const patternAsk = (view: ViewState, attention: AttentionInfo): Ask<'pattern'> => mapOf(view, attention);

function mapOf(view: ViewState, attention: AttentionInfo): AttentionOf {
  const of = attentionOf(view, attention);
  return { ...of, average: of.heads.length > 1 };
}

export function nextAsk(view: ViewState, position: number, draw: number | null): Ask<'next'> {
  return { position, top: view.top, ...(view.sampling ? { sampling: view.sampling } : {}), ...(draw === null ? {} : { draw }) };
}

export const fidelityAsk: Ask<'fidelity'> = {};
