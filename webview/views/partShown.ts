import type { AttentionPart, ModelInfo } from '../../src/protocol.ts';
import { attention } from '../store.ts';

/** The part that is looked at, where the model has several to be told apart. */
export function partShown(model: ModelInfo | undefined): AttentionPart | null {
  return model && model.attentions.length > 1 ? (attention.value?.part ?? null) : null;
}
