/** Largest absolute difference; NaN, which is within no bound, where the lengths differ or a value is missing. */
export function largestError(found: Float32Array, expected: Float32Array | Int32Array | undefined): number {
  if (found.length !== expected?.length) return NaN;
  return found.reduce((largest, value, i) => Math.max(largest, Math.abs(value - (expected[i] ?? NaN))), 0);
}
