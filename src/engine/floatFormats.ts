/** Weights as checkpoints store them, widened to float32. */

export type FloatFormat = 'F32' | 'F16' | 'BF16';

export const BYTES_PER_VALUE: Record<FloatFormat, number> = { F32: 4, F16: 2, BF16: 2 };

/**
 * Widens little-endian `bytes` into `out`; every F16 and BF16 value is exactly a float32.
 * The machine is assumed little-endian, as all that run wasm are.
 */
export function widen(format: FloatFormat, bytes: Uint8Array, out: Float32Array): void {
  switch (format) {
    case 'F32':
      new Uint8Array(out.buffer, out.byteOffset, out.byteLength).set(bytes);
      return;
    case 'BF16': {
      // bfloat16 is the upper half of a float32.
      const bits = new Uint32Array(out.buffer, out.byteOffset, out.length);
      const halves = halvesOf(bytes);
      for (let i = 0; i < bits.length; i++) bits[i] = (halves[i] ?? 0) << 16;
      return;
    }
    case 'F16': {
      const bits = new Uint32Array(out.buffer, out.byteOffset, out.length);
      const halves = halvesOf(bytes);
      const table = halfTable();
      for (let i = 0; i < bits.length; i++) bits[i] = table[halves[i] ?? 0] ?? 0;
      return;
    }
  }
}

function halvesOf(bytes: Uint8Array): Uint16Array {
  // A view needs an even offset; a range of a file may start anywhere.
  const aligned = bytes.byteOffset % 2 === 0 ? bytes : bytes.slice();
  return new Uint16Array(aligned.buffer, aligned.byteOffset, aligned.byteLength >> 1);
}

let table: Uint32Array | undefined;

/** float32 bits of each of the 65,536 half-precision values (IEEE 754 binary16). */
function halfTable(): Uint32Array {
  if (table) return table;
  table = new Uint32Array(0x10000);
  const value = new Float32Array(1);
  const bits = new Uint32Array(value.buffer);
  for (let half = 0; half < 0x10000; half++) {
    const sign = half & 0x8000 ? -1 : 1;
    const exponent = (half >> 10) & 0x1f;
    const fraction = half & 0x3ff;
    if (exponent === 0x1f) value[0] = fraction ? NaN : sign * Infinity;
    else if (exponent === 0) value[0] = sign * fraction * 2 ** -24;
    else value[0] = sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
    table[half] = bits[0] ?? 0;
  }
  return table;
}
