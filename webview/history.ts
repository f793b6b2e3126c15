/** Steps that can be taken back, and those that were. */
export interface History<T> {
  /** What was before each step, the last step at the end. */
  readonly past: readonly T[];
  /** What undoing took back, the next to do again at the end. */
  readonly future: readonly T[];
}

export const noHistory: History<never> = { past: [], future: [] };

/** More steps than this nobody takes back. */
const mostSteps = 200;

/** A step has been made from `before`: what had been taken back is gone. */
export const stepped = <T>({ past }: History<T>, before: T): History<T> => ({ past: [...past, before].slice(-mostSteps), future: [] });

/** What was before the last step; null where there is none. */
export function undone<T>({ past, future }: History<T>, now: T): { readonly history: History<T>; readonly now: T } | null {
  const [before] = past.slice(-1);
  return before === undefined ? null : { history: { past: past.slice(0, -1), future: [...future, now] }, now: before };
}

/** What was before the last undoing; null where there is none. */
export function redone<T>({ past, future }: History<T>, now: T): { readonly history: History<T>; readonly now: T } | null {
  const [after] = future.slice(-1);
  return after === undefined ? null : { history: { past: [...past, now], future: future.slice(0, -1) }, now: after };
}
