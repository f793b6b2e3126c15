/** Tells the host and VS Code what a panel is about and how it is looked at, so that it survives a reload. */
import type { ReadonlySignal } from '@preact/signals';
import type { LessonPlace, Subject, ViewState } from '../src/protocol.ts';
import { keep, post } from './bridge.ts';

/** Changes that come in quick succession are kept together, milliseconds. */
const keepDelay = 150;

/** Keeps state shortly after it changed, and at once when the page is hidden. Returns how to stop. */
export function keepState(subject: ReadonlySignal<Subject | null>, view: ReadonlySignal<ViewState>, lesson: ReadonlySignal<LessonPlace | null>): () => void {
  let timer: ReturnType<typeof setTimeout> | null = null;
  let keptView = view.peek();
  const flush = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    const about = subject.peek();
    const viewNow = view.peek();
    const place = lesson.peek();
    if (about) keep({ subject: about, view: viewNow, ...(place ? { lesson: place } : {}) });
    if (viewNow !== keptView) post({ type: 'view', view: viewNow });
    keptView = viewNow;
  };
  const schedule = (): void => {
    timer ??= setTimeout(flush, keepDelay);
  };
  const stops = [view.subscribe(schedule), subject.subscribe(schedule), lesson.subscribe(schedule)];
  document.addEventListener('visibilitychange', flush);
  window.addEventListener('pagehide', flush);
  return () => {
    for (const stop of stops) stop();
    flush();
    document.removeEventListener('visibilitychange', flush);
    window.removeEventListener('pagehide', flush);
  };
}
