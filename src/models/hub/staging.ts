/**
 * Where a download grows: a folder of its own for each repository, apart from the models, with a journal of
 * what its files are to become. What is there after a break is gone on from, as far as the listing is the same.
 */
import { constants } from 'node:fs';
import { copyFile, mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as v from 'valibot';
import { DownloadFailure } from './failure.ts';
import { insideFolder, isSafePath } from './fileNames.ts';
import { MANIFEST, modelsFolder, stagingFolder, type Installed, type Manifest } from './installed.ts';
import type { HubFile } from './listing.ts';
import { isRepoId } from './repo.ts';

const Journal = v.object({ id: v.pipe(v.string(), v.check(isRepoId)), files: v.record(v.pipe(v.string(), v.check(isSafePath)), v.object({ digest: v.string(), etag: v.nullable(v.string()) })) });
type Journal = v.InferOutput<typeof Journal>;

/** A download that was broken off. */
export interface Partial {
  readonly id: string;
  /** Bytes that have arrived. */
  readonly size: number;
}

export class Staging {
  private readonly folder: string;
  private journal: Journal['files'] = {};

  constructor(
    private readonly root: string,
    readonly id: string,
  ) {
    this.folder = join(stagingFolder(root), slugOf(id));
  }

  /** Bytes of the files that are there already. */
  async staged(files: readonly HubFile[]): Promise<number> {
    const sizes = await Promise.all(files.map(async (file) => Math.min(file.size, (await stat(this.path(file)).catch(() => null))?.size ?? 0)));
    return sizes.reduce((sum, size) => sum + size, 0);
  }

  path(file: HubFile): string {
    return insideFolder(join(this.folder, 'files'), file.path);
  }

  etag({ path }: HubFile): string | null {
    return this.journal[path]?.etag ?? null;
  }

  /**
   * Takes the folder for this download alone.
   * @returns the way to give it back
   * @throws DownloadFailure `download.running` while another download of the repository goes on
   */
  async take(): Promise<() => Promise<void>> {
    const lock = join(this.folder, 'lock');
    // Looked up and taken in one step: nothing of this process comes between.
    if (running.has(lock)) throw new DownloadFailure('download.running', { repo: this.id });
    running.add(lock);
    try {
      await mkdir(join(this.folder, 'files'), { recursive: true });
      if (await isHeld(lock)) throw new DownloadFailure('download.running', { repo: this.id });
      await writeFile(lock, String(process.pid));
    } catch (thrown) {
      running.delete(lock);
      throw thrown;
    }
    return async () => {
      running.delete(lock);
      await rm(lock, { force: true });
    };
  }

  /** Keeps the parts of files that are still wanted as they were, and takes over files of a model that the new one replaces. */
  async prepare(files: readonly HubFile[], former: Installed | null): Promise<void> {
    const before = (await readJournal(this.folder))?.files;
    if (!before) await rm(join(this.folder, 'files'), { recursive: true, force: true });
    this.journal = Object.fromEntries(files.map(({ path, hash }) => [path, { digest: hash.digest, etag: before?.[path]?.digest === hash.digest ? before[path].etag : null }]));
    for (const path of Object.keys(before ?? {})) {
      if (before?.[path]?.digest !== this.journal[path]?.digest) await rm(insideFolder(join(this.folder, 'files'), path), { force: true });
    }
    await this.writeJournal();
    for (const file of files) await this.takeOver(file, former);
  }

  /** The file of the former model that has the same content, where nothing has arrived yet. */
  private async takeOver(file: HubFile, former: Installed | null): Promise<void> {
    const target = this.path(file);
    await mkdir(dirname(target), { recursive: true });
    const same = former?.files.find(({ size, hash }) => size === file.size && hash.digest === file.hash.digest);
    if (!former || !same || (await stat(target).catch(() => null))) return;
    await copyFile(insideFolder(former.folder, same.path), target, constants.COPYFILE_FICLONE);
  }

  async note({ path, hash }: HubFile, etag: string | null): Promise<void> {
    this.journal = { ...this.journal, [path]: { digest: hash.digest, etag } };
    await this.writeJournal();
  }

  /** Puts the whole model among the others: it appears there in one step. @returns its folder */
  async place(manifest: Manifest): Promise<string> {
    const files = join(this.folder, 'files');
    const handle = await open(join(files, MANIFEST), 'w');
    await handle.writeFile(`${JSON.stringify(manifest, null, 2)}\n`);
    await handle.datasync();
    await handle.close();
    await mkdir(modelsFolder(this.root), { recursive: true });
    const target = await this.freeFolder(`${slugOf(this.id)}@${manifest.revision.slice(0, 12)}`);
    await rename(files, target);
    await rm(this.folder, { recursive: true, force: true });
    return target;
  }

  private async freeFolder(name: string): Promise<string> {
    for (let number = 1; ; number++) {
      const folder = join(modelsFolder(this.root), number === 1 ? name : `${name}-${number}`);
      if ((await stat(folder).catch(() => null)) === null) return folder;
    }
  }

  private async writeJournal(): Promise<void> {
    const path = join(this.folder, 'journal.json');
    await writeFile(`${path}.new`, JSON.stringify({ id: this.id, files: this.journal } satisfies Journal));
    await rename(`${path}.new`, path);
  }
}

/** Downloads that were broken off, and how much of them has arrived. */
export async function partialDownloads(root: string): Promise<readonly Partial[]> {
  const names = await readdir(stagingFolder(root)).catch(() => []);
  const found = await Promise.all(names.map((name) => readPartial(join(stagingFolder(root), name))));
  return found.flatMap((partial) => partial ?? []);
}

/** Throws away what has arrived of a download. @throws DownloadFailure `download.running` */
export async function removePartial(root: string, id: string): Promise<void> {
  const folder = join(stagingFolder(root), slugOf(id));
  const lock = join(folder, 'lock');
  if (running.has(lock) || (await isHeld(lock))) throw new DownloadFailure('download.running', { repo: id });
  await rm(folder, { recursive: true, force: true });
}

async function readPartial(folder: string): Promise<Partial | null> {
  const journal = await readJournal(folder);
  if (!journal) return null;
  const sizes = await Promise.all(Object.keys(journal.files).map(async (path) => (await stat(insideFolder(join(folder, 'files'), path)).catch(() => null))?.size ?? 0));
  return { id: journal.id, size: sizes.reduce((sum, size) => sum + size, 0) };
}

async function readJournal(folder: string): Promise<Journal | null> {
  try {
    return v.parse(Journal, JSON.parse(await readFile(join(folder, 'journal.json'), 'utf8')));
  } catch {
    // None yet, or one that was cut short: the files begin anew.
    return null;
  }
}

/** Locks of this process. */
const running = new Set<string>();

/** Whether another process that still lives has written the lock. */
async function isHeld(lock: string): Promise<boolean> {
  const pid = Number(await readFile(lock, 'utf8').catch(() => ''));
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    // A process of another user lives too; no such process ended without giving the folder back.
    return thrown instanceof Error && 'code' in thrown && thrown.code === 'EPERM';
  }
}

/** A folder's name for a repository; the Hub tells no two apart by case. */
function slugOf(id: string): string {
  return id.toLowerCase().replace('/', '--');
}
