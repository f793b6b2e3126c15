/**
 * A bitmap as a PNG file, for use inside an SVG: 8-bit palette, stored without compression
 * (W3C PNG specification, third edition; RFC 1950 and 1951). Small, exact and without a canvas.
 */
import { TRANSPARENT, type Bitmap } from './drawing.ts';

/** The file as a `data:` address. */
export function pngDataUrl(bitmap: Bitmap): string {
  const bytes = png(bitmap);
  let binary = '';
  for (let start = 0; start < bytes.length; start += 0x2000) binary += String.fromCharCode(...bytes.subarray(start, start + 0x2000));
  return `data:image/png;base64,${btoa(binary)}`;
}

/** The file itself. */
export function png(bitmap: Bitmap): Uint8Array {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, bitmap.columns);
  view.setUint32(4, bitmap.rows);
  header.set([8, 3, 0, 0, 0], 8); // 8 bits, palette, deflate, no filter, not interlaced
  const colors = new Uint8Array(768);
  colors.set(bitmap.palette.subarray(0, 3 * TRANSPARENT));
  const alpha = new Uint8Array(256).fill(255);
  alpha[TRANSPARENT] = 0;
  return joined([
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    chunk('IHDR', header),
    chunk('PLTE', colors),
    chunk('tRNS', alpha),
    chunk('IDAT', stored(scanlines(bitmap))),
    chunk('IEND', new Uint8Array(0)),
  ]);
}

/** Each row of cells after its filter byte (0: none). */
function scanlines(bitmap: Bitmap): Uint8Array {
  const lines = new Uint8Array((bitmap.columns + 1) * bitmap.rows);
  for (let row = 0; row < bitmap.rows; row++) {
    lines.set(bitmap.cells.subarray(row * bitmap.columns, (row + 1) * bitmap.columns), row * (bitmap.columns + 1) + 1);
  }
  return lines;
}

/** A zlib stream of stored blocks of at most 65,535 bytes. */
function stored(data: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [Uint8Array.of(0x78, 0x01)];
  let start = 0;
  do {
    const block = data.subarray(start, start + 0xffff);
    start += block.length;
    const length = block.length;
    parts.push(Uint8Array.of(start >= data.length ? 1 : 0, length & 255, length >> 8, ~length & 255, (~length >> 8) & 255), block);
  } while (start < data.length);
  parts.push(bigEndian(adler32(data)));
  return joined(parts);
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const typed = joined([Uint8Array.from(type, (letter) => letter.charCodeAt(0)), data]);
  return joined([bigEndian(data.length), typed, bigEndian(crc32(typed))]);
}

function bigEndian(value: number): Uint8Array {
  return Uint8Array.of(value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function adler32(data: Uint8Array): number {
  let low = 1;
  let high = 0;
  for (const byte of data) {
    low = (low + byte) % 65521;
    high = (high + low) % 65521;
  }
  return ((high << 16) | low) >>> 0;
}

function crc32(data: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of data) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}
