/** Moving about by keys and arrow buttons: from token to token, head to head, layer to layer, part to part. */
import type { AttentionPart, Place } from '../src/protocol.ts';
import { focusRow } from './answers.ts';
import { attention, focused, hover, keys, pin, queries, setView, shown, unitOf, unitsOf, view } from './store.ts';
import { fitAttention, headAfter } from './viewState.ts';

/** Moves the focus by whole units; from nowhere it starts at the end it comes from, among the tokens that look. */
export function stepToken(by: 1 | -1): void {
  const from = focused.peek();
  const sequence = from?.sequence ?? queries.peek();
  const all = unitsOf(sequence);
  const index = from === null ? (by > 0 ? 0 : all.length - 1) : unitOf(from) + by;
  const unit = all[Math.max(0, Math.min(all.length - 1, index))];
  if (unit) hover({ sequence, token: unit.firstToken });
}

export function goToEdge(edge: 'first' | 'last'): void {
  const sequence = focused.peek()?.sequence ?? queries.peek();
  const unit = unitsOf(sequence).at(edge === 'first' ? 0 : -1);
  if (unit) hover({ sequence, token: unit.firstToken });
}

/** Between text and output: to the strongest partner there, else to the first token. */
export function crossOver(): void {
  const from = focused.peek();
  const sequence = (from?.sequence ?? keys.peek()) === 'text' ? 'output' : 'text';
  const unit = unitsOf(sequence)[from ? strongestPartner(from) : 0] ?? unitsOf(sequence)[0];
  if (unit) hover({ sequence, token: unit.firstToken });
}

/** Unit of the other sequence to which the focused one's attention goes most, mean over the heads. */
function strongestPartner(from: Place): number {
  const { last } = focusRow.peek();
  if (!last || queries.peek() === keys.peek() || last.ask.unitIndex !== unitOf(from)) return 0;
  const size = last.value.weights.length / (last.ask.average ? 1 : last.ask.heads.length);
  const sums = new Float64Array(size);
  last.value.weights.forEach((weight, at) => {
    sums[at % size] = (sums[at % size] ?? 0) + weight;
  });
  return sums.indexOf(Math.max(...sums));
}

export function showPart(part: AttentionPart): void {
  const wanted = shown.peek()?.info.model.attentions.find((offered) => offered.part === part);
  if (wanted) setView(fitAttention(view.peek(), wanted));
}

/** The model's first, second or third attention, as the toolbar has them. */
export function showPartAt(index: number): void {
  const wanted = shown.peek()?.info.model.attentions[index];
  if (wanted) showPart(wanted.part);
}

export function stepLayer(by: 1 | -1): void {
  const layers = attention.peek()?.layers ?? shown.peek()?.info.model.layers ?? 1;
  setView({ layer: Math.max(0, Math.min(layers - 1, view.peek().layer + by)) });
}

/** One head after the other, with "all heads" between the last and the first. */
export function stepHead(by: 1 | -1): void {
  const heads = attention.peek()?.heads ?? 1;
  if (view.peek().picture === 'head') {
    // One head is gone through at a time: there is no "all heads" between last and first.
    setView({ heads: [((view.peek().heads[0] ?? 0) + by + heads) % heads] });
    return;
  }
  setView({ heads: headAfter(view.peek().heads, by, heads) });
}

export function pinFocused(): void {
  const place = focused.peek();
  if (place !== null) pin(place);
}

/** Lets go of what is pointed at, and of the pin. */
export function clearFocus(): void {
  hover(null);
  setView({ pinned: null });
}
