/** Walks the fields of a protobuf message where it lies in a file: an ONNX file is one message, mostly weights, of gigabytes. */
import type { ModelFiles } from '../../files.ts';
import { fieldPlace, LONGEST_FIELD_HEAD, WireError, type Field } from '../../protobuf.ts';

/** Bytes `[start, end)` of the file. */
export interface Place {
  readonly start: number;
  readonly end: number;
}

/** A field's contents; with its number and length it begins at `tag`. */
export interface PlacedField extends Place {
  readonly tag: number;
  readonly number: number;
  readonly wire: Field['wire'];
}

/** So much is read at a time: thousands of nodes lie close together. */
const CHUNK = 2 ** 18;

export class BigFile {
  private chunk: Place & { readonly bytes: Uint8Array } = { start: 0, end: 0, bytes: new Uint8Array() };

  private constructor(
    private readonly files: ModelFiles,
    readonly name: string,
    readonly length: number,
  ) {}

  static async open(files: ModelFiles, name: string): Promise<BigFile> {
    return new BigFile(files, name, (await files.size(name)) ?? 0);
  }

  /** A copy of the bytes of a place. @throws {WireError} if the file ends before it does */
  async read({ start, end }: Place): Promise<Uint8Array> {
    if (end > this.length) throw new WireError('the file breaks off');
    if (end - start > CHUNK) return this.whole(start, end);
    if (start < this.chunk.start || end > this.chunk.end) {
      const to = Math.min(this.length, start + CHUNK);
      this.chunk = { start, end: to, bytes: await this.whole(start, to) };
    }
    return this.chunk.bytes.slice(start - this.chunk.start, end - this.chunk.start);
  }

  /** The fields of the message in a place, without their contents. @throws {WireError} at the first that is damaged or breaks off */
  async *fields(message: Place): AsyncGenerator<PlacedField, void, undefined> {
    let at = message.start;
    while (at < message.end) {
      const head = await this.read({ start: at, end: Math.min(message.end, at + LONGEST_FIELD_HEAD) });
      const { number, wire, start, length } = fieldPlace(head);
      const field = { tag: at, number, wire, start: at + start, end: at + start + length };
      if (field.end > message.end) throw new WireError(`the file breaks off: ${String(length)} bytes were announced, ${String(message.end - field.start)} are left`);
      yield field;
      at = field.end;
    }
  }

  private async whole(start: number, end: number): Promise<Uint8Array> {
    const bytes = await this.files.range(this.name, start, end);
    if (bytes.length !== end - start) throw new WireError('the file breaks off');
    return bytes;
  }
}
