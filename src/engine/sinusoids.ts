import { floats, type FloatTensor } from './tensor.ts';

/**
 * Sinusoidal positions (Vaswani et al. 2017, section 3.5) from `start` on, `[1, count, width]`: sines in the first
 * half of the components, cosines of the same angles in the second; with an odd width there is one sine more.
 */
export function sinusoids(start: number, count: number, width: number): FloatTensor {
  const table = floats([1, count, width]);
  const sines = Math.ceil(width / 2);
  for (let row = 0; row < count; row++) {
    for (let i = 0; i < width; i++) {
      const pair = i < sines ? i : i - sines;
      const angle = (start + row) / 10_000 ** ((2 * pair) / width);
      table.data[row * width + i] = i < sines ? Math.sin(angle) : Math.cos(angle);
    }
  }
  return table;
}
