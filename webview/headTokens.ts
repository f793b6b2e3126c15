/** The tokens after which something is predicted: of the output where the model writes one, else of the text. */
import { computed } from '@preact/signals';
import type { Sequence, Token } from '../src/protocol.ts';
import { labelUnits, type UnitLabel } from './graphs/labels.ts';
import { shown, tokensOf } from './store.ts';
import { tokenUnits } from './units.ts';

export const headSequence = computed((): Sequence => (shown.value?.info.model.kind === 'encoder-decoder' ? 'output' : 'text'));

export const headTokens = computed((): readonly Token[] => tokensOf(headSequence.value));

export const headLabels = computed((): readonly UnitLabel[] => labelUnits(tokenUnits(headTokens.value), headTokens.value));
