/** What can be wrong with an ONNX file, as problems of the catalogue. */
import { ProblemError } from '../../problemError.ts';
import { WireError } from '../../protobuf.ts';

/** The file is not what it should be. */
export const damaged = (file: string, detail: string, cause?: unknown): ProblemError => new ProblemError('onnx.damaged', { file, detail }, { cause });

/** The file is whole, but something in it keeps its attention from being shown truthfully. */
export const unfit = (file: string, detail: string): ProblemError => new ProblemError('onnx.unfit', { file, detail });

/** Bytes that are no message become a problem that names the file. */
export async function naming<T>(file: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (thrown) {
    throw thrown instanceof WireError ? damaged(file, thrown.message, thrown) : thrown;
  }
}
