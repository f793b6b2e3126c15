import type { Setting } from './lessonFile.ts';
import type { RunWish } from './laboratory.ts';

/** The run that a setting, or an attempt, is about. */
export function runOf({ model, text, target }: Setting): RunWish {
  return { model, text, ...(target === undefined ? {} : { target }) };
}
