/**
 * Hadamard matrices: rotations of ±1 entries that spread what stands out in one channel over its neighbours.
 * Activations hold such channels, and 8 bits that must reach the largest leave little for the others; of
 * rotated ones, times a weight rotated alike, the product is the same (Ashkboos et al. 2024, QuaRot).
 */

/** Channels are rotated in blocks of at most so many: costs about 5 % of a layer's time, and more gains little. */
const LARGEST_BLOCK = 64;

/** The largest power of two up to 64 that divides the number of channels; 1 leaves them as they are. */
export function blockOf(channels: number): number {
  let block = 1;
  while (block < LARGEST_BLOCK && channels % (2 * block) === 0) block *= 2;
  return block;
}

/** Sylvester's matrix `[block, block]` ÷ √block: symmetric and its own inverse. */
export function hadamard(block: number): Float32Array {
  const matrix = new Float32Array(block * block);
  for (let i = 0; i < block; i++) matrix[i * block + i] = 1 / Math.sqrt(block);
  rotate(matrix, block, 1);
  return matrix;
}

/**
 * Rotates `values[…, block, inner]` in place along the axis of length `block`, and makes them √block times as
 * large, in log₂ block passes over one group at a time, which stays in the cache.
 */
export function rotate(values: Float32Array, block: number, inner: number): void {
  const group = block * inner;
  for (let start = 0; start < values.length; start += group) {
    for (let half = inner; half < group; half *= 2) {
      for (let pair = start; pair < start + group; pair += 2 * half) {
        for (let i = pair; i < pair + half; i++) {
          const a = values[i] ?? 0;
          const b = values[i + half] ?? 0;
          values[i] = a + b;
          values[i + half] = a - b;
        }
      }
    }
  }
}
