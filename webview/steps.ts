/** Moving about by keys and arrow buttons: from token to token, head to head, layer to layer. */
import { focused, pin, setView, shown, hover, unitOf, units, view } from './store.ts';
import { headAfter } from './viewState.ts';

/** Moves the focus by whole units; from nowhere it starts at the end it comes from. */
export function stepToken(by: 1 | -1): void {
  const all = units.peek();
  const from = focused.peek();
  const index = from === null ? (by > 0 ? 0 : all.length - 1) : unitOf(from) + by;
  const unit = all[Math.max(0, Math.min(all.length - 1, index))];
  if (unit) hover(unit.firstToken);
}

export function goToEdge(edge: 'first' | 'last'): void {
  const unit = units.peek().at(edge === 'first' ? 0 : -1);
  if (unit) hover(unit.firstToken);
}

export function stepLayer(by: 1 | -1): void {
  const layers = shown.peek()?.info.model.layers ?? 1;
  setView({ layer: Math.max(0, Math.min(layers - 1, view.peek().layer + by)) });
}

/** One head after the other, with "all heads" between the last and the first. */
export function stepHead(by: 1 | -1): void {
  const heads = shown.peek()?.info.model.heads ?? 1;
  setView({ heads: headAfter(view.peek().heads, by, heads) });
}

export function pinFocused(): void {
  const token = focused.peek();
  if (token !== null) pin(token);
}

/** Lets go of what is pointed at, and of the pin. */
export function clearFocus(): void {
  hover(null);
  setView({ pinned: null });
}
