/** Checks a lesson file without an editor: its mistakes, each claim beside what is measured, and each answer with what it comes to. */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import * as l10n from '@vscode/l10n';
import { ProblemError } from '../engine/problemError.ts';
import { findingMistake } from '../lessons/findings.ts';
import { judge } from '../lessons/judge.ts';
import { EngineLaboratory } from '../lessons/laboratory.ts';
import { parseLesson } from '../lessons/parse.ts';
import { print, printJson } from './print.ts';
import { embeddedModels, startEngine } from './session.ts';
import { knownLessons } from './lessonFiles.ts';

export interface LessonOptions {
  readonly threads: number;
  readonly json?: boolean;
}

/** The exit code is 1 where something is wrong. */
export async function lesson(file: string, options: LessonOptions): Promise<void> {
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
  if (read) {
    const client = startEngine(options.threads);
    const laboratory = new EngineLaboratory(() => client, (name) => models.find((model) => model.name === name) ?? null, (target) => (target === undefined ? [] : [target]), () => models.map(({ name }) => name));
    try {
      for await (const finding of judge(read, laboratory)) {
        const mistake = findingMistake(finding);
        if (mistake) wrong++;
        told.push({ ...finding, line: lineOf(finding.range.start) });
        if (options.json) continue;
        const at = `${String(lineOf(finding.range.start)).padStart(4)}  ${finding.step}`;
        if (finding.of === 'claim') print(`${at}  claim ${finding.id}: ${finding.stated} | ${String(finding.measured)}  ${finding.holds ? 'holds' : 'WRONG'}`);
        else if (finding.of === 'answer') print(`${at}  check ${finding.path.join('.')}: ${finding.passed ? 'passes' : 'fails'}  ${finding.passed === finding.shouldPass ? 'as it should' : 'WRONG'}${finding.measured ? `  (${finding.measured})` : ''}`);
        else print(`${at}  ${mistake?.message ?? ''}`);
      }
    } finally {
      await client.dispose();
    }
  }
  if (options.json) printJson({ file, title: read?.lesson.title ?? null, mistakes: mistakes.map((mistake) => ({ ...mistake, line: lineOf(mistake.range.start) })), findings: told });
  else print(wrong === 0 ? l10n.t('{0} holds: nothing is wrong with it.', file) : l10n.t('{0}: {1} wrong.', file, wrong));
  if (wrong > 0) process.exitCode = 1;
}
