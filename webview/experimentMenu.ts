/** What a menu offers to switch off: of a token, a link, a head, a layer, or of what is looked at. */
import * as l10n from '@vscode/l10n';
import type { AttentionInfo, Intervention, Place } from '../src/protocol.ts';
import { isOn } from './experimentList.ts';
import { canIntervene, experiments, feedForwardPart, headsShown, switchOffTogether } from './experiments.ts';
import { headsText } from './graphs/sentences.ts';
import { attention, focused, keys, queries, shown, tokensOf, unitOf, unitsOf, view } from './store.ts';
import { openMenu, type MenuItem } from './ui/menu.tsx';
import { drawnFocus } from './views/drawnAttention.ts';
import { shownHeads } from './viewState.ts';
import { visibleLabel } from './visibleText.ts';

/** One or several things as one entry that is on or off. */
function item(label: string, title: string, interventions: readonly Intervention[]): MenuItem {
  const list = experiments.peek();
  return { label, title, checked: interventions.every((one) => isOn(list, one)), onChoose: () => switchOffTogether(interventions) };
}

/** A token of the text, or all tokens of its word where words are shown; nothing of an output. */
function tokensAt(place: Place): Intervention[] {
  const unit = place.sequence === 'text' ? unitsOf('text')[unitOf(place)] : undefined;
  if (!unit || tokensOf('text').length < 2) return [];
  return Array.from({ length: unit.lastToken - unit.firstToken + 1 }, (_, at): Intervention => ({ kind: 'token', token: unit.firstToken + at }));
}

/** Leaves out the token in focus, or takes it in again. */
export function leaveOutFocused(): void {
  const place = focused.peek();
  if (place) switchOffTogether(tokensAt(place));
}

export function tokenItems(place: Place): MenuItem[] {
  const tokens = tokensAt(place);
  const unit = unitsOf(place.sequence)[unitOf(place)];
  if (!canIntervene.peek() || !unit || tokens.length === 0) return [];
  return [item(l10n.t('Leave “{0}” out', visibleLabel(unit.text)), l10n.t('The text is run without it, and what follows moves up.'), tokens)];
}

/** A head, and the layer it is in. */
export function headItems(of: AttentionInfo, layer: number, head: number): MenuItem[] {
  if (!canIntervene.peek()) return [];
  return [
    item(l10n.t('Switch off head {0}.{1}', layer, head), l10n.t('What this head hands on is replaced by zero, or by its mean.'), [{ kind: 'head', part: of.part, layer, head, by: 'zero' }]),
    ...layerItems(of, layer),
  ];
}

function layerItems(of: AttentionInfo, layer: number): MenuItem[] {
  return [
    item(l10n.t('Switch off all attention of layer {0}', layer), l10n.t('What the layer’s attention adds to the residual stream is replaced.'), [{ kind: 'attention', part: of.part, layer, by: 'zero' }]),
    item(l10n.t('Switch off the feed-forward part of layer {0}', layer), l10n.t('What the layer’s feed-forward part adds to the residual stream is replaced.'), [{ kind: 'feedForward', part: feedForwardPart(of), layer, by: 'zero' }]),
  ];
}

/** What a link is between: units of the sequences that look and are looked at. */
export interface LinkOf {
  readonly query: number;
  readonly key: number;
  /** Heads of the model. */
  readonly heads: readonly number[];
}

/** A link, cut in either way. Of words all links between their tokens. */
export function linkItems({ query, key, heads }: LinkOf): MenuItem[] {
  const of = attention.peek();
  const [from, to] = [unitsOf(queries.peek())[query], unitsOf(keys.peek())[key]];
  if (!canIntervene.peek() || !of || !from || !to || heads.length === 0) return [];
  const { layer } = view.peek();
  const links = (renormalise: boolean): Intervention[] => {
    const found: Intervention[] = [];
    for (let q = from.firstToken; q <= from.lastToken; q++) {
      for (let k = to.firstToken; k <= to.lastToken; k++) if (!of.causal || k <= q) found.push({ kind: 'link', part: of.part, layer, heads, query: q, key: k, renormalise });
    }
    return found;
  };
  const cut = (renormalise: boolean, label: string, title: string): MenuItem => {
    const wanted = links(renormalise);
    const there = experiments.peek().some((one) => one.on && one.intervention.kind === 'link' && one.intervention.renormalise === renormalise && wanted.some((link) => JSON.stringify(link) === JSON.stringify(one.intervention)));
    return { label, title, checked: there, onChoose: () => switchOffTogether(wanted) };
  };
  const which = headsText(layer, heads, false);
  if (links(true).length === 0) return [];
  return [
    cut(true, l10n.t('Cut the link; the rest of the row grows'), l10n.t('In {0} the token no longer looks there, and its other weights grow to 100 % again.', which)),
    cut(false, l10n.t('Cut the link; the rest stays as it is'), l10n.t('In {0} the token no longer looks there, and nothing takes the place of that weight.', which)),
  ];
}

/** "“dog” → “the”" */
export function linkLabel({ query, key }: Pick<LinkOf, 'query' | 'key'>): string {
  return l10n.t('“{0}” → “{1}”', visibleLabel(unitsOf(queries.peek())[query]?.text ?? ''), visibleLabel(unitsOf(keys.peek())[key]?.text ?? ''));
}

/** The strongest links of the focused token, each with a menu of its own: for the keyboard. */
function focusedLinkItems(at: Point): MenuItem[] {
  const drawn = drawnFocus.peek();
  if (!drawn || !canIntervene.peek()) return [];
  const { focus, of } = drawn;
  const links = focus.partners.slice(0, mostLinks).map(({ unit }): LinkOf => ({ ...(focus.direction === 'from' ? { query: focus.unit, key: unit } : { query: unit, key: focus.unit }), heads: of.heads }));
  return links.map((link) => ({ label: l10n.t('Link {0} …', linkLabel(link)), onChoose: () => openMenu(linkLabel(link), linkItems(link), at) }));
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** All that can be switched off of what is looked at, beside the element that has the keyboard. */
export function openViewMenu(element: Element): void {
  const { left, top, height } = element.getBoundingClientRect();
  const at = { x: left + 8, y: top + Math.min(height, 24) };
  openMenu(l10n.t('Switch off'), [...viewItems(), ...focusedLinkItems(at)], at);
}

/** Links offered in a menu. */
const mostLinks = 8;

/** What is looked at now: heads, their layer, the positions, the focused token. */
export function viewItems(): MenuItem[] {
  const of = attention.peek();
  const place = focused.peek();
  const model = shown.peek()?.info.model;
  if (!canIntervene.peek() || !model) return [];
  const { layer } = view.peek();
  const heads = headsShown();
  return [
    ...(place ? tokenItems(place) : []),
    ...(of ? [item(l10n.t('Switch off {0}', headsText(layer, shownHeads(view.peek(), of.heads), false)), l10n.t('What the shown heads hand on is replaced by zero, or by its mean.'), heads), ...layerItems(of, layer)] : []),
    ...(model.attentions.length > 0 ? [item(l10n.t('Switch off the positions'), l10n.t('What is added to the embeddings for the places of tokens is replaced. Models that turn queries and keys instead have none.'), [{ kind: 'positions', by: 'zero' }])] : []),
  ];
}
