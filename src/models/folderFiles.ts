/** A folder as the checks before loading see it; how it is read depends on the host. */
export interface FolderFiles {
  /** For messages. */
  readonly name: string;
  /** Names of the files in the folder and in its folder `onnx`, parts divided by `/`. Rejects where the folder cannot be read. */
  names(): Promise<readonly string[]>;
  size(file: string): Promise<number>;
  /** Bytes `[start, end)`; fewer if the file ends before. */
  range(file: string, start: number, end: number): Promise<Uint8Array>;
}
