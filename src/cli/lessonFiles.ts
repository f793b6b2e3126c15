/** Which lessons a file may link to: those in the course's folder, and those beside it. */
import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const COURSE = fileURLToPath(new URL('../media/lessons/en', import.meta.url));

export async function knownLessons(file: string): Promise<string[]> {
  const folders = await Promise.all([COURSE, join(dirname(file))].map((folder) => readdir(folder).catch(() => [])));
  return [...new Set(folders.flat().flatMap((name) => (/^\d\d-.+\.md$/.test(name) ? [name.replace(/\.md$/, '')] : [])))];
}
