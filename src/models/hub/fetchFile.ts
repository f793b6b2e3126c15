/** One file of a repository onto the disk: goes on where it was broken off, and ends with the listed content or a failure. */
import { open, rm, stat } from 'node:fs/promises';
import { DownloadFailure, PassingFailure } from './failure.ts';
import { hasHash } from './fileHash.ts';
import type { HubFile } from './listing.ts';
import { withRetries, type Wait } from './retry.ts';
import { StallGuard } from './stallGuard.ts';
import type { Transport } from './transport.ts';

export interface FileFetch {
  readonly transport: Transport;
  readonly url: string;
  readonly file: HubFile;
  /** Where it is written; what is there already is gone on from. */
  readonly target: string;
  /** Strong ETag of the answer that what is there came from. */
  readonly etag: string | null;
  /** Told the ETag of an answer that begins the file anew. */
  readonly onEtag: (etag: string | null) => Promise<void>;
  /** Bytes on disk so far. */
  readonly onBytes: (bytes: number) => void;
  readonly wait: Wait;
  readonly signal: AbortSignal;
}

/** @throws DownloadFailure `download.wrongSize`, `download.wrongHash`, `download.brokenOff`, and those of Transport.get; the signal's reason */
export async function fetchFile(job: FileFetch): Promise<void> {
  const { file, target, signal, onBytes } = job;
  const remote = new RemoteFile(job);
  let anew = false;
  for (;;) {
    signal.throwIfAborted();
    await withRetries((advanced) => remote.append(advanced), job.wait, signal);
    onBytes(file.size);
    if (await hasHash(target, file.size, file.hash, signal)) return;
    // Parts of two versions may have met; a second whole one that is wrong is the server's.
    await rm(target, { force: true });
    onBytes(0);
    if (anew || remote.whole) throw new DownloadFailure('download.wrongHash', { file: file.path, host: job.transport.host });
    anew = true;
  }
}

/** The state of fetching one file through several requests. */
class RemoteFile {
  /** All that is on disk came in one answer. */
  whole = false;
  private etag: string | null;
  /** The most bytes that ever were on disk. */
  private furthest = 0;
  /** The server has not kept to a range that it was asked for. */
  private rangeless = false;

  constructor(private readonly job: FileFetch) {
    this.etag = job.etag;
  }

  /** One request for what is missing. Throws PassingFailure where something still is. */
  async append(advanced: () => void): Promise<void> {
    const { file, target, transport, url } = this.job;
    let have = await sizeOf(target);
    if (have === file.size && have > 0) return;
    if (have > file.size || this.rangeless) have = 0;
    this.job.onBytes(have);
    const guard = new StallGuard(this.job.signal, transport.options.stall);
    try {
      const response = await transport.get(url, have > 0 ? this.rangeFrom(have) : {}, guard.signal);
      const from = have > 0 ? this.startOf(response, have) : 0;
      await this.begin(response, from);
      await this.write(response, from, guard, advanced);
    } catch (thrown) {
      if (this.job.signal.aborted || thrown instanceof DownloadFailure) throw thrown;
      if (guard.stalled || isBreak(thrown)) throw this.brokenOff(thrown);
      throw new DownloadFailure('download.disk', { detail: thrown instanceof Error ? thrown.message : String(thrown) }, { cause: thrown });
    } finally {
      guard.end();
    }
  }

  private rangeFrom(have: number): Record<string, string> {
    return { Range: `bytes=${have}-`, ...(this.etag === null ? {} : { 'If-Range': this.etag }) };
  }

  /** Where the answer's bytes belong: after what is there, or, from a server that sends all again, at the start. */
  private startOf(response: Response, have: number): number {
    if (response.status === 200) return 0;
    const [, first, total] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(response.headers.get('content-range') ?? '') ?? [];
    if (response.status === 206 && Number(first) === have && (total === '*' || Number(total) === this.job.file.size)) return have;
    // It disagrees about the range: the next request asks for the whole.
    this.rangeless = true;
    throw this.brokenOff(new Error(`unexpected range ${response.headers.get('content-range') ?? String(response.status)}`));
  }

  private async begin(response: Response, from: number): Promise<void> {
    this.whole = from === 0;
    if (from > 0) return;
    const etag = response.headers.get('etag');
    // If-Range takes strong ones only.
    this.etag = etag !== null && /^"[^"]*"$/.test(etag) ? etag : null;
    await this.job.onEtag(this.etag);
  }

  private async write(response: Response, from: number, guard: StallGuard, advanced: () => void): Promise<void> {
    const { file, target } = this.job;
    const handle = await open(target, from > 0 ? 'r+' : 'w');
    let at = from;
    try {
      for await (const chunk of guard.body(response)) {
        if (at + chunk.length > file.size) {
          await handle.truncate(0);
          throw new DownloadFailure('download.wrongSize', { file: file.path, host: this.job.transport.host });
        }
        await handle.write(chunk, 0, chunk.length, at);
        at += chunk.length;
        this.job.onBytes(at);
        if (at > this.furthest) advanced();
        this.furthest = Math.max(this.furthest, at);
      }
      await handle.datasync();
    } finally {
      await handle.close();
    }
    if (at < file.size) throw this.brokenOff(new Error('the answer ended early'));
  }

  private brokenOff(cause: unknown): PassingFailure {
    return new PassingFailure('download.brokenOff', { file: this.job.file.path, host: this.job.transport.host }, null, { cause });
  }
}

/** Errors of the connection, not of the disk: undici says "terminated" and gives the cause, or aborts. */
function isBreak(thrown: unknown): boolean {
  return thrown instanceof TypeError || (thrown instanceof Error && thrown.name === 'AbortError');
}

async function sizeOf(path: string): Promise<number> {
  const found = await stat(path).catch(() => null);
  return found?.size ?? 0;
}
