/** UTF-8 both ways, byte by byte, and the characters that GPT-2's tokenizer writes bytes with. */

const encoder = new TextEncoder();

/** UTF-8 of a text; a lone surrogate becomes U+FFFD. */
export function utf8(text: string): Uint8Array {
  return encoder.encode(text);
}

/** A byte that continues a character. */
export function isContinuation(byte: number): boolean {
  return (byte & 0xc0) === 0x80;
}

/** Bytes of the character that begins with `lead`; 0 where no character begins so. */
function sequenceLength(lead: number): number {
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead <= 0xdf) return 2;
  if (lead >= 0xe0 && lead <= 0xef) return 3;
  if (lead >= 0xf0 && lead <= 0xf4) return 4;
  return 0;
}

/** Whether `byte` may follow `lead` directly: excludes overlong forms, surrogates and what is past U+10FFFF. */
function mayFollow(lead: number, byte: number): boolean {
  if (!isContinuation(byte)) return false;
  if (lead === 0xe0) return byte >= 0xa0;
  if (lead === 0xed) return byte < 0xa0;
  if (lead === 0xf0) return byte >= 0x90;
  if (lead === 0xf4) return byte < 0x90;
  return true;
}

export interface DecodedBytes {
  readonly text: string;
  /** `[byte]` UTF-16 range in `text` of the character that the byte belongs to. */
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
}

/**
 * Decodes as the Encoding Standard does (one U+FFFD for each longest beginning of a character that breaks
 * off), and tells for each byte which character it is in, which `TextDecoder` does not.
 */
export function decodeUtf8(bytes: ArrayLike<number>): DecodedBytes {
  const starts = new Uint32Array(bytes.length);
  const ends = new Uint32Array(bytes.length);
  const parts: string[] = [];
  let position = 0;
  for (let at = 0; at < bytes.length; ) {
    const lead = bytes[at] ?? 0;
    const wanted = sequenceLength(lead);
    let length = 1;
    while (length < wanted && at + length < bytes.length) {
      const byte = bytes[at + length] ?? 0;
      if (!(length === 1 ? mayFollow(lead, byte) : isContinuation(byte))) break;
      length += 1;
    }
    const character = length === wanted ? String.fromCodePoint(codePoint(bytes, at, length)) : '\uFFFD';
    starts.fill(position, at, at + length);
    position += character.length;
    ends.fill(position, at, at + length);
    parts.push(character);
    at += length;
  }
  return { text: parts.join(''), starts, ends };
}

function codePoint(bytes: ArrayLike<number>, at: number, length: number): number {
  const lead = bytes[at] ?? 0;
  let value = length === 1 ? lead : lead & (0xff >> (length + 1));
  for (let next = 1; next < length; next += 1) value = (value << 6) | ((bytes[at + next] ?? 0) & 0x3f);
  return value;
}

/** Whether the bytes are whole characters. */
export function isWhole(bytes: ArrayLike<number>): boolean {
  for (let at = 0; at < bytes.length; ) {
    const length = sequenceLength(bytes[at] ?? 0);
    if (length === 0 || at + length > bytes.length) return false;
    for (let next = 1; next < length; next += 1) if (!isContinuation(bytes[at + next] ?? 0)) return false;
    at += length;
  }
  return true;
}

/**
 * GPT-2's table of a visible character for each byte: printable Latin-1 stands for itself, the other 68
 * bytes are U+0100 and on, in order.
 */
const CHARACTER_OF_BYTE: readonly string[] = visibleCharacters();

function visibleCharacters(): string[] {
  let next = 0x100;
  return Array.from({ length: 256 }, (_, byte) => {
    const printable = (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte !== 0xad);
    return String.fromCharCode(printable ? byte : next++);
  });
}

const BYTE_OF_CHARACTER: ReadonlyMap<string, number> = new Map(CHARACTER_OF_BYTE.map((character, byte) => [character, byte]));

/** Bytes of a text, each as its visible character. */
export function toByteCharacters(text: string): string {
  let written = '';
  for (const byte of utf8(text)) written += CHARACTER_OF_BYTE[byte] ?? '';
  return written;
}

/** The bytes that visible characters stand for; text that is not of such characters is taken as it is. */
export function fromByteCharacters(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let unit = 0; unit < text.length; unit += 1) {
    const byte = BYTE_OF_CHARACTER.get(text.charAt(unit));
    if (byte === undefined) return utf8(text);
    bytes[unit] = byte;
  }
  return bytes;
}
