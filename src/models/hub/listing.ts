/**
 * What a repository holds, as the Hub lists it: the only file that knows @huggingface/hub. The library
 * serves for addresses, paging and their types; it is not given the token (it takes none but the Hub's own
 * kind, and would send it to any host that a next page names), and its downloads are not used: they neither
 * go on with a part of a file, nor check sizes and hashes.
 */
import { listFiles, modelInfo } from '@huggingface/hub';
import * as v from 'valibot';
import { DownloadFailure } from './failure.ts';
import type { FileHash } from './fileHash.ts';
import type { Repo } from './repo.ts';
import { withRetries, type Wait } from './retry.ts';
import { StallGuard } from './stallGuard.ts';
import type { Transport } from './transport.ts';

export interface HubFile {
  /** Parts divided by `/`. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  readonly hash: FileHash;
}

export interface Listing {
  /** The commit that the files are of. */
  readonly revision: string;
  /** As the model's card states it, such as `apache-2.0`. */
  readonly licence: string | null;
  readonly files: readonly HubFile[];
}

/** No more is read of an answer that should be a list. */
const LONGEST_ANSWER = 32 * 2 ** 20;
const MOST_ENTRIES = 20_000;

const size = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const Entry = v.object({
  type: v.string(),
  path: v.pipe(v.string(), v.maxLength(1024)),
  size,
  oid: v.optional(v.string()),
  lfs: v.optional(v.object({ oid: v.string(), size })),
});
const Info = v.object({ sha: v.pipe(v.string(), v.regex(/^[0-9a-f]{40}$/)), tags: v.fallback(v.array(v.string()), []) });

/**
 * The files of a repository's root, and of its folder `onnx` where there is one.
 * @throws DownloadFailure `download.badListing`, and those of Transport.get
 */
export async function listRepo(transport: Transport, repo: Repo, wait: Wait, signal: AbortSignal): Promise<Listing> {
  const bad = (detail: string, cause?: unknown): DownloadFailure => new DownloadFailure('download.badListing', { host: transport.host, detail }, { cause });
  const common = { hubUrl: transport.options.endpoint, fetch: listFetch(transport, signal, bad) };
  try {
    return await withRetries(
      async () => {
        const info = v.parse(Info, await modelInfo({ ...common, name: repo.id, additionalFields: ['sha', 'tags'], ...(repo.revision === undefined ? {} : { revision: repo.revision }) }));
        const read = async (path: string): Promise<Entries> => entriesOf(listFiles({ ...common, repo: { type: 'model', name: repo.id }, revision: info.sha, path }), bad);
        const root = await read('');
        const nested = root.folders.includes('onnx') ? await read('onnx') : null;
        return { revision: info.sha, licence: licenceOf(info.tags), files: [...root.files, ...(nested?.files ?? [])] };
      },
      wait,
      signal,
    );
  } catch (thrown) {
    signal.throwIfAborted();
    if (thrown instanceof DownloadFailure) throw thrown;
    // JSON that is none, and lists that are none.
    throw bad(thrown instanceof Error ? thrown.message : String(thrown), thrown);
  }
}

/** The library's `fetch`: ours, with an end to what is read. */
function listFetch(transport: Transport, signal: AbortSignal, bad: (detail: string) => DownloadFailure): typeof fetch {
  return async (input) => {
    const url = input instanceof Request ? input.url : input.toString();
    const guard = new StallGuard(signal, transport.options.stall);
    try {
      const response = await transport.get(url, { Accept: 'application/json' }, guard.signal);
      const chunks: Uint8Array[] = [];
      let length = 0;
      for await (const chunk of guard.body(response)) {
        length += chunk.length;
        if (length > LONGEST_ANSWER) throw bad('it is too long');
        chunks.push(chunk);
      }
      return new Response(Buffer.concat(chunks), { status: 200, headers: { 'Content-Type': 'application/json', Link: response.headers.get('link') ?? '' } });
    } catch (thrown) {
      signal.throwIfAborted();
      throw thrown instanceof DownloadFailure ? thrown : transport.broken(thrown);
    } finally {
      guard.end();
    }
  };
}

interface Entries {
  readonly files: readonly HubFile[];
  readonly folders: readonly string[];
}

async function entriesOf(listed: AsyncIterable<unknown>, bad: (detail: string) => DownloadFailure): Promise<Entries> {
  const files: HubFile[] = [];
  const folders: string[] = [];
  let count = 0;
  for await (const raw of listed) {
    if (++count > MOST_ENTRIES) throw bad(`it has more than ${MOST_ENTRIES} entries`);
    const entry = v.parse(Entry, raw);
    if (entry.type === 'directory') folders.push(entry.path);
    if (entry.type !== 'file') continue;
    const hash = hashOf(entry);
    if (!hash) throw bad(`${entry.path} has no hash`);
    files.push({ path: entry.path, size: entry.lfs?.size ?? entry.size, hash });
  }
  return { files, folders };
}

function hashOf({ oid, lfs }: v.InferOutput<typeof Entry>): FileHash | null {
  if (lfs) return /^[0-9a-f]{64}$/.test(lfs.oid) ? { algorithm: 'sha256', digest: lfs.oid } : null;
  return oid !== undefined && /^[0-9a-f]{40}$/.test(oid) ? { algorithm: 'git-sha1', digest: oid } : null;
}

/** The Hub puts the licence of a model's card among its tags. */
function licenceOf(tags: readonly string[]): string | null {
  const tag = tags.find((candidate) => /^license:[\w.+-]{1,64}$/.test(candidate));
  return tag?.slice('license:'.length) ?? null;
}
