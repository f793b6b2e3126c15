/** The header of a safetensors file against the file itself: whether all that it names is there, and how much it is. */
import * as v from 'valibot';
import type { FolderFiles } from './folderFiles.ts';

/** The format's own bound. */
const LONGEST_HEADER = 100_000_000;

const offset = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const Tensors = v.record(v.string(), v.object({ shape: v.array(offset), data_offsets: v.tuple([offset, offset]) }));

export type WeightsHeader = { readonly ok: true; /** Numbers in all tensors. */ readonly values: number } | { readonly ok: false; readonly detail: string };

/** @param size bytes of the file */
export async function readHeader(folder: FolderFiles, file: string, size: number): Promise<WeightsHeader> {
  const bad = (detail: string): WeightsHeader => ({ ok: false, detail });
  if (size < 8) return bad('the file ends within its first 8 bytes');
  const first = await folder.range(file, 0, 8);
  // What a clone without Git LFS holds in place of large files.
  if (new TextDecoder().decode(first) === 'version ') return bad('it is a Git LFS pointer, not the file itself');
  const length = Number(new DataView(first.buffer, first.byteOffset, 8).getBigUint64(0, true));
  if (length > LONGEST_HEADER || 8 + length > size) return bad('the header is longer than the file');
  const tensors = tensorsOf(await folder.range(file, 8, 8 + length));
  if (!tensors) return bad('the header is not a list of tensors');
  const needed = tensors.reduce((most, { data_offsets: [, end] }) => Math.max(most, 8 + length + end), 0);
  if (needed > size) return bad(`the header asks for ${needed} bytes, and the file has ${size}`);
  return { ok: true, values: tensors.reduce((sum, { shape }) => sum + shape.reduce((product, extent) => product * extent, 1), 0) };
}

function tensorsOf(bytes: Uint8Array): readonly v.InferOutput<typeof Tensors>[string][] | null {
  try {
    const raw: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (typeof raw !== 'object' || raw === null) return null;
    return Object.values(v.parse(Tensors, Object.fromEntries(Object.entries(raw).filter(([name]) => name !== '__metadata__'))));
  } catch {
    // Not JSON, or not of tensors: one sentence says so for both.
    return null;
  }
}
