/** What a host with a disk can do with models, and a browser cannot; made by disk.node.ts. */
import type { DownloadRequest, Plan, Progress } from './hub/download.ts';
import type { Installed } from './hub/installed.ts';
import type { Partial } from './hub/staging.ts';
import type { FolderReport } from './folderReport.ts';

export type Asked = Omit<DownloadRequest, 'root'>;

export interface Disk {
  /** What a folder holds, without its tokenizer. @param folder absolute path */
  facts(folder: string): Promise<FolderReport>;
  /** Everything that can be checked before loading. */
  inspect(folder: string): Promise<FolderReport>;
  /** Whole downloads, as they are on the disk now. */
  installed(): readonly Installed[];
  partial(): Promise<readonly Partial[]>;
  /** Asks the Hub what there is. @throws DownloadFailure; the signal's reason */
  plan(asked: Asked): Promise<Plan>;
  /** @throws DownloadFailure; the signal's reason */
  download(asked: Asked, plan: Plan, onProgress: (progress: Progress) => void): Promise<Installed>;
  /** Removes a download, and what has arrived of one that was broken off. @throws DownloadFailure `download.running` */
  remove(id: string): Promise<void>;
}
