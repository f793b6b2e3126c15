/** `TensorProto.DataType`: what it is called and how many bits one value takes. */
const ELEMENT_TYPES: Readonly<Record<number, readonly [name: string, bits: number]>> = {
  1: ['F32', 32],
  2: ['U8', 8],
  3: ['I8', 8],
  4: ['U16', 16],
  5: ['I16', 16],
  6: ['I32', 32],
  7: ['I64', 64],
  9: ['BOOL', 8],
  10: ['F16', 16],
  11: ['F64', 64],
  12: ['U32', 32],
  13: ['U64', 64],
  16: ['BF16', 16],
  17: ['F8', 8],
  18: ['F8', 8],
  19: ['F8', 8],
  20: ['F8', 8],
  21: ['U4', 4],
  22: ['I4', 4],
};

export const ELEMENT = { float32: 1, int32: 6, int64: 7, bool: 9, float16: 10 } as const;

/** F32, F16, I8 …; null for one that no weight is stored as (text, complex numbers). */
export const elementName = (type: number): string | null => ELEMENT_TYPES[type]?.[0] ?? null;

/** Bytes that so many values take; two of four bits share a byte. */
export const elementBytes = (type: number, values: number): number => Math.ceil((values * (ELEMENT_TYPES[type]?.[1] ?? 0)) / 8);
