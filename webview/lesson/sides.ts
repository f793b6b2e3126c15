/** Between the lesson and the live view by one key, each time to where one was there last. */

type Side = 'lesson' | 'live';

const last: Record<Side, HTMLElement | null> = { lesson: null, live: null };

/** Where one begins on a side: the heading of the step; the first control of the live view. */
const beginnings: Readonly<Record<Side, string>> = { lesson: '.lesson h2', live: '.live [data-token][tabindex="0"], .live [tabindex="0"], .live button' };

export function changeSides(): void {
  const { activeElement } = document;
  const from: Side = activeElement?.closest('.lesson') ? 'lesson' : 'live';
  const to: Side = from === 'lesson' ? 'live' : 'lesson';
  last[from] = activeElement instanceof HTMLElement && activeElement !== document.body ? activeElement : null;
  const before = last[to];
  const target = before?.isConnected === true && before.closest(`.${to}`) ? before : document.querySelector<HTMLElement>(beginnings[to]);
  target?.focus();
}
