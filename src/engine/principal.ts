/** Principal components of a few vectors (Pearson 1901): the two directions in which they differ most. */
import { breathe } from './breathe.ts';

export interface Plane {
  /** Coordinates, `[vector]`. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** Share of the variance that each direction holds. */
  readonly variance: readonly [number, number];
}

/** Columns that are iterated on: more than are wanted, so that the first two converge soon. */
const COLUMNS = 12;
/** So many steps are done before others get their turn. */
const STEPS_AT_ONCE = 4;
const MOST_STEPS = 1000;
/** Rows of products that are computed before others get their turn. */
const ROWS_AT_ONCE = 64;
/** Iteration ends where neither share changes by more than this. */
const PRECISION = 1e-12;

/**
 * Of `count` vectors, `[count, width]`, with `width` at will: orthogonal iteration on their centred Gram matrix, whose
 * eigenvectors times the roots of their eigenvalues are the coordinates. A coordinate's largest value is positive.
 */
export async function principalPlane(vectors: Float32Array, count: number): Promise<Plane> {
  const gram = await centredGram(vectors, count);
  const trace = sum(Array.from({ length: count }, (_, i) => gram[i * count + i] ?? 0));
  if (!(trace > 0)) return { x: new Float64Array(count), y: new Float64Array(count), variance: [0, 0] };
  let basis = orthonormal(startingColumns(Math.min(COLUMNS, count), count));
  let shares: readonly number[] = [];
  for (let step = 0; step < MOST_STEPS; step++) {
    if (step % STEPS_AT_ONCE === 0) await breathe();
    const images = basis.map((column) => times(gram, column));
    const { mixes, values } = ritz(basis, images);
    const now = values.slice(0, 2).map((value) => Math.max(0, value) / trace);
    if (now.every((share, i) => Math.abs(share - (shares[i] ?? NaN)) < PRECISION)) {
      const [x, y] = mixes.slice(0, 2).map((mix, i) => scaled(mixed(basis, mix), Math.sqrt(Math.max(0, values[i] ?? 0))));
      return { x: x ?? new Float64Array(count), y: y ?? new Float64Array(count), variance: [now[0] ?? 0, now[1] ?? 0] };
    }
    shares = now;
    basis = orthonormal(mixes.map((mix) => mixed(images, mix)));
  }
  throw new Error('the principal components do not converge');
}

/** Products of all pairs of vectors after their mean has been taken away, `[count, count]`. */
async function centredGram(vectors: Float32Array, count: number): Promise<Float64Array> {
  const width = vectors.length / Math.max(1, count);
  const mean = new Float64Array(width);
  for (const [i, value] of vectors.entries()) mean[i % width] = (mean[i % width] ?? 0) + value / count;
  const centred = Float64Array.from(vectors, (value, i) => value - (mean[i % width] ?? 0));
  const gram = new Float64Array(count * count);
  for (let i = 0; i < count; i++) {
    if (i % ROWS_AT_ONCE === 0) await breathe();
    for (let j = i; j < count; j++) {
      let product = 0;
      for (let c = 0; c < width; c++) product += (centred[i * width + c] ?? 0) * (centred[j * width + c] ?? 0);
      gram[i * count + j] = product;
      gram[j * count + i] = product;
    }
  }
  return gram;
}

/** Numbers without a pattern, always the same ones. */
function startingColumns(columns: number, count: number): Float64Array[] {
  let seed = 1;
  const next = (): number => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return seed / 2 ** 32 - 0.5;
  };
  return Array.from({ length: columns }, () => new Float64Array(count).map(next));
}

/** Gram–Schmidt; a column that the others already span becomes zero. */
function orthonormal(columns: readonly Float64Array[]): Float64Array[] {
  const done: Float64Array[] = [];
  for (const column of columns) {
    const before = Math.sqrt(product(column, column));
    const rest = column.slice();
    // Twice, since once leaves what rounding put there.
    for (let pass = 0; pass < 2; pass++) {
      for (const other of done) {
        const along = product(rest, other);
        for (let i = 0; i < rest.length; i++) rest[i] = (rest[i] ?? 0) - along * (other[i] ?? 0);
      }
    }
    const length = Math.sqrt(product(rest, rest));
    done.push(length > before * 1e-12 ? rest.map((value) => value / length) : new Float64Array(rest.length));
  }
  return done;
}

/**
 * The best eigenvectors within the span of orthonormal columns, each as what of every column is in it, and their
 * eigenvalues, the largest first (Rayleigh & Ritz); `images` are the columns times the matrix.
 */
function ritz(basis: readonly Float64Array[], images: readonly Float64Array[]): { readonly mixes: number[][]; readonly values: number[] } {
  const { values, vectors } = jacobi(basis.map((a) => images.map((b) => product(a, b))));
  const order = [...values.keys()].sort((a, b) => (values[b] ?? 0) - (values[a] ?? 0));
  return { mixes: order.map((which) => vectors.map((row) => row[which] ?? 0)), values: order.map((which) => values[which] ?? 0) };
}

/** Columns added up, each times its share. */
function mixed(columns: readonly Float64Array[], shares: readonly number[]): Float64Array {
  const sum = new Float64Array(columns[0]?.length ?? 0);
  for (const [i, column] of columns.entries()) {
    const share = shares[i] ?? 0;
    for (let row = 0; row < sum.length; row++) sum[row] = (sum[row] ?? 0) + share * (column[row] ?? 0);
  }
  return sum;
}

/** Eigenvalues of a small symmetric matrix and its eigenvectors as columns, by Jacobi's rotations. */
function jacobi(matrix: readonly (readonly number[])[]): { readonly values: number[]; readonly vectors: number[][] } {
  const n = matrix.length;
  const a = matrix.map((row) => [...row]);
  const vectors = matrix.map((_, i) => matrix.map((__, j) => (i === j ? 1 : 0)));
  const get = (m: number[][], i: number, j: number): number => m[i]?.[j] ?? 0;
  const set = (m: number[][], i: number, j: number, value: number): void => {
    const row = m[i];
    if (row) row[j] = value;
  };
  for (let sweep = 0; sweep < 60; sweep++) {
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) {
        const off = get(a, p, q);
        if (Math.abs(off) < 1e-300) continue;
        const theta = (get(a, q, q) - get(a, p, p)) / (2 * off);
        const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.hypot(theta, 1));
        const c = 1 / Math.hypot(t, 1);
        const s = t * c;
        for (let i = 0; i < n; i++) {
          const [ip, iq] = [get(a, i, p), get(a, i, q)];
          set(a, i, p, c * ip - s * iq);
          set(a, i, q, s * ip + c * iq);
        }
        for (let i = 0; i < n; i++) {
          const [pi, qi] = [get(a, p, i), get(a, q, i)];
          set(a, p, i, c * pi - s * qi);
          set(a, q, i, s * pi + c * qi);
          const [vp, vq] = [get(vectors, i, p), get(vectors, i, q)];
          set(vectors, i, p, c * vp - s * vq);
          set(vectors, i, q, s * vp + c * vq);
        }
      }
    }
  }
  return { values: a.map((_, i) => get(a, i, i)), vectors };
}

/** A symmetric matrix times a vector. */
function times(matrix: Float64Array, vector: Float64Array): Float64Array {
  const n = vector.length;
  return vector.map((_, i) => {
    let total = 0;
    for (let j = 0; j < n; j++) total += (matrix[i * n + j] ?? 0) * (vector[j] ?? 0);
    return total;
  });
}

/** The vector times a factor, turned so that its largest value is positive. */
function scaled(vector: Float64Array, factor: number): Float64Array {
  const most = vector.reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best), 0);
  return vector.map((value) => value * (most < 0 ? -factor : factor));
}

function product(a: Float64Array, b: Float64Array): number {
  let total = 0;
  for (let i = 0; i < a.length; i++) total += (a[i] ?? 0) * (b[i] ?? 0);
  return total;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
