/** Which residual stream the lens reads, and at which tokens: of an encoder–decoder, one half or the other. */
import { computed } from '@preact/signals';
import type { LensAsk, Sequence, Token } from '../src/protocol.ts';
import { labelUnits, type UnitLabel } from './graphs/labels.ts';
import { headSequence } from './headTokens.ts';
import { shown, tokensOf, view } from './store.ts';
import { tokenUnits } from './units.ts';

/** Null where a model has one stream only. Attention to the text is the decoder's. */
export const lensPart = computed((): NonNullable<LensAsk['part']> | null => {
  if (shown.value?.info.model.kind !== 'encoder-decoder') return null;
  return view.value.part === 'encoder' ? 'encoder' : 'decoder';
});

/** What the question says of it: the stream that the head reads goes without saying. */
export const askedPart = computed((): Pick<LensAsk, 'part'> => (lensPart.value === 'encoder' ? { part: 'encoder' } : {}));

export const lensSequence = computed((): Sequence => (lensPart.value === 'encoder' ? 'text' : headSequence.value));

export const lensTokens = computed((): readonly Token[] => tokensOf(lensSequence.value));

export const lensLabels = computed((): readonly UnitLabel[] => labelUnits(tokenUnits(lensTokens.value), lensTokens.value));

/** So many layers, as far as the model says before it is asked. */
export const lensLayers = computed((): number => {
  const model = shown.value?.info.model;
  return model?.attentions.find(({ part }) => part === lensPart.value)?.layers ?? model?.layers ?? 0;
});
