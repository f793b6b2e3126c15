/** What screen readers are told at once, beside what they can find for themselves. */
import { signal, type ReadonlySignal } from '@preact/signals';

const words = signal('');

export const announced: ReadonlySignal<string> = words;

export function announce(text: string): void {
  words.value = text;
}
