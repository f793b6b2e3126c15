/** Reading and writing the safetensors format: 8-byte header length, JSON header, tensors by offset. */
import * as v from 'valibot';
import { BYTES_PER_VALUE, widen, type FloatFormat } from './floatFormats.ts';
import type { ModelFiles } from './files.ts';
import { ProblemError } from './problemError.ts';
import { sizeOf } from './tensor.ts';

export interface TensorEntry {
  readonly format: FloatFormat;
  readonly shape: readonly number[];
  /** Bytes in the file. */
  readonly start: number;
  readonly end: number;
}

/** The format's own bound on a header; a longer one is a damaged or hostile file. */
const LARGEST_HEADER = 100_000_000;

const Entry = v.object({
  dtype: v.string(),
  shape: v.pipe(v.array(v.pipe(v.number(), v.safeInteger(), v.minValue(0))), v.maxLength(8)),
  data_offsets: v.tuple([v.pipe(v.number(), v.safeInteger(), v.minValue(0)), v.pipe(v.number(), v.safeInteger(), v.minValue(0))]),
});

/** The weights of a model, read tensor by tensor. */
export class Checkpoint {
  private constructor(
    private readonly files: ModelFiles,
    readonly file: string,
    private readonly entries: ReadonlyMap<string, TensorEntry>,
    /** Tensors in formats that are not read, by name: masks and counters, or weights in a rare precision. */
    private readonly unread: ReadonlyMap<string, string>,
  ) {}

  /** @throws ProblemError `model.missingFile`, `model.badWeights` */
  static async open(files: ModelFiles, file = 'model.safetensors'): Promise<Checkpoint> {
    const size = await files.size(file);
    if (size === null) throw new ProblemError('model.missingFile', { file, folder: files.folder });
    const bad = (detail: string): ProblemError => new ProblemError('model.badWeights', { file, detail });
    if (size < 8) throw bad('the file ends within its first 8 bytes');
    const prefix = await files.range(file, 0, 8);
    const length = Number(new DataView(prefix.buffer, prefix.byteOffset, 8).getBigUint64(0, true));
    if (length > LARGEST_HEADER || 8 + length > size) throw bad('the header is longer than the file');
    const header = parseHeader(await files.range(file, 8, 8 + length), bad);
    const entries = new Map<string, TensorEntry>();
    const unread = new Map<string, string>();
    for (const [name, raw] of Object.entries(header)) {
      if (name === '__metadata__') continue;
      const parsed = v.safeParse(Entry, raw);
      if (!parsed.success) throw bad(`the entry of tensor "${name}" is malformed`);
      const entry = placeEntry(parsed.output, 8 + length);
      if (!entry) {
        unread.set(name, parsed.output.dtype);
        continue;
      }
      if (entry.end > size) throw bad(`tensor "${name}" lies beyond the end of the file`);
      if (entry.end - entry.start !== sizeOf(entry.shape) * BYTES_PER_VALUE[entry.format]) throw bad(`tensor "${name}" has a length that does not fit its shape`);
      entries.set(name, entry);
    }
    return new Checkpoint(files, file, entries, unread);
  }

  has(name: string): boolean {
    return this.entries.has(name);
  }

  names(): readonly string[] {
    return [...this.entries.keys()];
  }

  /** @throws ProblemError `model.missingTensor`, `model.badWeights` for a format that is not read */
  entry(name: string): TensorEntry {
    const entry = this.entries.get(name);
    const format = this.unread.get(name);
    if (format !== undefined) throw new ProblemError('model.badWeights', { file: this.file, detail: `tensor "${name}" is stored as ${format}; F32, F16 and BF16 can be read` });
    if (!entry) throw new ProblemError('model.missingTensor', { file: this.file, tensor: name });
    return entry;
  }

  /** Reads a tensor, widened to float32, into `out` (as long as the tensor). */
  async read(name: string, out: Float32Array): Promise<void> {
    const { format, start, end } = this.entry(name);
    widen(format, await this.bytes(name, start, end), out);
  }

  /** Rows of a matrix `[rows, width]`, widened to float32: `[ids.length, width]`. */
  async rows(name: string, ids: readonly number[]): Promise<Float32Array> {
    const { format, shape, start } = this.entry(name);
    const width = shape[1] ?? 0;
    const stride = width * BYTES_PER_VALUE[format];
    const out = new Float32Array(ids.length * width);
    const read = new Map<number, number>();
    for (const [i, id] of ids.entries()) {
      const target = out.subarray(i * width, (i + 1) * width);
      const before = read.get(id);
      if (before !== undefined) target.set(out.subarray(before * width, (before + 1) * width));
      else widen(format, await this.bytes(name, start + id * stride, start + (id + 1) * stride), target);
      read.set(id, i);
    }
    return out;
  }

  private async bytes(name: string, start: number, end: number): Promise<Uint8Array> {
    const bytes = await this.files.range(this.file, start, end);
    if (bytes.length !== end - start) throw new ProblemError('model.badWeights', { file: this.file, detail: `tensor "${name}" ends early` });
    return bytes;
  }
}

function parseHeader(bytes: Uint8Array, bad: (detail: string) => ProblemError): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return { ...parsed };
  } catch {
    // Falls through to the one sentence for all of these.
  }
  throw bad('the header is not a JSON object');
}

function placeEntry(entry: v.InferOutput<typeof Entry>, data: number): TensorEntry | null {
  const { dtype, shape } = entry;
  if (dtype !== 'F32' && dtype !== 'F16' && dtype !== 'BF16') return null;
  return { format: dtype, shape, start: data + entry.data_offsets[0], end: data + entry.data_offsets[1] };
}

/**
 * The first bytes of a safetensors file of float32 tensors that follow in the given order.
 * Padded with spaces so that the data starts at a multiple of 8, as the format's own writer does.
 */
export function safetensorsHeader(tensors: readonly { readonly name: string; readonly shape: readonly number[] }[], metadata: Readonly<Record<string, string>>): Uint8Array {
  let offset = 0;
  const header: Record<string, unknown> = { __metadata__: metadata };
  for (const { name, shape } of tensors) {
    const end = offset + sizeOf(shape) * 4;
    header[name] = { dtype: 'F32', shape, data_offsets: [offset, end] };
    offset = end;
  }
  let json = new TextEncoder().encode(JSON.stringify(header));
  if (json.length % 8) {
    const padded = new Uint8Array(Math.ceil(json.length / 8) * 8).fill(0x20);
    padded.set(json);
    json = padded;
  }
  const out = new Uint8Array(8 + json.length);
  new DataView(out.buffer).setBigUint64(0, BigInt(json.length), true);
  out.set(json, 8);
  return out;
}
