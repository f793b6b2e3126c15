/** Checks a lesson file without an editor: its mistakes, each claim beside what is measured, and each answer with what it comes to. */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { ProblemError } from '../engine/problemError.ts';
import { findingMistake } from '../lessons/findings.ts';
import { judge, type Finding } from '../lessons/judge.ts';
import { parseLesson } from '../lessons/parse.ts';
import { withLaboratory } from './laboratory.ts';
import { knownLessons } from './lessonFiles.ts';
import { lessonProgress } from './lessonProgress.ts';
import { print, printJson } from './print.ts';
import { embeddedModels } from './session.ts';

export interface LessonOptions {
  readonly threads: number;
  readonly json?: boolean;
}

/** The exit code is 1 where something is wrong. */
export async function lesson(file: string, options: LessonOptions): Promise<void> {
  if (file.endsWith('.json')) return lessonProgress(file, options);
  const source = await readFile(file, 'utf8').catch(() => {
    throw new ProblemError('lesson.gone', { id: file });
  });
  const models = embeddedModels();
  const { file: read, mistakes } = parseLesson(basename(file).replace(/\.md$/, ''), source, { models: models.map(({ name }) => name), lessons: await knownLessons(file) });
  const lines = source.split('\n');
  const lineOf = (offset: number): number => source.slice(0, offset).split('\n').length;
  const told: unknown[] = [];
  let wrong = mistakes.length;
  if (!options.json) for (const { range, message, severity } of mistakes) print(`${file}:${String(lineOf(range.start))}  ${severity}  ${message}\n    ${(lines[lineOf(range.start) - 1] ?? '').trim()}`);
  const tell = (finding: Finding): void => {
    const mistake = findingMistake(finding);
    if (mistake) wrong++;
    told.push({ ...finding, line: lineOf(finding.range.start) });
    if (!options.json) print(lineFor(finding, mistake?.message ?? '', lineOf(finding.range.start)));
  };
  if (read) await withLaboratory(options.threads, async ({ laboratory }) => {
    for await (const finding of judge(read, laboratory)) tell(finding);
  });
  if (options.json) printJson({ file, title: read?.lesson.title ?? null, mistakes: mistakes.map((mistake) => ({ ...mistake, line: lineOf(mistake.range.start) })), findings: told });
  else print(wrong === 0 ? `${file} holds: nothing is wrong with it.` : `${file}: ${String(wrong)} wrong.`);
  if (wrong > 0) process.exitCode = 1;
}

function lineFor(finding: Finding, mistake: string, line: number): string {
  const at = `${String(line).padStart(4)}  ${finding.step}`;
  if (finding.of === 'claim') return `${at}  claim ${finding.id}: ${finding.stated} | ${String(finding.measured)}  ${finding.holds ? 'holds' : 'WRONG'}`;
  if (finding.of !== 'answer') return `${at}  ${mistake}`;
  return `${at}  check ${finding.path.join('.')}: ${finding.passed ? 'passes' : 'fails'}  ${finding.passed === finding.shouldPass ? 'as it should' : 'WRONG'}${finding.measured ? `  (${finding.measured})` : ''}`;
}
