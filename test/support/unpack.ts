import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { unzipSync } from 'fflate';

/** A VSIX on the disk as VS Code would have it. */
export interface Unpacked {
  /** The extension's folder. */
  readonly folder: string;
  /** Its files, relative to the folder, with their sizes in bytes. */
  readonly files: ReadonlyMap<string, number>;
}

/** Unpacks the extension's part of a VSIX into a folder of its own, which is the caller's to remove. */
export async function unpack(vsix: string): Promise<Unpacked> {
  const folder = await mkdtemp(join(tmpdir(), 'headlight-unpacked-'));
  const files = new Map<string, number>();
  for (const [path, content] of Object.entries(unzipSync(await readFile(vsix)))) {
    if (!path.startsWith('extension/') || path.endsWith('/')) continue;
    const name = path.slice('extension/'.length);
    files.set(name, content.length);
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  return { folder, files };
}
