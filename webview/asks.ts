/** What the page asks about a run, as pure functions of what is looked at. */
import type { Ask, AttentionOf, ModelInfo, ViewState } from '../src/protocol.ts';
import { shownHeads } from './viewState.ts';

/** More links than this cannot be told apart in a picture; the number left out is stated. */
const linkLimit = 12_000;

/** `dim` is drawing only, so it asks what `show` asks and shares its answers. */
export function attentionOf(view: ViewState, model: ModelInfo): AttentionOf {
  return {
    layer: view.layer,
    heads: shownHeads(view, model.heads),
    average: view.average,
    sink: view.sink === 'remove' ? 'remove' : 'show',
    unit: view.unit,
  };
}

export function linksAsk(view: ViewState, model: ModelInfo): Ask<'links'> {
  return { ...attentionOf(view, model), percent: view.percent, limit: linkLimit };
}

export function focusAsk(view: ViewState, model: ModelInfo, unitIndex: number): Ask<'focus'> {
  const of = view.picture === 'map' ? mapOf(view, model) : attentionOf(view, model);
  return { ...of, percent: view.percent, unitIndex, direction: view.direction };
}

/** The map shows one pattern: several heads are averaged, and its caption says so. */
export const patternAsk = (view: ViewState, model: ModelInfo): Ask<'pattern'> => mapOf(view, model);

function mapOf(view: ViewState, model: ModelInfo): AttentionOf {
  const of = attentionOf(view, model);
  return { ...of, average: of.heads.length > 1 };
}

export function nextAsk(view: ViewState, position: number): Ask<'next'> {
  return { position, top: view.top };
}
