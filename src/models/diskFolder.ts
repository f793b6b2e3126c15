/** A folder on this machine's disk, for the checks before it is loaded. */
import { open, readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { FolderFiles } from './folderFiles.ts';

export function diskFolder(path: string): FolderFiles {
  return {
    name: basename(path),
    async names() {
      const inside = await readdir(path);
      const onnx = inside.includes('onnx') ? await readdir(join(path, 'onnx')).catch(() => []) : [];
      return [...inside, ...onnx.map((name) => `onnx/${name}`)];
    },
    size: async (file) => (await stat(join(path, file))).size,
    async range(file, start, end) {
      const handle = await open(join(path, file), 'r');
      try {
        const bytes = new Uint8Array(end - start);
        const { bytesRead } = await handle.read(bytes, 0, bytes.length, start);
        return bytes.subarray(0, bytesRead);
      } finally {
        await handle.close();
      }
    },
  };
}
