/** A model's folder as the engine sees it; how it is read depends on the host (files.node.ts, files.web.ts). */
export interface ModelFiles {
  /** Folder name for messages. */
  readonly folder: string;
  /** Length in bytes, or null where there is no such file. */
  size(file: string): Promise<number | null>;
  text(file: string): Promise<string>;
  /** Bytes `[start, end)`; fewer only if the file ends before. */
  range(file: string, start: number, end: number): Promise<Uint8Array>;
  /** Fills `out` with the bytes from `start` on; gives how many there were. */
  read(file: string, start: number, out: Uint8Array): Promise<number>;
  close(): Promise<void>;
}

export type OpenFiles = (location: string) => ModelFiles;
