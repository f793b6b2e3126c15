/** A lesson file, read: front matter, steps, prose, blocks. Nothing is run for it. */
import * as l10n from '@vscode/l10n';
import type { LessonStep } from '../protocol.ts';
import { frontMatter } from './blockSchemas.ts';
import type { LessonFile, Setting, StepFile } from './lessonFile.ts';
import { readMarkdown, type MarkdownToken } from './markdown.ts';
import { Mistakes, type Mistake, type TextRange } from './mistakes.ts';
import { fitted } from './schemaMistakes.ts';
import { StepReader, type Known } from './stepReader.ts';
import { readYaml } from './yamlBlock.ts';

/** UTF-16 units of a file, and steps in it. */
const mostLetters = 256 * 1024;
const mostSteps = 60;

export interface ParsedLesson {
  /** Null where there is nothing that could be shown, not even in part. */
  readonly file: LessonFile | null;
  readonly mistakes: readonly Mistake[];
}

/** @param id the lesson's, see `Lesson` */
export function parseLesson(id: string, source: string, known: Known): ParsedLesson {
  const mistakes = new Mistakes();
  if (source.length > mostLetters) {
    mistakes.add({ start: 0, end: 1 }, l10n.t('A lesson is not longer than {0} KB.', mostLetters / 1024));
    return { file: null, mistakes: mistakes.all };
  }
  const lines = lineStarts(source);
  const front = readFrontMatter(source, mistakes);
  // The same lines, so that tokens' lines are the file's.
  const body = source.slice(0, front.end).replaceAll(/[^\n]/g, '') + source.slice(front.end);
  const steps = cutIntoSteps(readMarkdown(body), source, lines, mistakes);
  const read: { page: LessonStep; file: StepFile }[] = [];
  let setting: Setting | null = null;
  let seen: StepFile['seen'] = null;
  for (const { heading, range, tokens } of steps.slice(0, mostSteps)) {
    const step: { page: LessonStep; file: StepFile } = new StepReader({ source, lines, mistakes, known }).read({ heading, range, tokens }, setting, seen);
    ({ setting, seen } = step.file);
    if (read.some(({ file }) => file.id === step.file.id)) mistakes.add(range, l10n.t('Another step of this lesson has the id “{0}” too.', step.file.id));
    read.push(step);
  }
  if (steps.length > mostSteps) mistakes.add(steps[mostSteps]?.range ?? { start: 0, end: 1 }, l10n.t('A lesson has no more than {0} steps.', mostSteps));
  if (steps.length === 0) mistakes.add({ start: front.end, end: front.end }, l10n.t('A lesson has at least one step: a heading such as ## From words to numbers {#pieces}'));
  const { title, after } = front;
  const whole = title !== null && read.length > 0;
  return { file: whole ? { lesson: { id, title, after: after ?? '', steps: read.map(({ page }) => page) }, steps: read.map(({ file }) => file) } : null, mistakes: mistakes.all };
}

/** Offset of each line's beginning. */
function lineStarts(source: string): number[] {
  return [0, ...[...source.matchAll(/\n/g)].map(({ index }) => index + 1)];
}

function readFrontMatter(source: string, mistakes: Mistakes): { readonly title: string | null; readonly after: string | null; readonly end: number } {
  const [whole, yaml = ''] = /^---[ \t]*\r?\n([\s\S]*?\n)?---[ \t]*(?:\r?\n|$)/.exec(source) ?? [];
  if (whole === undefined) {
    mistakes.add({ start: 0, end: /^.*/.exec(source)?.[0].length ?? 1 }, l10n.t('A lesson begins with its title and what one can say afterwards: a line ---, then title: …, after: …, and --- again.'));
    return { title: null, after: null, end: 0 };
  }
  const block = readYaml(yaml, whole.indexOf(yaml, 3), mistakes);
  const front = block && fitted(frontMatter, block, mistakes);
  return { title: front?.title ?? null, after: front?.after ?? null, end: whole.length };
}

interface CutStep {
  readonly heading: MarkdownToken;
  readonly range: TextRange;
  readonly tokens: readonly MarkdownToken[];
}

/** Steps begin with headings of level 2; nothing stands before the first. */
function cutIntoSteps(tokens: readonly MarkdownToken[], source: string, lines: readonly number[], mistakes: Mistakes): CutStep[] {
  const starts = [...tokens.keys()].filter((index) => isStep(tokens[index]));
  const before = tokens.slice(0, starts[0] ?? tokens.length).find(({ map }) => map);
  if (before?.map) mistakes.add(lineRange(source, lines, before.map[0]), l10n.t('Before the first step there is nothing but the title.'));
  return starts.flatMap((start, step) => {
    const heading = tokens[start + 1];
    return heading?.map ? [{ heading, range: lineRange(source, lines, heading.map[0]), tokens: tokens.slice(start + 3, starts[step + 1]) }] : [];
  });
}

function isStep(token: MarkdownToken | undefined): boolean {
  return token?.type === 'heading_open' && token.tag === 'h2' && token.level === 0;
}

function lineRange(source: string, lines: readonly number[], line: number): TextRange {
  const start = lines[line] ?? source.length;
  return { start, end: start + (/^[^\r\n]*/.exec(source.slice(start))?.[0].length ?? 0) };
}

