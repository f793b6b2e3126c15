/**
 * Reading and writing the safetensors format: 8-byte header length, JSON header, tensors by offset. A
 * checkpoint is one file, or several (shards) with an index that tells which tensor is in which.
 */
import * as v from 'valibot';
import type { Precision } from '../protocol.ts';
import { BYTES_PER_VALUE, widen, type FloatFormat } from './floatFormats.ts';
import type { ModelFiles } from './files.ts';
import { ProblemError } from './problemError.ts';
import { sizeOf } from './tensor.ts';

export interface TensorEntry {
  readonly format: FloatFormat;
  readonly shape: readonly number[];
  readonly file: string;
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

/** What transformers and its kin write for a checkpoint in several files. */
const Index = v.object({ weight_map: v.record(v.string(), v.string()) });

/** What one file holds. */
interface Contents {
  readonly entries: ReadonlyMap<string, TensorEntry>;
  /** Tensors in formats that are not read, by name: masks and counters, or weights in a rare precision. */
  readonly unread: ReadonlyMap<string, string>;
}

const WEIGHTS = 'model.safetensors';
const indexOf = (file: string): string => `${file}.index.json`;

/** Whether a folder has weights in this format, whole or in shards. */
export async function hasCheckpoint(files: ModelFiles): Promise<boolean> {
  return (await files.size(WEIGHTS)) !== null || (await files.size(indexOf(WEIGHTS))) !== null;
}

/** The files that hold a folder's weights, the index of several first. @throws ProblemError as `Checkpoint.open` where an index is malformed */
export async function checkpointFiles(files: ModelFiles): Promise<readonly string[]> {
  const index = indexOf(WEIGHTS);
  if ((await files.size(WEIGHTS)) !== null) return [WEIGHTS];
  return [index, ...new Set(Object.values(await readIndex(files, index)))];
}

/** The weights of a model, read tensor by tensor. */
export class Checkpoint {
  private constructor(
    private readonly files: ModelFiles,
    /** For messages: the file of weights, or the index of several. */
    readonly file: string,
    private readonly contents: Contents,
    /** How stages built on it hold the weights of linear layers. */
    readonly precision: Precision = 'float32',
  ) {}

  /** @throws ProblemError `model.missingFile`, `model.badWeights`, `model.notJson` */
  static async open(files: ModelFiles, file = WEIGHTS): Promise<Checkpoint> {
    const index = indexOf(file);
    const sharded = (await files.size(file)) === null && (await files.size(index)) !== null;
    return sharded ? new Checkpoint(files, index, await openShards(files, index)) : new Checkpoint(files, file, await openFile(files, file));
  }

  /** The same weights, held in another precision by the stages built on it. */
  heldAs(precision: Precision): Checkpoint {
    return new Checkpoint(this.files, this.file, this.contents, precision);
  }

  has(name: string): boolean {
    return this.contents.entries.has(name);
  }

  names(): readonly string[] {
    return [...this.contents.entries.keys()];
  }

  /** @throws ProblemError `model.missingTensor`, `model.badWeights` for a format that is not read */
  entry(name: string): TensorEntry {
    const entry = this.contents.entries.get(name);
    const format = this.contents.unread.get(name);
    if (format !== undefined) throw new ProblemError('model.badWeights', { file: this.file, detail: `tensor "${name}" is stored as ${format}; F32, F16 and BF16 can be read` });
    if (!entry) throw new ProblemError('model.missingTensor', { file: this.file, tensor: name });
    return entry;
  }

  /** Reads a tensor, widened to float32, into `out` (as long as the tensor). */
  async read(name: string, out: Float32Array): Promise<void> {
    const { format, file, start, end } = this.entry(name);
    await this.widened(format, file, name, start, end, out);
  }

  /** Reads rows `[from, to)` of a matrix, widened to float32, into `out` (as long as they are). */
  async readRows(name: string, from: number, to: number, out: Float32Array): Promise<void> {
    const { format, shape, file, start } = this.entry(name);
    const stride = (shape[1] ?? 0) * BYTES_PER_VALUE[format];
    await this.widened(format, file, name, start + from * stride, start + to * stride, out);
  }

  /** Rows of a matrix `[rows, width]`, widened to float32: `[ids.length, width]`. @throws RangeError for a row it does not have */
  async rows(name: string, ids: readonly number[]): Promise<Float32Array> {
    const { format, shape, file, start } = this.entry(name);
    const width = shape[1] ?? 0;
    const stride = width * BYTES_PER_VALUE[format];
    const out = new Float32Array(ids.length * width);
    const read = new Map<number, number>();
    for (const [i, id] of ids.entries()) {
      if (!(id >= 0 && id < (shape[0] ?? 0))) throw new RangeError(`${name} has no row ${String(id)}`);
      const target = out.subarray(i * width, (i + 1) * width);
      const before = read.get(id);
      if (before !== undefined) target.set(out.subarray(before * width, (before + 1) * width));
      else widen(format, await this.bytes(file, name, start + id * stride, start + (id + 1) * stride), target);
      read.set(id, i);
    }
    return out;
  }

  /** Float32 goes where it is wanted without a copy. */
  private async widened(format: FloatFormat, file: string, name: string, start: number, end: number, out: Float32Array): Promise<void> {
    if (format !== 'F32') return widen(format, await this.bytes(file, name, start, end), out);
    const read = await this.files.read(file, start, new Uint8Array(out.buffer, out.byteOffset, out.byteLength));
    if (read !== end - start) throw endsEarly(file, name);
  }

  private async bytes(file: string, name: string, start: number, end: number): Promise<Uint8Array> {
    const bytes = await this.files.range(file, start, end);
    if (bytes.length !== end - start) throw endsEarly(file, name);
    return bytes;
  }
}

const endsEarly = (file: string, tensor: string): ProblemError => new ProblemError('model.badWeights', { file, detail: `tensor "${tensor}" ends early` });

/** Reads the header of one file. */
async function openFile(files: ModelFiles, file: string): Promise<Contents> {
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
    const entry = placeEntry(parsed.output, file, 8 + length);
    if (!entry) {
      unread.set(name, parsed.output.dtype);
      continue;
    }
    if (entry.end > size) throw bad(`tensor "${name}" lies beyond the end of the file`);
    if (entry.end - entry.start !== sizeOf(entry.shape) * BYTES_PER_VALUE[entry.format]) throw bad(`tensor "${name}" has a length that does not fit its shape`);
    entries.set(name, entry);
  }
  return { entries, unread };
}

/** A shard is a file of the model's own folder: an index from elsewhere may not lead out of it. */
const SHARD = /^[^/\\:]+\.safetensors$/;

/** Reads the index and the header of each shard; a tensor is where the index says. */
async function openShards(files: ModelFiles, index: string): Promise<Contents> {
  const bad = (detail: string): ProblemError => new ProblemError('model.badWeights', { file: index, detail });
  const shards = new Map<string, Contents>();
  const entries = new Map<string, TensorEntry>();
  const unread = new Map<string, string>();
  for (const [name, file] of Object.entries(await readIndex(files, index))) {
    const shard = shards.get(file) ?? (await openFile(files, file));
    shards.set(file, shard);
    const entry = shard.entries.get(name);
    const format = shard.unread.get(name);
    if (entry) entries.set(name, entry);
    else if (format !== undefined) unread.set(name, format);
    else throw bad(`it places tensor "${name}" in ${file}, which does not hold it`);
  }
  return { entries, unread };
}

/** File name by tensor name. */
async function readIndex(files: ModelFiles, index: string): Promise<Readonly<Record<string, string>>> {
  const bad = (detail: string): ProblemError => new ProblemError('model.badWeights', { file: index, detail });
  let raw: unknown;
  try {
    raw = JSON.parse(await files.text(index));
  } catch (cause) {
    throw new ProblemError('model.notJson', { file: index, detail: cause instanceof Error ? cause.message : String(cause) }, { cause });
  }
  const parsed = v.safeParse(Index, raw);
  if (!parsed.success) throw bad('it has no weight_map from tensors to files');
  const foreign = Object.values(parsed.output.weight_map).find((file) => !SHARD.test(file));
  if (foreign !== undefined) throw bad(`it names "${foreign}", which is not a file of weights in this folder`);
  return parsed.output.weight_map;
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

function placeEntry(entry: v.InferOutput<typeof Entry>, file: string, data: number): TensorEntry | null {
  const { dtype, shape } = entry;
  if (dtype !== 'F32' && dtype !== 'F16' && dtype !== 'BF16') return null;
  return { format: dtype, shape, file, start: data + entry.data_offsets[0], end: data + entry.data_offsets[1] };
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
