/**
 * Reads protobuf's wire format (https://protobuf.dev/programming-guides/encoding): the fields of a message as
 * they stand, checked against the bytes there are. It knows no messages; SentencePiece models and ONNX files
 * are read by their field numbers. Nothing is copied: bytes are views into what was given.
 */

/** One field. `number` and `wire` tell what it is; a message in it is `bytes`, to be read by `fields` again. */
export type Field =
  /** Read as int64. Beyond ±2⁵³ it is rounded: `integer` refuses such. */
  | { readonly number: number; readonly wire: 'varint'; readonly value: number }
  | { readonly number: number; readonly wire: 'fixed64' | 'bytes' | 'fixed32'; readonly value: Uint8Array };

/** The bytes are no message of the kind that was expected. */
export class WireError extends Error {
  override readonly name = 'WireError';
}

const LARGEST_FIELD = 2 ** 29 - 1;

/** The fields of a message in their order. @throws {WireError} at the first that is damaged or breaks off */
export function* fields(message: Uint8Array): Generator<Field, void, undefined> {
  const at: Cursor = { bytes: message, offset: 0 };
  while (at.offset < message.length) {
    const { number, type } = readTag(at);
    switch (type) {
      case 0:
        yield { number, wire: 'varint', value: readVarint(at) };
        break;
      case 1:
        yield { number, wire: 'fixed64', value: take(at, 8) };
        break;
      case 2:
        yield { number, wire: 'bytes', value: take(at, readVarint(at)) };
        break;
      case 5:
        yield { number, wire: 'fixed32', value: take(at, 4) };
        break;
      default: // Groups (3 and 4) went out of use long before either format was made.
        throw new WireError(`field ${String(number)} has no known wire type`);
    }
  }
}

/** Where a field of a message that is too long to be held lies: `length` bytes, `start` bytes after its tag began. */
export interface FieldPlace {
  readonly number: number;
  readonly wire: Field['wire'];
  readonly start: number;
  readonly length: number;
}

/** A tag with its length takes so many bytes at most. */
export const LONGEST_FIELD_HEAD = 20;

/** The place of the field whose tag begins `head`. @throws {WireError} for what is no field */
export function fieldPlace(head: Uint8Array): FieldPlace {
  const at: Cursor = { bytes: head, offset: 0 };
  const { number, type } = readTag(at);
  const start = at.offset;
  switch (type) {
    case 0:
      readVarint(at);
      return { number, wire: 'varint', start, length: at.offset - start };
    case 1:
      return { number, wire: 'fixed64', start, length: 8 };
    case 2: {
      const length = readVarint(at);
      if (length < 0) throw new WireError(`field ${String(number)} has a negative length`);
      return { number, wire: 'bytes', start: at.offset, length };
    }
    case 5:
      return { number, wire: 'fixed32', start, length: 4 };
    default:
      throw new WireError(`field ${String(number)} has no known wire type`);
  }
}

/** A whole number, signed as int64. @throws {WireError} for another wire type or one that a number cannot hold */
export function integer(field: Field): number {
  if (field.wire !== 'varint' || !Number.isSafeInteger(field.value)) throw new WireError(`field ${String(field.number)} is no whole number within ±2^53`);
  return field.value;
}

/** A message, string or bytes. @throws {WireError} for another wire type */
export function bytes(field: Field): Uint8Array {
  if (field.wire !== 'bytes') throw new WireError(`field ${String(field.number)} holds no bytes`);
  return field.value;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A string. @throws {WireError} for another wire type or what is not UTF-8 */
export function text(field: Field): string {
  try {
    return utf8.decode(bytes(field));
  } catch (cause) {
    throw cause instanceof WireError ? cause : new WireError(`field ${String(field.number)} is not UTF-8`, { cause });
  }
}

/** A `float`. @throws {WireError} for another wire type */
export function float(field: Field): number {
  if (field.wire !== 'fixed32') throw new WireError(`field ${String(field.number)} is no float`);
  return new DataView(field.value.buffer, field.value.byteOffset, 4).getFloat32(0, true);
}

/** Whole numbers of a repeated field, one at a time or packed. @throws {WireError} as `integer` does */
export function integers(field: Field): number[] {
  if (field.wire !== 'bytes') return [integer(field)];
  const at: Cursor = { bytes: field.value, offset: 0 };
  const values: number[] = [];
  while (at.offset < field.value.length) values.push(integer({ number: field.number, wire: 'varint', value: readVarint(at) }));
  return values;
}

interface Cursor {
  readonly bytes: Uint8Array;
  offset: number;
}

function readTag(at: Cursor): { readonly number: number; readonly type: number } {
  const tag = readVarint(at);
  const number = Math.floor(tag / 8);
  if (tag < 0 || number < 1 || number > LARGEST_FIELD) throw new WireError(`no field number at byte ${String(at.offset)}`);
  return { number, type: tag % 8 };
}

/** Seven bits a byte, lowest first, at most ten bytes; the 64 bits are a number in two's complement. */
function readVarint(at: Cursor): number {
  let low = 0; // 49 bits: exact in a number
  let high = 0; // the 15 above them
  for (let index = 0; index < 10; index++) {
    const byte = at.bytes[at.offset];
    if (byte === undefined) throw new WireError('the file breaks off within a number');
    at.offset++;
    const bits = byte & 0x7f;
    if (index < 7) low += bits * 2 ** (7 * index);
    else high += bits * 2 ** (7 * (index - 7));
    if (byte < 0x80) return low + signed15(high % 2 ** 15) * 2 ** 49;
  }
  throw new WireError('a number is longer than ten bytes');
}

const signed15 = (bits: number): number => (bits >= 2 ** 14 ? bits - 2 ** 15 : bits);

function take(at: Cursor, length: number): Uint8Array {
  const end = at.offset + length;
  if (length < 0 || end > at.bytes.length) throw new WireError(`the file breaks off: ${String(length)} bytes were announced, ${String(at.bytes.length - at.offset)} are left`);
  const taken = at.bytes.subarray(at.offset, end);
  at.offset = end;
  return taken;
}
