import { open, readFile, stat, type FileHandle } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { ModelFiles } from './files.ts';

/** A folder on disk. Weights are read range by range through one open handle, never as a whole. */
export function openFolder(location: string): ModelFiles {
  const handles = new Map<string, Promise<FileHandle>>();
  const handle = (file: string): Promise<FileHandle> => {
    const known = handles.get(file);
    if (known) return known;
    const opened = open(join(location, file), 'r');
    handles.set(file, opened);
    return opened;
  };
  const read = async (file: string, start: number, out: Uint8Array): Promise<number> => (await (await handle(file)).read(out, 0, out.length, start)).bytesRead;
  return {
    folder: basename(location),
    async size(file) {
      const found = await stat(join(location, file)).catch(() => null);
      return found?.isFile() ? found.size : null;
    },
    text: (file) => readFile(join(location, file), 'utf8'),
    async range(file, start, end) {
      const bytes = new Uint8Array(end - start);
      return bytes.subarray(0, await read(file, start, bytes));
    },
    read,
    async close() {
      const opened = await Promise.all(handles.values());
      handles.clear();
      await Promise.all(opened.map((file) => file.close()));
    },
  };
}
