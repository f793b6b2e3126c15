/**
 * A model from the Hub onto the disk, whole or not at all: what there is comes from the Hub's own listing,
 * files grow in a folder of their own, are checked against the listing, and appear among the models at once.
 */
import { readFile, statfs } from 'node:fs/promises';
import { DownloadFailure } from './failure.ts';
import { fetchFile } from './fetchFile.ts';
import { hasHash } from './fileHash.ts';
import { insideFolder } from './fileNames.ts';
import { installedModels, readInstalled, removeReplaced, type Installed } from './installed.ts';
import { listRepo, type HubFile } from './listing.ts';
import { parseEndpoint, type Repo } from './repo.ts';
import { waitByClock, type Wait } from './retry.ts';
import { Staging } from './staging.ts';
import { Transport } from './transport.ts';
import { shardsOf, wantedFiles } from './wanted.ts';

export interface DownloadRequest {
  readonly repo: Repo;
  /** The folder that downloads are kept in; absolute. */
  readonly root: string;
  /** The Hub or a mirror; http only on this machine. */
  readonly endpoint: string;
  readonly token?: string | undefined;
  readonly signal: AbortSignal;
}

/** What a download needs of its surroundings; tests have others. */
export interface Surroundings {
  readonly fetch: typeof fetch;
  readonly wait: Wait;
  /** Milliseconds of silence after which a connection is given up. */
  readonly stall: number;
  /** Bytes that can be written to the folder, where that can be known. */
  readonly free: (folder: string) => Promise<number | null>;
  readonly now: () => Date;
}

export const surroundings: Surroundings = {
  // Looked up at each call: the editor puts its own in place, which knows proxies.
  fetch: (...request) => globalThis.fetch(...request),
  wait: waitByClock,
  stall: 30_000,
  free: async (folder) => statfs(folder).then(
    ({ bavail, bsize }) => bavail * bsize,
    () => null,
  ),
  now: () => new Date(),
};

/** What would be downloaded. */
export interface Plan {
  readonly repo: Repo;
  readonly revision: string;
  readonly licence: string | null;
  readonly files: readonly HubFile[];
  /** Bytes of all files. */
  readonly size: number;
  /** The same revision is here already, each file as it is listed. */
  readonly present: Installed | null;
}

export interface Progress {
  /** Files that are whole. */
  readonly files: number;
  readonly bytes: number;
}

/** Left free on the disk beside the model. */
const SPARE = 64 * 2 ** 20;

/** Asks the Hub what a repository holds. @throws DownloadFailure; the signal's reason */
export async function planDownload(request: DownloadRequest, { fetch, stall, wait }: Surroundings = surroundings): Promise<Plan> {
  const { repo, root, signal } = request;
  const { revision, licence, files: listed } = await listRepo(transportOf(request, fetch, stall), repo, wait, signal);
  const files = wantedFiles(repo.id, listed);
  const plan = { repo, revision, licence, files, size: files.reduce((sum, file) => sum + file.size, 0) };
  const former = formerOf(root, repo.id);
  return { ...plan, present: former?.revision === revision && (await isIntact(former, files, signal)) ? former : null };
}

/**
 * Downloads what was planned; what an earlier download of it has left is gone on from.
 * @throws DownloadFailure; the signal's reason. The model that was there before is then there still.
 */
export async function download(request: DownloadRequest, plan: Plan, onProgress: (progress: Progress) => void, around: Surroundings = surroundings): Promise<Installed> {
  const { root, repo, endpoint } = request;
  const staging = new Staging(root, repo.id);
  try {
    const giveBack = await staging.take();
    try {
      await staging.prepare(plan.files, formerOf(root, repo.id));
      await checkSpace(root, plan.size - (await staging.staged(plan.files)), around);
      await fetchAll(request, plan, staging, onProgress, around);
      const { revision, licence, files } = plan;
      const folder = await staging.place({ version: 1, id: repo.id, endpoint: parseEndpoint(endpoint), revision, licence, downloaded: around.now().toISOString(), files: [...files] });
      const model = readInstalled(folder);
      if (!model) throw new Error('A download is not whole that was checked to be.');
      await removeReplaced(root, model);
      return model;
    } finally {
      await giveBack();
    }
  } catch (thrown) {
    request.signal.throwIfAborted();
    if (thrown instanceof DownloadFailure) throw thrown;
    throw new DownloadFailure('download.disk', { detail: thrown instanceof Error ? thrown.message : String(thrown) }, { cause: thrown });
  }
}

async function fetchAll(request: DownloadRequest, plan: Plan, staging: Staging, onProgress: (progress: Progress) => void, around: Surroundings): Promise<void> {
  const transport = transportOf(request, around.fetch, around.stall);
  let bytes = 0;
  for (const [index, file] of plan.files.entries()) {
    await fetchFile({
      transport,
      url: `${transport.options.endpoint}/${plan.repo.id}/resolve/${plan.revision}/${file.path.split('/').map(encodeURIComponent).join('/')}`,
      file,
      target: staging.path(file),
      etag: staging.etag(file),
      onEtag: (etag) => staging.note(file, etag),
      onBytes: (ofFile) => onProgress({ files: index, bytes: bytes + ofFile }),
      wait: around.wait,
      signal: request.signal,
    });
    bytes += file.size;
    if (file.path.endsWith('.safetensors.index.json')) await checkIndex(plan, file, staging);
    onProgress({ files: index + 1, bytes });
  }
}

/** Every shard that the index names must be among the files. @throws DownloadFailure `download.badListing` */
async function checkIndex(plan: Plan, index: HubFile, staging: Staging): Promise<void> {
  const bad = (detail: string): DownloadFailure => new DownloadFailure('download.incomplete', { file: index.path, detail });
  const text = await readFile(staging.path(index), 'utf8');
  const shards = shardsOf(parsedOrNull(text));
  if (!shards) throw bad('weight_map');
  const missing = shards.filter((shard) => !plan.files.some(({ path }) => path === shard));
  if (missing.length > 0) throw bad(missing.slice(0, 5).join(', '));
}

function parsedOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // As little an index as JSON without a map.
    return null;
  }
}

async function checkSpace(root: string, missing: number, { free }: Surroundings): Promise<void> {
  const room = await free(root);
  if (room !== null && room < missing + SPARE) throw new DownloadFailure('download.noSpace', { needed: megabytes(missing + SPARE), free: megabytes(room) });
}

function transportOf({ endpoint, token, repo }: DownloadRequest, fetchWith: typeof fetch, stall: number): Transport {
  return new Transport({ endpoint: parseEndpoint(endpoint), token, repo: repo.id, fetch: fetchWith, stall });
}

function formerOf(root: string, id: string): Installed | null {
  return installedModels(root).find((model) => model.id === id) ?? null;
}

async function isIntact(model: Installed, files: readonly HubFile[], signal: AbortSignal): Promise<boolean> {
  for (const { path, size, hash } of files) {
    const there = model.files.some((file) => file.path === path && file.hash.digest === hash.digest);
    if (!there || !(await hasHash(insideFolder(model.folder, path), size, hash, signal))) return false;
  }
  return true;
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1e6)} MB`;
}
