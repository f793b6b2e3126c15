/**
 * When a picture should scroll to the focused token: when the focus has moved by the keyboard, in
 * another view or in the editor, but not when the pointer moved it within the picture itself, nor
 * when it fell back to the pin because the pointer left.
 */
import type { Place } from '../../src/protocol.ts';
import { samePlace } from '../place.ts';
import { caret, hovered, pinned } from '../store.ts';

export class FocusFollower {
  private seen: { readonly hovered: Place | null; readonly pinned: Place | null; readonly caret: number | null } = { hovered: null, pinned: null, caret: null };
  private own: Place | null = null;

  /** The pointer in this picture put the focus on a token. */
  pointed(place: Place | null): void {
    this.own = place;
  }

  /** The token to show, if the focus has newly come to it from elsewhere; reads the store's signals. */
  take(): Place | null {
    const now = { hovered: hovered.value, pinned: pinned.value, caret: caret.value };
    const before = this.seen;
    this.seen = now;
    if (now.hovered !== null) return this.isNews(now.hovered, before.hovered) ? now.hovered : null;
    if (now.pinned !== null) return this.isNews(now.pinned, before.pinned) ? now.pinned : null;
    return now.caret !== null && now.caret !== before.caret ? { sequence: 'text', token: now.caret } : null;
  }

  private isNews(place: Place, before: Place | null): boolean {
    return !samePlace(place, before) && !samePlace(place, this.own);
  }
}
