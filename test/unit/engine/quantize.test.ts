import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quantizeWeight, type LinearWeight, type ReadRows } from '../../../src/engine/quantize.ts';
import { blockOf, hadamard, rotate } from '../../../src/engine/rotation.ts';
import { generator } from '../../support/generatedModel.ts';

/** `[in, out]` */
type Matrix = Float32Array;

const randomMatrix = (inputs: number, outputs: number, seed = 1): Matrix => {
  const random = generator(seed);
  return Float32Array.from({ length: inputs * outputs }, () => random() - 0.5);
};

function transposed(matrix: Matrix, inputs: number, outputs: number): Matrix {
  return Float32Array.from(matrix, (_, i) => matrix[(i % inputs) * outputs + Math.floor(i / inputs)] ?? NaN);
}

async function quantized(matrix: Matrix, weight: LinearWeight): Promise<{ values: Int8Array; scales: Float32Array; reads: number }> {
  const { layout, inputs, outputs } = weight;
  const stored = layout === 'in,out' ? matrix : transposed(matrix, inputs, outputs);
  const width = layout === 'in,out' ? outputs : inputs;
  let reads = 0;
  const read: ReadRows = async (from, to, out) => {
    reads++;
    expect(out.length).toBe((to - from) * width);
    out.set(stored.subarray(from * width, to * width));
  };
  const values = new Int8Array(inputs * outputs);
  const scales = new Float32Array(outputs);
  await quantizeWeight(read, weight, values, scales);
  return { values, scales, reads };
}

/** What the 8-bit numbers stand for, rotated back, `[in, out]`. */
function restored(values: Int8Array, scales: Float32Array, inputs: number): Matrix {
  const outputs = scales.length;
  const block = blockOf(inputs);
  const matrix = Float32Array.from(values, (value, i) => (value * (scales[i % outputs] ?? NaN)) / Math.sqrt(block));
  rotate(matrix, block, outputs);
  return matrix;
}

const sizes = fc.record({ inputs: fc.integer({ min: 1, max: 200 }), outputs: fc.integer({ min: 1, max: 130 }) });

describe('8-bit weights', () => {
  it('give each weight back to half a step, on average over a block, however it is stored', async () => {
    const property = fc.asyncProperty(sizes, fc.constantFrom('in,out', 'out,in'), fc.integer(), async ({ inputs, outputs }, layout, seed) => {
      const matrix = randomMatrix(inputs, outputs, seed);
      const { values, scales } = await quantized(matrix, { layout, inputs, outputs });
      const found = restored(values, scales, inputs);
      const block = blockOf(inputs);
      let worst = 0;
      for (let out = 0; out < outputs; out++) {
        for (let group = 0; group < inputs; group += block) {
          let squares = 0;
          for (let i = group; i < group + block; i++) squares += ((found[i * outputs + out] ?? NaN) - (matrix[i * outputs + out] ?? NaN)) ** 2;
          worst = Math.max(worst, Math.sqrt(squares / block) / ((scales[out] ?? NaN) + 1e-6));
        }
      }
      expect(worst).toBeLessThanOrEqual(0.5001);
    });
    await fc.assert(property, { numRuns: 40, seed: 8 });
  });

  it('are the same from both ways of storing', async () => {
    const [inputs, outputs] = [96, 70];
    const matrix = randomMatrix(inputs, outputs);
    const columns = await quantized(matrix, { layout: 'in,out', inputs, outputs });
    const rows = await quantized(matrix, { layout: 'out,in', inputs, outputs });
    expect(rows.values).toEqual(columns.values);
    expect(rows.scales).toEqual(columns.scales);
  });

  it('of a head are read piece by piece', async () => {
    const [inputs, outputs] = [1024, 2100];
    const matrix = randomMatrix(inputs, outputs);
    const { values, scales, reads } = await quantized(matrix, { layout: 'out,in', inputs, outputs });
    expect(reads).toBe(3);
    const found = restored(values, scales, inputs);
    const wrong = found.findIndex((value, i) => Math.abs(value - (matrix[i] ?? NaN)) > 0.02);
    expect(wrong).toBe(-1);
  });

  it('of an output without weights are zeros', async () => {
    const { values, scales } = await quantized(new Float32Array(64 * 3), { layout: 'out,in', inputs: 64, outputs: 3 });
    expect(values.every((value) => value === 0)).toBe(true);
    expect([...scales]).toEqual([0, 0, 0]);
  });
});

describe('a rotation', () => {
  it('spreads what stands out over its block, and undoes itself', () => {
    const channels = new Float32Array(64);
    channels[5] = 8;
    rotate(channels, 64, 1);
    expect(new Set(channels.map(Math.abs))).toEqual(new Set([8]));
    rotate(channels, 64, 1);
    expect(channels[5]).toBe(8 * 64);
    expect(channels.filter((value) => value !== 0)).toHaveLength(1);
  });

  it('is the product with its matrix', () => {
    for (const block of [1, 2, 8, 64]) {
      const x = randomMatrix(1, block, block);
      const matrix = hadamard(block);
      const product = x.map((_, column) => x.reduce((sum, value, row) => sum + value * (matrix[row * block + column] ?? NaN), 0));
      rotate(x, block, 1);
      for (const [i, value] of x.entries()) expect(value / Math.sqrt(block)).toBeCloseTo(product[i] ?? NaN, 5);
    }
  });

  it('is as wide as the number of channels allows', () => {
    expect([1, 3, 6, 576, 768, 96, 2 ** 20].map(blockOf)).toEqual([1, 1, 2, 64, 64, 32, 64]);
  });
});
