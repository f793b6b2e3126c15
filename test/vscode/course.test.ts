import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as l10n from '@vscode/l10n';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { courseLessons } from '../../src/lessons/courseNames.ts';
import type { ShowWish } from '../../src/lessons/blockSchemas.ts';
import type { RunWish } from '../../src/lessons/laboratory.ts';
import type { CheckFile, LessonFile, StepFile } from '../../src/lessons/lessonFile.ts';
import { parseLesson } from '../../src/lessons/parse.ts';
import { referencesOf } from '../../src/lessons/referenceAnswers.ts';
import { runOf } from '../../src/lessons/runOf.ts';
import { viewOfStep } from '../../src/lessons/shownView.ts';
import { plainText } from '../../webview/lesson/plainText.ts';
import { groupOf, picturesOf } from '../../webview/pictures.ts';
import { root } from '../../scripts/setup.mjs';
import { AnswerKeys } from '../support/answerKeys.ts';
import { headlight } from '../support/commandLine.ts';
import { embedded, startLaboratory, type TestLaboratory } from '../support/laboratory.ts';
import { PanelKeys } from '../support/panelKeys.ts';
import { VscodeWindow } from '../support/vscodeWindow.ts';

const languages = [
  { language: 'en', folder: 'en', welcome: 'Headlight: Welcome', door: 'Take the course', button: 'Open Course' },
  { language: 'zh-cn', folder: 'zh-cn', welcome: 'Headlight: 欢迎', door: '学习课程', button: '打开课程' },
];

function lessonsOf(folder: string): LessonFile[] {
  return courseLessons.map((name) => {
    const { file } = parseLesson(name, readFileSync(join(root, 'media/lessons', folder, `${name}.md`), 'utf8'), { models: embedded, lessons: courseLessons });
    if (!file) throw new Error(`${folder}/${name} cannot be read.`);
    return file;
  });
}

/** The first step with a check of each kind. */
function oneOfEachKind(lessons: readonly LessonFile[]): StepFile[] {
  const steps = lessons.flatMap((lesson) => lesson.steps);
  return steps.filter(({ check }, at) => check && steps.findIndex((step) => step.check?.wish.kind === check.wish.kind) === at);
}

/** What is said in the language, as the page says it. */
function stringsOf(language: string): Record<string, string> {
  return language === 'en' ? {} : (JSON.parse(readFileSync(join(root, `l10n/bundle.l10n.${language}.json`), 'utf8')) as Record<string, string>);
}

// By the keyboard alone: nothing is clicked.
describe.each(languages)('the course, from the welcome to its end, with $language as the display language', ({ language, folder, welcome, door, button }) => {
  let window: VscodeWindow;
  let keys: PanelKeys;
  let lab: TestLaboratory;
  let answers: AnswerKeys;
  const lessons = lessonsOf(folder);
  // What is entered is the same in both languages: in the second, one check of each kind.
  const asked = new Set(language === 'en' ? lessons.flatMap(({ steps }) => steps.filter(({ check }) => check)) : oneOfEachKind(lessons));

  beforeAll(async () => {
    l10n.config({ contents: stringsOf(language) });
    lab = startLaboratory();
    window = await VscodeWindow.open({ name: `course-${language}`, language });
    keys = new PanelKeys(window.page, () => window.panelFrame());
    answers = new AnswerKeys(keys, lab.laboratory);
  });
  afterAll(async () => {
    await lab.end();
    await window.close();
  });

  const panel = (selector: string, text?: string): Locator => window.panelFrame().locator(selector, text === undefined ? {} : { hasText: text });

  it('is entered from the walkthrough', async () => {
    await window.offered(welcome);
    await keys.press('Enter');
    await window.page.locator('.getting-started-step', { hasText: door }).waitFor();
    await window.picture('welcome');
    const step = window.page.locator('[data-step-id$="headlight.welcome.course"]');
    await keys.tabTo(step);
    await keys.press('Enter');
    await expect.poll(() => step.getAttribute('class')).toContain('expanded');
    await keys.tabTo(step.getByRole('button', { name: button }));
    await keys.press('Enter');
    await expect.poll(() => window.panel().locator('.course-entry').count()).toBe(lessons.length);
    await window.picture('list');
  });

  /** What a step shows is there, nothing went wrong on the way to it, and the keyboard is at its beginning. */
  async function arrivesAt({ lesson }: LessonFile, step: StepFile, at: number): Promise<void> {
    const expected = { title: lesson.title, at, focus: true, ran: true, trouble: [], ...(step.setting && step.show ? await shownBy(step.show.wish, runOf(step.setting)) : {}) };
    await expect.poll(() => window.panelFrame().evaluate(whereOneIs), { message: `${lesson.id} ${step.id}` }).toMatchObject(expected);
  }

  /** What can be seen of a step's view: its picture, its pinned token, its layer where the picture is of one. */
  async function shownBy(wish: ShowWish, wanted: RunWish): Promise<object> {
    const run = await lab.laboratory.run(wanted);
    const { picture, pinned, layer } = await viewOfStep(wish, run);
    return {
      ...(picture ? { picture: picturesOf(run.info.model, groupOf(picture)).indexOf(picture) } : {}),
      pinned: pinned ? [`${pinned.sequence} ${String(pinned.token)}`] : [],
      ...(picture === 'graph' || picture === 'map' ? { layer: String(layer) } : {}),
    };
  }

  /** Gives wrong answers, then the right one. */
  async function passes(place: string, step: StepFile, check: CheckFile): Promise<void> {
    const { wish } = check;
    const setting = step.setting ?? { model: '', text: '' };
    const hints = [...check.hints, ...check.optionHints.filter((hint) => hint !== null)].map((hint) => plainText(hint));
    if (wish.kind === 'guess' && wish.options) {
      const outcomes = [];
      for (const option of wish.options.keys()) outcomes.push((await answers.give('guess', { ...setting, given: { option }, view: {} })).passed);
      expect(outcomes.filter(Boolean), place).toHaveLength(1);
      return;
    }
    for (const { passes: right, attempt } of referencesOf(wish, setting).toSorted((a, b) => Number(a.passes) - Number(b.passes))) {
      const given = await attempt(lab.laboratory);
      const told = await answers.give(wish.kind, given);
      expect(told.passed, `${place}: ${JSON.stringify(given)} ${told.text}`).toBe(right);
      if (!right) expect([...hints, l10n.t('Switch something off first.')].some((hint) => told.text.includes(hint)), `${place}: ${told.text}`).toBe(true);
    }
  }

  /** The way on, by the key, or by the button where what is typed is text. */
  async function goOn(): Promise<void> {
    if (await keys.isOn(panel('.lesson input[type=text], .lesson textarea'))) {
      await keys.tabTo(panel('.step-ends vscode-button').last());
      await keys.press('Enter');
    } else {
      await keys.press('n');
    }
  }

  it('goes through every step of its lessons, checks failed and passed', async () => {
    await panel('.course-actions vscode-button[appearance=primary]').waitFor();
    await keys.press('Tab', 'Enter');
    for (const lesson of lessons) {
      for (const [at, step] of lesson.steps.entries()) {
        await arrivesAt(lesson, step, at);
        if (step.check && asked.has(step)) {
          await passes(`${lesson.lesson.id} ${step.id}`, step, step.check);
          await panel(`.step-list li:nth-child(${at + 1}) [data-done=true]`).waitFor();
        }
        await goOn();
      }
    }
  }, 900_000);

  it('tells of each lesson what was done', async () => {
    await panel('.course-entry').last().waitFor();
    await window.picture('done');
    const done = lessons.map(({ steps }) => [steps.filter((step) => !step.check || asked.has(step)).length, steps.length] as const);
    await expect.poll(() => panel('.course-progress').allInnerTexts()).toEqual(done.map(([count, all]) => (count === all ? l10n.t('done') : l10n.t('{0} of {1} steps', count, all))));
  });

  it('hands in a file whose answers hold', async () => {
    await keys.tabTo(panel('.course-foot .link'));
    await keys.press('Enter');
    await window.save(/\/progress\.json$/);
    const file = join(window.folder, 'progress.json');
    await expect.poll(() => readFile(file, 'utf8').catch(() => '')).toContain('"headlightLessons": 1');
    const { code, stdout } = await headlight('lesson', '--json', file);
    const outcomes = (JSON.parse(stdout) as { steps: { came: string; sameModel: boolean | null }[] }).steps;
    expect(outcomes.filter(({ came, sameModel }) => came === 'holds' && sameModel !== false)).toHaveLength(asked.size);
    expect(outcomes.filter(({ came }) => came !== 'holds').map(({ came }) => came)).toEqual(lessons.flatMap(({ steps }) => steps.filter(({ check }) => !check).map(() => 'read')));
    expect(code).toBe(0);
  }, 300_000);

  it('forgets a lesson once that is confirmed', async () => {
    const [first] = lessons;
    await keys.tabTo(panel('.course-entry').first());
    await keys.press('Enter');
    await panel('.lesson-header h1', first?.lesson.title).waitFor();
    const marks = panel('.step-mark[data-done=true]');
    const before = await marks.count();
    expect(before).toBeGreaterThan(0);
    const way = panel('.kept .link').last();
    const dialog = window.page.locator('.monaco-dialog-box');
    await keys.tabTo(way);
    await keys.press('Enter');
    await dialog.waitFor();
    await keys.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(await marks.count()).toBe(before);
    // VS Code gives the keyboard back to the page as a whole.
    await keys.tabTo(way);
    await keys.press('Enter');
    await keys.tabTo(dialog.getByRole('button', { name: l10n.t('Reset') }));
    await keys.press('Enter');
    await expect.poll(() => marks.count()).toBe(0);
    await keys.tabTo(panel('.option input'));
  });
});

/** Runs in the page. */
function whereOneIs(): object {
  const layers = document.querySelector('.layers vscode-dropdown');
  return {
    title: document.querySelector('.lesson-header h1')?.textContent,
    at: [...document.querySelectorAll('.step-list li')].findIndex((mark) => mark.querySelector('[aria-current=step]')),
    focus: document.hasFocus() && document.activeElement === document.querySelector('.lesson h2'),
    ran: / (ms|毫秒)/.test(document.querySelector('.status')?.textContent ?? ''),
    trouble: [...document.querySelectorAll('.trouble')].map(({ textContent }) => textContent),
    picture: [...document.querySelectorAll('.picture vscode-panel-tab')].findIndex((tab) => tab.ariaSelected === 'true'),
    pinned: [...document.querySelectorAll('.strip .pinned')].map((chip) => `${chip.closest('.strip')?.getAttribute('data-sequence') ?? ''} ${chip.getAttribute('data-token') ?? ''}`),
    layer: layers && 'value' in layers ? layers.value : null,
  };
}
