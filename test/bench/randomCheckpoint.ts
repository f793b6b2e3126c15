/** A checkpoint of GPT-2 small's shape with seeded random weights: large enough to measure, made in seconds, never committed. */
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { safetensorsHeader } from '../../src/engine/safetensors.ts';
import { sizeOf } from '../../src/engine/tensor.ts';

export const SHAPE = { n_layer: 12, n_head: 12, n_embd: 768, n_positions: 1024, vocab_size: 50257 };

/** Writes the folder once; returns its path. */
export async function randomGpt2(cache: string): Promise<string> {
  const folder = join(cache, 'gpt2-small-random');
  if (existsSync(join(folder, 'model.safetensors'))) return folder;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ model_type: 'gpt2', ...SHAPE }));
  const tensors = shapes();
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

function shapes(): { name: string; shape: number[] }[] {
  const { n_layer, n_embd: E, n_positions, vocab_size } = SHAPE;
  const block = (layer: number): { name: string; shape: number[] }[] => {
    const at = `h.${String(layer)}`;
    const linear = (name: string, inputs: number, outputs: number) => [
      { name: `${at}.${name}.weight`, shape: [inputs, outputs] },
      { name: `${at}.${name}.bias`, shape: [outputs] },
    ];
    const norm = (name: string) => [{ name: `${at}.${name}.weight`, shape: [E] }, { name: `${at}.${name}.bias`, shape: [E] }];
    return [...norm('ln_1'), ...linear('attn.c_attn', E, 3 * E), ...linear('attn.c_proj', E, E), ...norm('ln_2'), ...linear('mlp.c_fc', E, 4 * E), ...linear('mlp.c_proj', 4 * E, E)];
  };
  return [
    { name: 'wte.weight', shape: [vocab_size, E] },
    { name: 'wpe.weight', shape: [n_positions, E] },
    ...Array.from({ length: n_layer }, (_, layer) => block(layer)).flat(),
    { name: 'ln_f.weight', shape: [E] },
    { name: 'ln_f.bias', shape: [E] },
  ];
}

/** Numbers of 0…1 from a seed: a linear congruential generator (Numerical Recipes' constants) is random enough for weights. */
export function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
