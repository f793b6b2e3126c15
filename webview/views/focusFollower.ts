/**
 * When a picture should scroll to the focused token: when the focus has moved by the keyboard, in
 * another view or in the editor, but not when the pointer moved it within the picture itself, nor
 * when it fell back to the pin because the pointer left.
 */
import { caret, hovered, pinned } from '../store.ts';

export class FocusFollower {
  private seen: { readonly hovered: number | null; readonly pinned: number | null; readonly caret: number | null } = { hovered: null, pinned: null, caret: null };
  private own: number | null = null;

  /** The pointer in this picture put the focus on `token`. */
  pointed(token: number | null): void {
    this.own = token;
  }

  /** The token to show, if the focus has newly come to it from elsewhere; reads the store's signals. */
  take(): number | null {
    const now = { hovered: hovered.value, pinned: pinned.value, caret: caret.value };
    const before = this.seen;
    this.seen = now;
    if (now.hovered !== null) return now.hovered !== before.hovered && now.hovered !== this.own ? now.hovered : null;
    if (now.pinned !== null) return now.pinned !== before.pinned && now.pinned !== this.own ? now.pinned : null;
    return now.caret !== before.caret ? now.caret : null;
  }
}
