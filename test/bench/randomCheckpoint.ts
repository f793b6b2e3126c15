/** A checkpoint of GPT-2 small's shape with seeded random weights: large enough to measure, made in seconds, never committed. */
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { safetensorsHeader } from '../../src/engine/safetensors.ts';
import { sizeOf } from '../../src/engine/tensor.ts';
import { generator, gpt2Tensors } from '../support/generatedModel.ts';

export const SHAPE = { n_layer: 12, n_head: 12, n_embd: 768, n_positions: 1024, vocab_size: 50257 };

/** Writes the folder once; returns its path. */
export async function randomGpt2(cache: string): Promise<string> {
  const folder = join(cache, 'gpt2-small-random');
  if (existsSync(join(folder, 'model.safetensors'))) return folder;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ model_type: 'gpt2', ...SHAPE }));
  const tensors = gpt2Tensors(SHAPE);
  const path = join(folder, 'model.safetensors.part');
  const file = await open(path, 'w');
  await file.write(safetensorsHeader(tensors, {}));
  const random = generator(1);
  for (const { name, shape } of tensors) {
    // Norm weights near 1, everything else near 0, as a fresh model has them.
    const centre = /ln_\w+\.weight$/.test(name) ? 1 : 0;
    const values = Float32Array.from({ length: sizeOf(shape) }, () => centre + 0.04 * (random() - 0.5));
    await file.write(new Uint8Array(values.buffer));
  }
  await file.close();
  renameSync(path, join(folder, 'model.safetensors'));
  return folder;
}

/** Seeded token ids. */
export function randomIds(count: number, seed = count): number[] {
  const random = generator(seed);
  return Array.from({ length: count }, () => Math.floor(random() * SHAPE.vocab_size));
}
