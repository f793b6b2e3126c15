/** What the lens follows, and at which token: the prediction in question; in an encoder's half, where nothing is predicted, a token of the text, itself first of all. */
import { computed } from '@preact/signals';
import type { Candidate, RunId } from '../src/protocol.ts';
import { aim, aimed } from './aim.ts';
import { ask } from './bridge.ts';
import { ended } from './ended.ts';
import { askedPart, lensPart, lensTokens } from './lensPart.ts';
import { lastWord } from './nextPosition.ts';
import { tokenIn } from './place.ts';
import { resource, type Wanted } from './resource.ts';
import { caret, pinned, view } from './store.ts';

/** Candidates to choose target and rival from. */
const offered = 20;

/** The token of the column in question. */
export const lensPosition = computed((): number => {
  if (lensPart.value !== 'encoder') return aim.value?.position ?? 0;
  const chosen = tokenIn('text', pinned.value) ?? caret.value;
  return chosen !== null && chosen in lensTokens.value ? chosen : Math.max(0, lastWord(lensTokens.value));
});

const read = resource(
  'lens',
  computed((): Wanted<'lens'> => {
    if (view.value.picture !== 'lens' || lensPart.value !== 'encoder') return 'nothing';
    return ended.value ? { run: ended.value.run, ask: { ...askedPart.value, positions: [lensPosition.value], top: offered } } : 'hold';
  }),
  ask,
  64,
);

/** What the encoder's last layer resembles at the token in question, likeliest first; empty while it is not known. */
export const encoderTop = computed((): readonly Candidate[] => {
  const { last } = read.value;
  return last?.run === ended.value?.run && last?.ask.positions[0] === lensPosition.value ? (last.value.top.at(-1) ?? []) : [];
});

/** Which tokens are followed, by id, and where. */
export interface LensAimed {
  readonly run: RunId;
  readonly position: number;
  readonly target: number;
  readonly rival: number | null;
}

/** Null while it is not known. */
export const lensAimed = computed((): LensAimed | null => {
  if (lensPart.value !== 'encoder') return aimed.value && { run: aimed.value.run, position: aimed.value.position, target: aimed.value.target.id, rival: aimed.value.rival?.id ?? null };
  // Text and output share a vocabulary: by itself, what becomes of the token is followed.
  const target = view.value.target ?? lensTokens.value[lensPosition.value]?.id;
  return target === undefined || !ended.value ? null : { run: ended.value.run, position: lensPosition.value, target, rival: view.value.rival };
});
