/** What the heads that are scored do most, as far as any does. */
import { computed } from '@preact/signals';
import { tagOf, type HeadTag } from './graphs/headTags.ts';
import { scoredLayers } from './headScores.ts';

export const scoredTags = computed((): ReadonlySet<HeadTag> => new Set(scoredLayers.value.flatMap(({ heads }) => heads.flatMap(({ scores }) => tagOf(scores) ?? []))));
