/** Models that have been downloaded: folders beside each other, each with a manifest of what it holds. */
import { lstatSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { insideFolder, isSafePath } from './fileNames.ts';
import type { HubFile } from './listing.ts';
import { isRepoId } from './repo.ts';

/** Beside the files of a downloaded model; the Hub has no file of this name that is wanted. */
export const MANIFEST = 'headlight-download.json';

const Manifest = v.object({
  version: v.literal(1),
  id: v.pipe(v.string(), v.check(isRepoId)),
  endpoint: v.string(),
  revision: v.pipe(v.string(), v.regex(/^[0-9a-f]{40}$/)),
  licence: v.nullable(v.string()),
  /** ISO 8601. */
  downloaded: v.string(),
  files: v.array(
    v.object({
      path: v.pipe(v.string(), v.check(isSafePath)),
      size: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
      hash: v.object({ algorithm: v.picklist(['sha256', 'git-sha1']), digest: v.pipe(v.string(), v.regex(/^[0-9a-f]+$/)) }),
    }),
  ),
});
export type Manifest = v.InferOutput<typeof Manifest>;

export interface Installed {
  /** `owner/name`. */
  readonly id: string;
  /** Absolute path. */
  readonly folder: string;
  readonly revision: string;
  readonly licence: string | null;
  readonly downloaded: string;
  /** Bytes of all files. */
  readonly size: number;
  readonly files: readonly HubFile[];
}

export const modelsFolder = (root: string): string => join(root, 'models');
export const stagingFolder = (root: string): string => join(root, 'staging');
const trashFolder = (root: string): string => join(root, 'trash');

/** Whole models, one for each repository: of several the latest. Anything else in the folder is passed over. */
export function installedModels(root: string): readonly Installed[] {
  const found = new Map<string, Installed>();
  for (const model of allInstalled(root)) {
    const other = found.get(model.id);
    if (!other || other.downloaded < model.downloaded) found.set(model.id, model);
  }
  return [...found.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Removes a model's own folder, and others of the same repository that a newer one has replaced. */
export async function removeInstalled(root: string, id: string): Promise<void> {
  for (const model of allInstalled(root)) if (model.id === id) await removeFolder(root, model.folder);
}

/** Removes what a newer download of the same repository has replaced. */
export async function removeReplaced(root: string, kept: Installed): Promise<void> {
  for (const model of allInstalled(root)) if (model.id === kept.id && model.folder !== kept.folder) await removeFolder(root, model.folder);
}

function allInstalled(root: string): readonly Installed[] {
  return namesIn(modelsFolder(root)).flatMap((name) => readInstalled(join(modelsFolder(root), name)) ?? []);
}

/** A folder as a model; `null` unless all files of its manifest are there at their length. */
export function readInstalled(folder: string): Installed | null {
  try {
    if (!lstatSync(folder).isDirectory()) return null;
    const { id, revision, licence, downloaded, files } = v.parse(Manifest, JSON.parse(readFileSync(join(folder, MANIFEST), 'utf8')));
    const whole = files.every(({ path, size }) => statSync(insideFolder(folder, path)).size === size);
    return whole ? { id, folder, revision, licence, downloaded, files, size: files.reduce((sum, file) => sum + file.size, 0) } : null;
  } catch {
    // No manifest, or one of something else, or a file has gone: not a model that can be listed.
    return null;
  }
}

/** The folder disappears at once, and its files after that; a file in use elsewhere may hold the latter up. */
async function removeFolder(root: string, folder: string): Promise<void> {
  await mkdir(trashFolder(root), { recursive: true });
  const trash = join(trashFolder(root), `${Date.now()}-${process.pid}`);
  await rename(folder, trash);
  await rm(trashFolder(root), { recursive: true, force: true }).catch(() => undefined);
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    // Nothing has been downloaded yet.
    return [];
  }
}
