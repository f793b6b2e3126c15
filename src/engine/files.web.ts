import type { ModelFiles } from './files.ts';

/** A folder behind a URL. Each file is fetched once and held: a browser gives no ranges of extension files. */
export function openUrl(location: string): ModelFiles {
  const held = new Map<string, Promise<Uint8Array | null>>();
  const bytesOf = (file: string): Promise<Uint8Array | null> => {
    const known = held.get(file);
    if (known) return known;
    const fetched = fetch(location + file).then(async (response) => (response.ok ? new Uint8Array(await response.arrayBuffer()) : null));
    held.set(file, fetched);
    return fetched;
  };
  const existing = async (file: string): Promise<Uint8Array> => (await bytesOf(file)) ?? new Uint8Array();
  return {
    folder: location.replace(/\/$/, '').split('/').pop() ?? location,
    size: async (file) => (await bytesOf(file))?.length ?? null,
    text: async (file) => new TextDecoder().decode(await existing(file)),
    range: async (file, start, end) => (await existing(file)).subarray(start, end),
    async read(file, start, out) {
      const bytes = (await existing(file)).subarray(start, start + out.length);
      out.set(bytes);
      return bytes.length;
    },
    close() {
      held.clear();
      return Promise.resolve();
    },
  };
}
