/** Between the lesson and the live view by one key, each time to where one was there last. */

type Side = 'lesson' | 'live';

const last: Record<Side, HTMLElement | null> = { lesson: null, live: null };

/** Where one begins on a side, what is there first: the heading of the step; the tokens, else any control of the live view. */
const beginnings: Readonly<Record<Side, readonly string[]>> = { lesson: ['.lesson h2', '.lesson vscode-button'], live: ['.live [data-token][tabindex="0"]', '.live [tabindex="0"]', '.live button'] };

export function changeSides(): void {
  const { activeElement } = document;
  const from: Side = activeElement?.closest('.lesson') ? 'lesson' : 'live';
  const to: Side = from === 'lesson' ? 'live' : 'lesson';
  last[from] = activeElement instanceof HTMLElement && activeElement !== document.body ? activeElement : null;
  const before = last[to];
  const target = before?.isConnected === true && before.closest(`.${to}`) ? before : firstOf(beginnings[to]);
  target?.focus();
}

function firstOf(selectors: readonly string[]): HTMLElement | null {
  return selectors.map((selector) => document.querySelector<HTMLElement>(selector)).find((found) => found !== null) ?? null;
}
