/** How a panel is looked at, before anybody chose anything, and what fits a given model. */
import type { AttentionInfo, AttentionPart, ModelInfo, ViewState } from '../src/protocol.ts';
import { fitting } from './experimentList.ts';
import { fittingPicture } from './pictures.ts';

export const initialView: ViewState = {
  picture: 'graph',
  part: 'decoder',
  layer: 0,
  heads: [],
  average: false,
  percent: 70,
  sink: 'dim',
  measure: 'weight',
  unit: 'token',
  direction: 'from',
  layout: 'horizontal',
  spacing: 0,
  pinned: null,
  gridSort: 'layer',
  headFilter: '',
  repeatedTokens: false,
  navigator: true,
  top: 10,
  candidates: 'token',
  sampling: null,
  seed: 1,
  target: null,
  rival: null,
  experiments: [],
  showing: 'before',
  surprisal: false,
  sweepOver: 'heads',
  sweepBy: 'zero',
  sweepMeasure: null,
  otherText: null,
  patchOver: 'resid_pre',
};

/** More tokens than this make a line on which single arcs are lost. */
const longLine = 120;

/** Pixels from token to token at which a column is read like text. */
const readableSpacing = 18;

/** What a model is for is seen in its last attention, and best in the middle of the network. */
export function tellingPart({ attentions }: ModelInfo): Pick<ViewState, 'part' | 'layer'> | null {
  const attention = attentions.at(-1);
  return attention ? { part: attention.part, layer: Math.floor(attention.layers / 2) } : null;
}

/** The attention that a view looks at: that of its part where the model has it, else the model's last; null for a recurrent network. */
export function attentionIn(model: ModelInfo, part: AttentionPart): AttentionInfo | null {
  return model.attentions.find((attention) => attention.part === part) ?? model.attentions.at(-1) ?? null;
}

/** How tokens are laid out, and how far apart. */
export type Arrangement = Pick<ViewState, 'layout' | 'spacing'>;

/** What suits a text as long as nobody has chosen: a narrow panel has room for a column only, and a long text is read down a column rather than fitted. */
export function suitableArrangement(panelWidth: number, tokens: number): Arrangement {
  const long = tokens > longLine;
  return { layout: long || panelWidth < 480 ? 'vertical' : 'horizontal', spacing: long ? readableSpacing : 0 };
}

/** The same view for a model that may have fewer layers or heads, and a text that may be shorter. */
export function fitView(view: ViewState, model: ModelInfo, tokens: number): ViewState {
  const attention = attentionIn(model, view.part);
  return {
    ...view,
    ...(attention ? fitAttention(view, attention) : { layer: Math.max(0, Math.min(view.layer, model.layers - 1)) }),
    picture: fittingPicture(view.picture, model),
    pinned: fitPinned(view.pinned, model, tokens),
    experiments: fitting(view.experiments, model, tokens, true),
    target: fitPredicted(view.target, model),
    rival: fitPredicted(view.rival, model),
  };
}

/** A token that the model knows. */
const fitPredicted = (id: number | null, { vocabulary }: ModelInfo): number | null => (id !== null && id < vocabulary ? id : null);

/** A token that the text has, or that the output may come to have. */
function fitPinned(pinned: ViewState['pinned'], model: ModelInfo, tokens: number): ViewState['pinned'] {
  if (!pinned) return null;
  const there = pinned.sequence === 'text' ? pinned.token < tokens : model.kind === 'encoder-decoder';
  return there ? pinned : null;
}

/** The part, layer and heads of a view as far as the attention has them. */
export function fitAttention(view: Pick<ViewState, 'layer' | 'heads'>, { part, layers, heads }: AttentionInfo): Pick<ViewState, 'part' | 'layer' | 'heads'> {
  return { part, layer: Math.max(0, Math.min(view.layer, layers - 1)), heads: view.heads.filter((head) => head < heads) };
}

/** The heads that `view` shows of `total`, ascending: an empty choice means all. */
export function shownHeads(view: Pick<ViewState, 'heads'>, total: number): number[] {
  return view.heads.length > 0 ? [...view.heads] : Array.from({ length: total }, (_, head) => head);
}

/**
 * The choice after a click on `head`. Where all are shown, the click picks that one out; else it
 * adds the head or takes it away, and taking the last one away brings all back.
 */
export function toggleHead(view: Pick<ViewState, 'heads'>, head: number, total: number): number[] {
  if (view.heads.length === 0) return [head];
  const next = view.heads.includes(head) ? view.heads.filter((other) => other !== head) : [...view.heads, head].sort((a, b) => a - b);
  return next.length === total ? [] : next;
}

/** The choice that follows `chosen` of `total` heads; a choice of several counts as "all heads". */
export function headAfter(chosen: readonly number[], by: 1 | -1, total: number): number[] {
  const [only] = chosen;
  // Places 0…total − 1 are single heads; place `total` is all of them.
  const place = chosen.length === 1 && only !== undefined ? only : total;
  const next = (place + by + total + 1) % (total + 1);
  return next === total ? [] : [next];
}
