/** The run whose inside is looked at: the shown one, or the one with experiments where that is shown and has the same tokens. */
import { computed } from '@preact/signals';
import type { RunId } from '../src/protocol.ts';
import { ended } from './ended.ts';
import { afterRun, showing } from './experimentRun.ts';

/** Null while it has not ended. */
export const insideRun = computed((): RunId | null => {
  const own = ended.value;
  if (!own) return null;
  const after = showing.value === 'after' ? afterRun.value : null;
  return after && after.kept.length === own.tokens.length ? after.info.run : own.run;
});

/** Whether that is the run with experiments. */
export const isAfter = computed(() => insideRun.value !== null && insideRun.value !== ended.value?.run);
