/** What the page asks about a run, as pure functions of what is looked at. */
import type { Ask, AttentionOf, AttentionInfo, ViewState } from '../src/protocol.ts';
import { fitAttention, shownHeads } from './viewState.ts';

/** More links than this cannot be told apart in a picture; the number left out is stated. */
const linkLimit = 12_000;

/** `dim` is drawing only, so it asks what `show` asks and shares its answers. */
export function attentionOf(view: ViewState, attention: AttentionInfo): AttentionOf {
  const { part, layer, heads } = fitAttention(view, attention);
  return {
    part,
    layer,
    heads: shownHeads({ heads }, attention.heads),
    average: view.average,
    sink: view.sink === 'remove' ? 'remove' : 'show',
    unit: view.unit,
  };
}

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
