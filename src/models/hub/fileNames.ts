/** File names from outside: only what is a plain file below its folder, on every system, is written. */
import { join } from 'node:path';
import { DownloadFailure } from './failure.ts';

/** Device names of Windows, which it opens in any folder and with any extension. */
const DEVICE = /^(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])$/i;
/** Separators and wildcards of one system or another; `:` also divides drives and streams. */
const FORBIDDEN = /[\\<>:"|?*]/;
const LONGEST_PART = 255;
const LONGEST = 512;

/** Whether a path with `/` between its parts stays within the folder that it is joined to, whatever the system. */
export function isSafePath(path: string): boolean {
  return path.length <= LONGEST && path.split('/').every(isSafePart);
}

function isSafePart(part: string): boolean {
  if (part === '' || part === '.' || part === '..' || part.length > LONGEST_PART) return false;
  if (FORBIDDEN.test(part) || /[. ]$/.test(part) || part.startsWith(' ')) return false;
  for (const character of part) if ((character.codePointAt(0) ?? 0) < 0x20 || character === '\x7f') return false;
  return !DEVICE.test((part.split('.')[0] ?? '').trimEnd());
}

/** @throws DownloadFailure `download.unsafeName` for a path that could lead out of a folder */
export function insideFolder(folder: string, path: string): string {
  if (!isSafePath(path)) throw new DownloadFailure('download.unsafeName', { file: path });
  return join(folder, ...path.split('/'));
}

/**
 * Two names that some system takes for one file (or one that would be both a file and a folder) would
 * overwrite each other: each would be checked, and the folder hold one of them.
 * @throws DownloadFailure `download.unsafeName`
 */
export function refuseCollisions(paths: readonly string[]): void {
  const folded = (path: string): string => path.normalize('NFC').toLowerCase();
  const seen = new Set<string>();
  const folders = new Set(paths.flatMap((path) => parents(folded(path))));
  for (const path of paths) {
    const name = folded(path);
    if (seen.has(name) || folders.has(name)) throw new DownloadFailure('download.unsafeName', { file: path });
    seen.add(name);
  }
}

function parents(path: string): string[] {
  const parts = path.split('/');
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('/'));
}
