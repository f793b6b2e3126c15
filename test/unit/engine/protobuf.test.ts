import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { describe, expect, it } from 'vitest';
import { bytes, fields, float, integer, integers, text, WireError, type Field } from '../../../src/engine/protobuf.ts';

const only = (message: Uint8Array): Field => {
  const [field, ...more] = [...fields(message)];
  if (!field || more.length) throw new Error('one field was expected');
  return field;
};

describe('the fields of a message', () => {
  it('are what was written, in order', () => {
    const writer = new BinaryWriter();
    writer.tag(1, WireType.Varint).int64(300);
    writer.tag(2, WireType.LengthDelimited).string('▁灯塔');
    writer.tag(3, WireType.Bit32).float(-0.375);
    writer.tag(4, WireType.Bit64).double(2.5);
    writer.tag(536870911, WireType.LengthDelimited).bytes(Uint8Array.of(1, 2, 3));
    const read = [...fields(writer.finish())];
    expect(read.map(({ number, wire }) => [number, wire])).toEqual([[1, 'varint'], [2, 'bytes'], [3, 'fixed32'], [4, 'fixed64'], [536870911, 'bytes']]); // prettier-ignore
    const [one, two, three, , last] = read as [Field, Field, Field, Field, Field];
    expect([integer(one), text(two), float(three), [...bytes(last)]]).toEqual([300, '▁灯塔', -0.375, [1, 2, 3]]);
  });

  it.each([0, 1, 127, 128, 2 ** 31, 2 ** 49 - 1, 2 ** 49, Number.MAX_SAFE_INTEGER, -1, -(2 ** 40), Number.MIN_SAFE_INTEGER])('hold %d', (value) => {
    expect(integer(only(new BinaryWriter().tag(1, WireType.Varint).int64(value).finish()))).toBe(value);
  });

  it('may be passed over where a number holds them only roughly, and are refused where they count', () => {
    const field = only(new BinaryWriter().tag(1, WireType.Varint).int64('9223372036854775807').finish());
    expect(field.value).toBe(2 ** 63);
    expect(() => integer(field)).toThrow(WireError);
  });

  it('come packed or one by one', () => {
    const packed = new BinaryWriter().tag(8, WireType.LengthDelimited).fork().int64(1).int64(-1).int64(70000).join().finish();
    expect(integers(only(packed))).toEqual([1, -1, 70000]);
    expect(integers(only(new BinaryWriter().tag(8, WireType.Varint).int64(5).finish()))).toEqual([5]);
  });

  it('are views, so that a place in the file can be told', () => {
    const file = new BinaryWriter().tag(1, WireType.LengthDelimited).bytes(new Uint8Array(5)).finish();
    expect(bytes(only(file)).byteOffset - file.byteOffset).toBe(2);
    expect(bytes(only(file)).buffer).toBe(file.buffer);
  });
});

describe('what is no message is refused', () => {
  it.each([
    ['a number that breaks off', [0x08, 0x80]],
    ['a number without end', [0x08, ...Array<number>(11).fill(0xff)]],
    ['bytes that are not there', [0x0a, 0x05, 0x01]],
    ['a length below nothing', [0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]],
    ['four bytes that break off', [0x0d, 0x00]],
    ['eight bytes that break off', [0x09, 0x00]],
    ['a field number 0', [0x00, 0x00]],
    ['a field number too large', [0xf8, 0xff, 0xff, 0xff, 0x7f, 0x00]],
    ['a group', [0x0b, 0x0c]],
  ])('%s', (_, damaged) => {
    expect(() => [...fields(Uint8Array.from(damaged))]).toThrow(WireError);
  });

  it('and so is a field of another kind than expected', () => {
    const number = only(Uint8Array.of(0x08, 0x01));
    for (const read of [bytes, text, float]) expect(() => read(number)).toThrow(WireError);
    expect(() => integer(only(Uint8Array.of(0x0a, 0x00)))).toThrow(WireError);
    expect(() => text(only(Uint8Array.of(0x0a, 0x01, 0xff)))).toThrow(WireError);
  });
});
