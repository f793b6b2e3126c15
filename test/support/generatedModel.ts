/** GPT-2s of any size with seeded random weights that are made when they are read: nothing is on the disk. */
import type { ModelFiles } from '../../src/engine/files.ts';
import { safetensorsHeader } from '../../src/engine/safetensors.ts';
import { sizeOf } from '../../src/engine/tensor.ts';

export interface Gpt2Shape {
  readonly n_layer: number;
  readonly n_head: number;
  readonly n_embd: number;
  readonly n_positions: number;
  readonly vocab_size: number;
}

export interface NamedShape {
  readonly name: string;
  readonly shape: readonly number[];
}

/** The tensors of a GPT-2 in the order they are stored. */
export function gpt2Tensors({ n_layer, n_embd: E, n_positions, vocab_size }: Gpt2Shape): NamedShape[] {
  const block = (layer: number): NamedShape[] => {
    const at = `h.${String(layer)}`;
    const linear = (name: string, inputs: number, outputs: number): NamedShape[] => [
      { name: `${at}.${name}.weight`, shape: [inputs, outputs] },
      { name: `${at}.${name}.bias`, shape: [outputs] },
    ];
    const norm = (name: string): NamedShape[] => [{ name: `${at}.${name}.weight`, shape: [E] }, { name: `${at}.${name}.bias`, shape: [E] }];
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

/** Weights repeat after so many values: a prime, so that the rows of a matrix do not. */
const PERIOD = 1_000_003;

/** Norm weights are 1, everything else is near 0, as a fresh model has them. */
export function generatedGpt2(shape: Gpt2Shape): ModelFiles {
  const tensors = gpt2Tensors(shape);
  const header = safetensorsHeader(tensors, {});
  const random = generator(1);
  const values = Float32Array.from({ length: PERIOD }, () => 0.04 * (random() - 0.5));
  const texts = new Map([['config.json', JSON.stringify({ model_type: 'gpt2', ...shape })]]);
  const places: { readonly end: number; readonly norm: boolean }[] = [];
  let end = header.length;
  for (const { name, shape: dims } of tensors) places.push({ end: (end += sizeOf(dims) * 4), norm: /ln_\w+\.weight$/.test(name) });

  const fill = (from: number, out: Float32Array): void => {
    if (places.find((place) => from < place.end)?.norm) out.fill(1);
    else for (let done = 0, at = (from / 4) % PERIOD; done < out.length; at = 0) {
      const piece = values.subarray(at, at + out.length - done);
      out.set(piece, done);
      done += piece.length;
    }
  };
  const range = (from: number, to: number): Uint8Array => {
    if (from < header.length) return header.subarray(from, to);
    const out = new Float32Array((to - from) / 4);
    fill(from, out);
    return new Uint8Array(out.buffer);
  };
  return {
    folder: 'generated',
    size: (file) => Promise.resolve(file === 'model.safetensors' ? end : (texts.get(file)?.length ?? null)),
    text: (file) => Promise.resolve(texts.get(file) ?? ''),
    range: (_file, from, to) => Promise.resolve(range(from, to)),
    read(_file, from, out) {
      fill(from, new Float32Array(out.buffer, out.byteOffset, out.length / 4));
      return Promise.resolve(out.length);
    },
    close: () => Promise.resolve(),
  };
}
