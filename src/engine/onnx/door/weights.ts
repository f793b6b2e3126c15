/** `TensorProto` of an initializer: what it is called and where its values lie. They are not read here, unless they are few. */
import type { ModelFiles } from '../../files.ts';
import { bytes, fields, integer, integers, text, WireError } from '../../protobuf.ts';
import { sizeOf } from '../../tensor.ts';
import type { BigFile, Place, PlacedField } from './bigMessage.ts';
import { elementBytes, elementName } from './elementTypes.ts';
import { readName } from './node.ts';

/** Where values lie: in the graph's own file, or in one beside it. */
export interface WeightPlace extends Place {
  readonly file: string;
}

export interface Weight {
  readonly name: string;
  /** `TensorProto.DataType` */
  readonly type: number;
  readonly shape: readonly number[];
  /** The whole `TensorProto` where it is small or written in a way that only the runtime reads; else where its values are. */
  readonly held: Uint8Array | WeightPlace;
}

/** Values up to so many bytes stay in the graph: shapes and axes, which the runtime wants to see when it plans. */
const SMALL = 1024;

/** Larger than this, no dimension is one of a model. */
const LARGEST_DIMENSION = 2 ** 40;

/** @throws {WireError} for what is no tensor, or whose values are not where it says */
export async function readWeight(file: BigFile, place: Place, files: ModelFiles): Promise<Weight> {
  const found = { name: '', type: 0, external: false };
  const shape: number[] = [];
  const entries = new Map<string, string>();
  let raw: PlacedField | undefined;
  for await (const field of file.fields(place)) {
    if (field.number === 9) {
      raw = field;
      continue;
    }
    if (![1, 2, 8, 13, 14].includes(field.number)) continue;
    if (field.end - field.start > 2 ** 16) throw new WireError('a tensor is described at absurd length');
    const [small] = fields(await file.read({ start: field.tag, end: field.end }));
    if (!small) continue;
    if (field.number === 1) shape.push(...integers(small));
    if (field.number === 2) found.type = integer(small);
    if (field.number === 8) found.name = readName(text(small));
    if (field.number === 13) entries.set(...readEntry(bytes(small)));
    if (field.number === 14) found.external = integer(small) === 1;
  }
  const { name, type, external } = found;
  if (shape.some((dim) => dim < 0 || dim > LARGEST_DIMENSION) || !Number.isSafeInteger(sizeOf(shape))) throw new WireError(`tensor "${name}" has the shape [${shape.join(', ')}]`);
  const length = elementBytes(type, sizeOf(shape));
  if (!external && (!raw || raw.end - raw.start <= SMALL)) return { name, type, shape, held: await file.read(place) };
  if (elementName(type) === null) throw new WireError(`tensor "${name}" has values of the unknown type ${String(type)}`);
  const values = external ? await outside(name, entries, length, file, files) : { file: file.name, start: raw?.start ?? 0, end: raw?.end ?? 0 };
  if (values.end - values.start !== length) throw new WireError(`tensor "${name}" should have ${String(length)} bytes, not ${String(values.end - values.start)}`);
  return { name, type, shape, held: values };
}

/** `StringStringEntryProto` */
function readEntry(message: Uint8Array): [string, string] {
  const entry: [string, string] = ['', ''];
  for (const field of fields(message)) if (field.number === 1 || field.number === 2) entry[field.number - 1] = readName(text(field));
  return entry;
}

/** Values in a file beside the graph's; its name may not lead out of the folder. */
async function outside(name: string, entries: ReadonlyMap<string, string>, length: number, graph: BigFile, files: ModelFiles): Promise<WeightPlace> {
  const location = (entries.get('location') ?? '').replace(/^\.\//, '');
  const safe = location !== '' && !/^[/\\]|^[a-z]:|\\|\0/i.test(location) && !location.split('/').some((part) => part === '..' || part === '.' || part === '');
  if (!safe) throw new WireError(`tensor "${name}" is said to lie outside of the folder, at "${location}"`);
  const folder = graph.name.slice(0, graph.name.lastIndexOf('/') + 1);
  const file = folder + location;
  const size = await files.size(file);
  if (size === null) throw new WireError(`tensor "${name}" lies in ${file}, which is missing`);
  const start = wholeNumber(entries.get('offset') ?? '0');
  const end = start + wholeNumber(entries.get('length') ?? String(length));
  if (!(end <= size)) throw new WireError(`tensor "${name}" lies in ${file} up to byte ${String(end)}, but that has ${String(size)}`);
  return { file, start, end };
}

function wholeNumber(written: string): number {
  const value = /^\d{1,16}$/.test(written) ? Number(written) : NaN;
  if (!Number.isSafeInteger(value)) throw new WireError(`"${written}" is no place in a file`);
  return value;
}
