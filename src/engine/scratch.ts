/**
 * Memory that is used for a while, again and again. Buffers are collected late, and by then others of the same
 * size have come: what was given back and is not collected yet is taken again.
 */
export class Scratch {
  private spare: WeakRef<ArrayBuffer> | undefined;

  /** Hands `use` a buffer of at least so many bytes, with anything in it. */
  async lend<T>(bytes: number, use: (buffer: ArrayBuffer) => Promise<T>): Promise<T> {
    const spare = this.spare?.deref();
    this.spare = undefined;
    const buffer = spare && spare.byteLength >= bytes ? spare : new ArrayBuffer(bytes);
    try {
      return await use(buffer);
    } finally {
      this.spare = new WeakRef(buffer);
    }
  }
}
