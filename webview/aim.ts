/** Which prediction is in question, for all that explains or changes one: what is pointed at in passing does not count. */
import { computed } from '@preact/signals';
import type { Aim, Place } from '../src/protocol.ts';
import { nextPosition } from './nextPosition.ts';
import { caret, output, pinned, shown, view } from './store.ts';

/** Null without a run, or where the model predicts nothing. */
export const aim = computed((): Aim | null => {
  const info = shown.value?.info;
  if (!info || info.model.predicts === 'nothing' || info.tokens.length === 0) return null;
  const cursor = caret.value;
  const place: Place | null = pinned.value ?? (cursor === null ? null : { sequence: 'text', token: cursor });
  const { target, rival } = view.value;
  return {
    position: nextPosition(info, output.value, place),
    ...(target === null ? {} : { target }),
    ...(rival === null ? {} : { rival }),
  };
});
