import type { Disk } from './disk.ts';
import { diskFolder } from './diskFolder.ts';
import { folderFacts, inspectFolder } from './folderReport.ts';
import { installedModels, removeInstalled } from './hub/installed.ts';

/**
 * Models on this machine's disk.
 * @param root folder for downloads; made when there is one
 */
export function nodeDisk(root: string): Disk {
  // What speaks with the Hub is loaded when it is first spoken with.
  const hub = () => import('./hub/download.ts');
  const staging = () => import('./hub/staging.ts');
  return {
    facts: async (folder) => folderFacts(diskFolder(folder)),
    inspect: async (folder) => inspectFolder(diskFolder(folder)),
    installed: () => installedModels(root),
    partial: async () => (await staging()).partialDownloads(root),
    plan: async (asked) => (await hub()).planDownload({ ...asked, root }),
    download: async (asked, plan, onProgress) => (await hub()).download({ ...asked, root }, plan, onProgress),
    async remove(id) {
      await (await staging()).removePartial(root, id);
      await removeInstalled(root, id);
    },
  };
}
