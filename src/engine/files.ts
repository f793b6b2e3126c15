/** A model's folder as the engine sees it; how it is read depends on the host (files.node.ts, files.web.ts). */
export interface ModelFiles {
  /** Folder name for messages. */
  readonly folder: string;
  /** Length in bytes, or null where there is no such file. */
  size(file: string): Promise<number | null>;
  text(file: string): Promise<string>;
  /** Bytes `[start, end)`; fewer only if the file ends before. */
  range(file: string, start: number, end: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

export type OpenFiles = (location: string) => ModelFiles;
