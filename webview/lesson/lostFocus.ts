/** Whether the keyboard's focus was on something that is gone. */

let hasBeen = false;

/** Once, when the page begins: where the focus has not been on anything yet, none can be lost. */
export function watchFocus(): void {
  document.addEventListener('focusin', () => (hasBeen = true), { once: true });
}

export function isFocusLost(): boolean {
  return hasBeen && document.hasFocus() && document.activeElement === document.body;
}
