/** Layers that a run tells of, over all attentions of its model or its states. */
import { computed } from '@preact/signals';
import type { ModelInfo } from '../../src/protocol.ts';
import { stateSummaries, summaries } from '../store.ts';

export const layersArrived = computed(() => summaries.value.length + stateSummaries.value.length);

export function layersOf({ attentions, layers }: ModelInfo): number {
  return attentions.length > 0 ? attentions.reduce((sum, attention) => sum + attention.layers, 0) : layers;
}
