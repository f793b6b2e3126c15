/** Decides the answers of a progress file again: which of them hold. */
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ProblemError } from '../engine/problemError.ts';
import { courseLessons } from '../lessons/courseNames.ts';
import type { LessonFile } from '../lessons/lessonFile.ts';
import { refused } from '../lessons/mistakes.ts';
import { parseLesson } from '../lessons/parse.ts';
import { readProgressFile } from '../lessons/progressRecord.ts';
import { replay, type Replayed } from '../lessons/replay.ts';
import { describe } from '../problems.ts';
import type { LessonOptions } from './lesson.ts';
import { print, printJson } from './print.ts';
import { embeddedModels } from './session.ts';
import { withLaboratory } from './laboratory.ts';

const COURSE = fileURLToPath(new URL('../media/lessons/en', import.meta.url));
/** Far more than the answers to all lessons. */
const MOST_BYTES = 8 * 2 ** 20;

/** The exit code is 1 where something that was handed in does not hold. */
export async function lessonProgress(path: string, options: LessonOptions): Promise<void> {
  const text = await readFile(path).catch(() => {
    throw new ProblemError('lesson.gone', { id: path });
  });
  const read = text.byteLength > MOST_BYTES ? { ok: false as const, detail: `${String(text.byteLength)} bytes` } : readProgressFile(text.toString('utf8'));
  if (!read.ok) throw new ProblemError('lesson.badProgress', { file: path, detail: read.detail });
  const told: Replayed[] = [];
  await withLaboratory(options.threads, async ({ laboratory, fingerprint }) => {
    for await (const replayed of replay(read.file, { laboratory, fingerprint, lesson: (id) => lessonFile(id, dirname(path)) })) {
      told.push(replayed);
      if (!options.json) print(lineOf(replayed));
    }
  });
  const failed = told.filter(({ came }) => came !== 'holds' && came !== 'read').length;
  if (options.json) printJson({ file: path, steps: told });
  else print(`${String(told.length - failed)} of ${String(told.length)} hold.`);
  if (failed > 0) process.exitCode = 1;
}

/** A lesson of the course, or a teacher's beside the file that was handed in. */
async function lessonFile(id: string, folder: string): Promise<LessonFile | null> {
  const own = courseLessons.some((name) => name === id);
  // A name with a path in it is none: nothing outside the folder is read.
  if (!own && !/^[^/\\]+\.lesson\.md$/.test(id)) return null;
  const source = await readFile(own ? join(COURSE, `${id}.md`) : join(folder, id), 'utf8').catch(() => null);
  if (source === null) return null;
  const { file, mistakes } = parseLesson(id, source, { models: embeddedModels().map(({ name }) => name), lessons: courseLessons });
  return refused(mistakes) ? null : file;
}

function lineOf({ lesson, step, came, model, sameModel, measured, problem }: Replayed): string {
  const words = { holds: 'holds', fails: 'DOES NOT HOLD', read: 'read', gone: 'NOT THERE', problem: problem ? describe(problem).message : '' }[came];
  const which = model === null ? '' : ` on ${model}${sameModel === false ? ' (other weights than when it was handed in)' : ''}`;
  return `${lesson}  ${step}: ${words}${which}${measured ? `  (${measured})` : ''}`;
}
