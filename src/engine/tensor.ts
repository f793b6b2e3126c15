/** Arrays with a shape: what goes into and comes out of a session. */

export interface FloatTensor {
  readonly type: 'float32';
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

export interface IntTensor {
  readonly type: 'int64';
  readonly shape: readonly number[];
  readonly data: BigInt64Array;
}

export type Tensor = FloatTensor | IntTensor;

export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, dim) => product * dim, 1);

/** @throws RangeError if `data` does not fill `shape` */
export function floats(shape: readonly number[], data: Float32Array = new Float32Array(sizeOf(shape))): FloatTensor {
  if (data.length !== sizeOf(shape)) throw new RangeError(`${String(data.length)} values for shape [${shape.join(', ')}]`);
  return { type: 'float32', shape, data };
}

export function ints(values: readonly number[]): IntTensor {
  return { type: 'int64', shape: [values.length], data: BigInt64Array.from(values, BigInt) };
}

/** Joins two tensors along `axis`; their other dimensions are equal. */
export function concat(a: FloatTensor, b: FloatTensor, axis: number): FloatTensor {
  const shape = a.shape.map((dim, i) => (i === axis ? dim + (b.shape[i] ?? 0) : dim));
  const out = floats(shape);
  const outer = sizeOf(shape.slice(0, axis));
  const rowA = sizeOf(a.shape.slice(axis));
  const rowB = sizeOf(b.shape.slice(axis));
  for (let i = 0; i < outer; i++) {
    out.data.set(a.data.subarray(i * rowA, (i + 1) * rowA), i * (rowA + rowB));
    out.data.set(b.data.subarray(i * rowB, (i + 1) * rowB), i * (rowA + rowB) + rowA);
  }
  return out;
}

/** `[1, pos, …]` from a position on, without copying. */
export function positionsFrom(tensor: FloatTensor, start: number): FloatTensor {
  const [, count = 0, ...rest] = tensor.shape;
  return floats([1, count - start, ...rest], tensor.data.subarray(start * sizeOf(rest)));
}

/** `[1, pos, …]` up to a position, without copying. */
export function positionsUpTo(tensor: FloatTensor, end: number): FloatTensor {
  const [, , ...rest] = tensor.shape;
  return floats([1, end, ...rest], tensor.data.subarray(0, end * sizeOf(rest)));
}

/** `[1, pos, …]` at one position. */
export function at({ shape, data }: FloatTensor, position: number): Float32Array {
  const width = data.length / (shape[1] ?? 1);
  return data.subarray(position * width, (position + 1) * width);
}
