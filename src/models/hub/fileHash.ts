/** What a file's content is known by in the Hub's listing. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { asBytes } from './bytes.ts';

export interface FileHash {
  /** Large files (Git LFS, Xet) are listed with a SHA-256, all others with the SHA-1 of their Git blob. */
  readonly algorithm: 'sha256' | 'git-sha1';
  /** Lower-case hexadecimal. */
  readonly digest: string;
}

/** Whether the file on disk, `size` bytes long, is the listed one. It is read from the disk: what counts is what is there. */
export async function hasHash(path: string, size: number, { algorithm, digest }: FileHash, signal: AbortSignal): Promise<boolean> {
  const hash = createHash(algorithm === 'sha256' ? 'sha256' : 'sha1');
  if (algorithm === 'git-sha1') hash.update(`blob ${size}\0`);
  for await (const chunk of createReadStream(path, { signal, highWaterMark: 2 ** 20 })) hash.update(asBytes(chunk));
  return hash.digest('hex') === digest;
}
