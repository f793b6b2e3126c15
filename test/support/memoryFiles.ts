/** A model's folder that is nowhere but in memory. */
import type { ModelFiles } from '../../src/engine/files.ts';

export function memoryFiles(files: Readonly<Record<string, Uint8Array | string>>): ModelFiles {
  const bytes = (file: string): Uint8Array => {
    const content = files[file];
    if (content === undefined) throw new Error(`there is no ${file}`);
    return typeof content === 'string' ? new TextEncoder().encode(content) : content;
  };
  return {
    folder: 'memory',
    size: (file) => Promise.resolve(file in files ? bytes(file).length : null),
    text: (file) => Promise.resolve(new TextDecoder().decode(bytes(file))),
    range: (file, start, end) => Promise.resolve(bytes(file).slice(start, end)),
    read(file, start, out) {
      const found = bytes(file).subarray(start, start + out.length);
      out.set(found);
      return Promise.resolve(found.length);
    },
    close: () => Promise.resolve(),
  };
}
