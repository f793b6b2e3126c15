/** What a learner hands in for a check: enough to decide it again, elsewhere and later. */
import type { Given, ViewState } from '../protocol.ts';
import type { CheckKind } from './blockSchemas.ts';
import type { Setting } from './lessonFile.ts';
import { pick } from './pick.ts';
import { plainViewKeys } from './viewKeys.ts';

export interface Attempt extends Setting {
  readonly given: Given;
  /** How the panel was looked at, as far as the check is about that. */
  readonly view: Partial<ViewState>;
}

/** What of the view decides a check of a kind. */
const judged: Readonly<Record<CheckKind, readonly (keyof ViewState)[]>> = {
  choice: [],
  guess: [],
  head: ['part', 'layer', 'heads'],
  token: ['pinned'],
  text: [],
  experiment: ['experiments'],
  view: [...plainViewKeys, 'pinned', 'target', 'rival', 'sampling'],
};

export function judgedView(kind: CheckKind, view: Partial<ViewState>): Partial<ViewState> {
  return pick(view, judged[kind]);
}
