/** Reads a whole safetensors file of a test: float32 and int32 tensors by name. */
import { readFileSync } from 'node:fs';

export interface ReadTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array;
}

export function readSafetensors(path: string): { readonly tensors: ReadonlyMap<string, ReadTensor>; readonly metadata: Readonly<Record<string, string>> } {
  const bytes = new Uint8Array(readFileSync(path));
  const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length))) as Record<string, { dtype: string; shape: number[]; data_offsets: [number, number] }>;
  const { __metadata__: metadata, ...entries } = header;
  const tensors = new Map<string, ReadTensor>();
  for (const [name, { dtype, shape, data_offsets }] of Object.entries(entries)) {
    const data = bytes.slice(8 + length + data_offsets[0], 8 + length + data_offsets[1]).buffer;
    tensors.set(name, { shape, data: dtype === 'I32' ? new Int32Array(data) : new Float32Array(data) });
  }
  return { tensors, metadata: (metadata ?? {}) as unknown as Record<string, string> };
}
