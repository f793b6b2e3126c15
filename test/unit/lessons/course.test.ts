/** The course in both languages, played on the embedded models: each stated number is measured, each check is passed by its answer and failed by its wrong one. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { courseLessons } from '../../../src/lessons/courseNames.ts';
import { judge, type Finding } from '../../../src/lessons/judge.ts';
import type { LessonFile } from '../../../src/lessons/lessonFile.ts';
import { parseLesson } from '../../../src/lessons/parse.ts';
import { picturesOf } from '../../../webview/pictures.ts';
import { root } from '../../support/engine.ts';
import { embedded, lessonNames, startLaboratory, type TestLaboratory } from '../../support/laboratory.ts';

const locales = ['en', 'zh-cn'] as const;

function read(locale: string, name: string): { file: LessonFile; mistakes: readonly string[]; source: string } {
  const source = readFileSync(join(root, 'media/lessons', locale, `${name}.md`), 'utf8');
  const { file, mistakes } = parseLesson(name, source, { models: embedded, lessons: courseLessons });
  if (!file) throw new Error(`${locale}/${name} cannot be read: ${mistakes.map(({ message }) => message).join(' ')}`);
  return { file, source, mistakes: mistakes.map(({ range, message }) => `line ${String(source.slice(0, range.start).split('\n').length)}: ${message}`) };
}

/** What must be the same in both languages: what is shown, measured and asked, without what is said. */
function bones({ steps }: LessonFile): unknown {
  return steps.map(({ id, setting, show, claims, check }) => ({ id, setting, show: show?.wish, claims: claims.map((claim) => [claim.id, claim.measurement]), check: check && silent(check.wish) }));
}

/** A check without its sentences. */
function silent(wish: object): unknown {
  return JSON.parse(JSON.stringify(wish), (key: string, value: unknown) => {
    if (key === 'task' || key === 'hint' || (key === 'text' && typeof value === 'string' && 'options' in wish)) return undefined;
    return key === 'options' && Array.isArray(value) ? value.map((option: unknown) => (typeof option === 'string' ? {} : option)) : value;
  });
}

function wrongOf(finding: Finding): string[] {
  if (finding.of === 'claim') return finding.holds ? [] : [`${finding.step}: ${finding.id} is stated as ${finding.stated}, but measured as ${String(finding.measured)}`];
  if (finding.of === 'answer') return finding.passed === finding.shouldPass ? [] : [`${finding.step}: ${finding.path.join('.')} ${finding.passed ? 'passes' : 'fails'} (${finding.measured})`];
  return [`${finding.step}: ${JSON.stringify(finding)}`];
}

describe('the course', () => {
  it.each(locales)('has its lessons in %s', (locale) => {
    expect(lessonNames(locale)).toEqual([...courseLessons]);
  });

  it.each(courseLessons)('%s is the same in both languages', (name) => {
    expect(bones(read('zh-cn', name).file)).toEqual(bones(read('en', name).file));
  });

  it.each(courseLessons)('%s has five to nine steps, and each states what it measures', (name) => {
    const { steps } = read('en', name).file;
    expect(steps.length).toBeGreaterThanOrEqual(5);
    expect(steps.length).toBeLessThanOrEqual(9);
    expect(steps.filter(({ check }) => check).length).toBeGreaterThan(0);
  });
});

describe.each(locales)('lessons in %s', (locale) => {
  it.each(courseLessons)('%s reads without a mistake', (name) => {
    expect(read(locale, name).mistakes).toEqual([]);
  });
});

describe('on the embedded models', () => {
  let lab: TestLaboratory;
  beforeAll(() => {
    lab = startLaboratory();
  });
  afterAll(() => lab.end());

  // The Chinese lessons measure the same: only what they state of it is their own.
  it.each(courseLessons)('%s holds in both languages', { timeout: 120_000 }, async (name) => {
    const wrong: string[] = [];
    for await (const finding of judge(read('en', name).file, lab.laboratory)) {
      wrong.push(...wrongOf(finding));
    }
    const claimsOnly = read('zh-cn', name).file;
    const stated: LessonFile = { ...claimsOnly, steps: claimsOnly.steps.map((step) => ({ ...step, check: null })) };
    for await (const finding of judge(stated, lab.laboratory)) wrong.push(...wrongOf(finding).map((sentence) => `zh-cn: ${sentence}`));
    expect(wrong).toEqual([]);
  });

  it('shows pictures that its models have', async () => {
    for (const name of courseLessons) {
      for (const { id, setting, show } of read('en', name).file.steps) {
        if (!setting || !show?.wish.picture) continue;
        const { info } = await lab.laboratory.run(setting);
        expect(picturesOf(info.model), `${name} ${id}`).toContain(show.wish.picture);
      }
    }
  });
});
