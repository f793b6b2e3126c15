import type { Checkpoint } from '../safetensors.ts';

/**
 * Tensor names as the checkpoint has them: one saved from the bare model lacks the prefix that the
 * language model's has, which shows in the name of the token embedding.
 */
export function naming(checkpoint: Checkpoint, prefix: string, embedding: string): (name: string) => string {
  const found = checkpoint.has(embedding) ? '' : prefix;
  return (name) => found + name;
}

/** Of the names that tied tensors are stored under, the first that the checkpoint has. */
export function stored(checkpoint: Checkpoint, ...names: readonly [string, ...string[]]): string {
  return names.find((name) => checkpoint.has(name)) ?? names[0];
}
