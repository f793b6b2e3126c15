/** A chunk of a stream of bytes, which is typed as anything. */
export function asBytes(chunk: unknown): Uint8Array {
  if (chunk instanceof Uint8Array) return chunk;
  throw new TypeError('A stream of bytes gave something else.');
}
