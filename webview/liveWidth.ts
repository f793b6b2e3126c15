/** How wide the live view is: a lesson may stand beside it. */
import { signal, type ReadonlySignal } from '@preact/signals';

const width = signal(window.innerWidth);

/** Pixels. */
export const liveWidth: ReadonlySignal<number> = width;

/** Follows the width of the element that the live view fills. Returns how to stop. */
export function watchLiveWidth(element: HTMLElement): () => void {
  const read = (): void => {
    width.value = element.clientWidth;
  };
  const resizes = new ResizeObserver(read);
  resizes.observe(element);
  read();
  return () => resizes.disconnect();
}
