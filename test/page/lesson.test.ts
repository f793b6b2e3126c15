import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import type { CourseEntry, PageMessage } from '../../src/protocol.ts';
import type { HostedPage, ThemeKind } from '../support/pageServer.ts';
import { LessonHost, type LessonHostOptions } from './lessonHost.ts';
import { keepScreenshot, pageBench, type OpenOptions } from './pageBench.ts';

const bench = pageBench();
const opened: LessonHost[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map((lesson) => lesson.dispose()));
});

/** The player's lesson at a step. */
async function take(step: string, options: OpenOptions & LessonHostOptions = {}, file = './lessons/player.md'): Promise<{ hosted: HostedPage; lesson: LessonHost }> {
  const { hosted, host } = await bench.open(options);
  const lesson = new LessonHost(host.engine, host, hosted, file, options);
  opened.push(lesson);
  await lesson.open(step);
  return { hosted, lesson };
}

/** Presses Tab until the keyboard's focus is on something that `selector` selects. */
async function tabTo({ page }: HostedPage, selector: string): Promise<void> {
  for (let presses = 0; presses < 80; presses++) {
    if (await page.evaluate((wanted) => document.activeElement?.matches(wanted) === true, selector)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not come to ${selector}.`);
}

const hint = (hosted: HostedPage, text: string | RegExp): Promise<void> => hosted.page.locator('.told.hint', { hasText: text }).waitFor();
const passed = (hosted: HostedPage, text: string | RegExp = ''): Promise<void> => hosted.page.locator('.told.passed', { hasText: text }).waitFor();
const heading = (hosted: HostedPage): Promise<string> => hosted.page.evaluate(() => (document.activeElement?.tagName === 'H2' ? document.activeElement.textContent : ''));

async function keys({ page }: HostedPage, ...pressed: readonly string[]): Promise<void> {
  for (const key of pressed) await page.keyboard.press(key);
}

/** The step's view has come. */
const atHead = (hosted: HostedPage, layer: number, head: number): Promise<void> => hosted.page.locator(`.head-button[aria-pressed="true"][aria-label^="Layer ${layer}, head ${head}:"]`).waitFor();

describe('by the keyboard alone', () => {
  it('an answer is chosen: a wrong one gets its hint, the right one ends the step, and focus goes with the steps', async () => {
    const { hosted } = await take('sentence');
    await keys(hosted, 'l');
    expect(await heading(hosted)).toBe('A sentence, token by token');
    await tabTo(hosted, '.check vscode-button');
    await keys(hosted, 'Enter');
    await hosted.page.locator('.check-verdict', { hasText: 'Choose one of the answers first.' }).waitFor();
    await keys(hosted, 'Shift+Tab', 'ArrowDown', 'Enter');
    await hint(hosted, 'hatched');
    expect(await hosted.page.locator('.step-mark[data-done="true"]').count()).toBe(0);
    await keys(hosted, 'ArrowUp', 'Enter');
    await passed(hosted);
    await hosted.page.locator('.step-mark[data-done="true"]').waitFor();
    await keys(hosted, 'n');
    await hosted.page.locator('.step-count', { hasText: 'Step 2 of 9' }).waitFor();
    await expect.poll(() => heading(hosted)).toBe('From scores to weights');
    expect(await hosted.page.locator('.told').count()).toBe(0);
    await keys(hosted, 'p');
    await expect.poll(() => heading(hosted)).toBe('A sentence, token by token');
  });

  it('a number is guessed before it is revealed', async () => {
    const { hosted } = await take('weights');
    await keys(hosted, 'l');
    await tabTo(hosted, '.number-field input');
    await keys(hosted, 'Enter');
    await hosted.page.locator('.check-verdict', { hasText: 'Write a number first.' }).waitFor();
    await keys(hosted, '8', 'Enter');
    await hint(hosted, 'full stop');
    await keys(hosted, 'Backspace', '9', 'Enter');
    await passed(hosted, '9');
    await tabTo(hosted, '.step-ends vscode-button:last-child');
    await keys(hosted, 'Enter');
    await expect.poll(() => heading(hosted)).toBe('Which is likelier?');
  });

  it('one of some options is guessed, and the measured numbers of all are told', async () => {
    const { hosted } = await take('likelier');
    await keys(hosted, 'l');
    await tabTo(hosted, '.option input');
    await keys(hosted, ' ', 'Enter');
    await hosted.page.locator('.told').waitFor();
    const values = await hosted.page.locator('.measured dd').allInnerTexts();
    expect(values).toHaveLength(3);
    const shares = values.map((value) => Number.parseFloat(value));
    const best = shares.indexOf(Math.max(...shares));
    for (const [option, state] of [[(best + 1) % 3, 'hint'], [best, 'passed']] as const) {
      await hosted.page.locator('.option input').nth(option).focus();
      await keys(hosted, ' ', 'Enter');
      await hosted.page.locator(`.told.${state}`).waitFor();
    }
  });

  it('a head is found', async () => {
    const { hosted } = await take('head');
    await atHead(hosted, 2, 1);
    await keys(hosted, 'l');
    await tabTo(hosted, '.check vscode-button');
    expect(await hosted.page.locator('.check-chosen').innerText()).toBe('Chosen now: head 1 of layer 2.');
    await keys(hosted, 'Enter');
    await hint(hosted, /bright line.*wanted: above 0\.4.*0\.35/s);
    // The keys of the live view also work from the lesson.
    await keys(hosted, ']', ']', ']', ']');
    await hosted.page.locator('.check-chosen', { hasText: 'head 5 of layer 2' }).waitFor();
    await keys(hosted, 'Enter');
    await passed(hosted, /0\.4[23]/);
  });

  it('a token is pointed at', async () => {
    const { hosted } = await take('point');
    await atHead(hosted, 2, 1);
    await keys(hosted, 'l');
    await tabTo(hosted, '.check vscode-button');
    await keys(hosted, 'Enter');
    await hint(hosted, 'Pin a token first.');
    await keys(hosted, 'l', 'ArrowRight', 'ArrowRight', 'Enter', 'l');
    // Back where one was.
    expect(await hosted.page.evaluate(() => document.activeElement?.closest('.check') !== null)).toBe(true);
    await hosted.page.locator('.check-chosen', { hasText: 'Pinned now' }).waitFor();
    await keys(hosted, 'Enter');
    await hint(hosted, 'Who is taught?');
    await keys(hosted, 'l', 'Escape', 'Home', 'ArrowRight', 'ArrowRight', 'ArrowRight', 'ArrowRight', 'Enter', 'l');
    await hosted.page.locator('.check-chosen', { hasText: 'student' }).waitFor();
    await keys(hosted, 'Enter');
    await passed(hosted);
  });

  it('the text is changed, and the model runs as one types', async () => {
    const { hosted } = await take('text');
    await keys(hosted, 'l');
    await tabTo(hosted, '.lesson-text textarea');
    await keys(hosted, 'Enter');
    await hint(hosted, 'What does one read?');
    await keys(hosted, 'ControlOrMeta+a');
    await hosted.page.keyboard.type('The teacher read the');
    await hosted.page.locator('.strip', { hasText: /read·the$/ }).waitFor();
    await keys(hosted, 'Enter');
    await passed(hosted, /probability/i);
    await tabTo(hosted, '.lesson-text .link');
    await keys(hosted, 'Enter');
    await hosted.page.locator('.strip', { hasText: 'student' }).waitFor();
    expect(await hosted.page.locator('.lesson-text textarea').inputValue()).toBe('The teacher taught the student with the book.');
  });

  it('something is switched off', async () => {
    const { hosted } = await take('experiment');
    await hosted.waitFor((message): message is PageMessage => message.type === 'view' && message.view.target !== null);
    await keys(hosted, 'l');
    await tabTo(hosted, '.check vscode-button');
    await keys(hosted, 'Enter');
    await hint(hosted, 'Switch something off first.');
    await keys(hosted, 'l', 'End', 'Delete', 'l');
    await hosted.page.locator('.check-chosen', { hasText: 'One thing is switched off now.' }).waitFor();
    await keys(hosted, 'Enter');
    await passed(hosted, /fall by at least 5/);
  });

  it('a view is brought about', async () => {
    const { hosted } = await take('view');
    await keys(hosted, 'l');
    await tabTo(hosted, '.check vscode-button');
    await keys(hosted, 'Enter');
    await hint(hosted, 'tabs');
    await hosted.page.locator('vscode-panel-tab', { hasText: 'Graph' }).focus();
    await keys(hosted, 'Enter');
    await hosted.page.locator('.layers vscode-dropdown').focus();
    for (let presses = 0; presses < 6 && !(await hosted.page.locator('.layers vscode-dropdown').evaluate((box) => 'value' in box && box.value === '4')); presses++) await keys(hosted, 'ArrowDown');
    await hosted.page.locator('.check vscode-button').focus();
    await keys(hosted, 'Enter');
    await passed(hosted);
  });
});

describe('the live view', () => {
  it('names a layer that only the next model has', async () => {
    const { hosted } = await take('reader', {}, './lessons/models.md');
    const layer = hosted.page.locator('.layers vscode-dropdown .selected-value');
    await expect.poll(() => layer.innerText()).toBe('Layer 3');
    await keys(hosted, 'n');
    await expect.poll(() => layer.innerText()).toBe('Layer 5');
  });

  it('is left and come back to', async () => {
    const { hosted } = await take('sentence');
    await atHead(hosted, 2, 1);
    const way = hosted.page.locator('.step-return');
    await expect.poll(() => way.getAttribute('data-shown')).toBe('false');
    await keys(hosted, 'PageDown');
    await expect.poll(() => way.getAttribute('data-shown')).toBe('true');
    await way.getByRole('button').focus();
    await keys(hosted, 'Enter');
    await atHead(hosted, 2, 1);
    await expect.poll(() => way.getAttribute('data-shown')).toBe('false');
  });

  it('lights up where words point: tokens, places', async () => {
    const { hosted } = await take('sentence');
    await atHead(hosted, 2, 1);
    await hosted.page.locator('.point', { hasText: 'book' }).first().focus();
    await hosted.page.locator('.chip.lit.focused', { hasText: 'book' }).waitFor();
    await hosted.page.locator('.point', { hasText: 'what is expected next' }).focus();
    expect(await hosted.page.locator('.chip.lit').count()).toBe(0);
    expect(await hosted.page.locator('.bars').evaluate((bars) => getComputedStyle(bars).outlineWidth)).toBe('2px');
    await hosted.page.locator('.point', { hasText: 'second' }).hover();
    await hosted.page.locator('[data-token="6"].lit').waitFor();
    await hosted.page.locator('.point', { hasText: 'second' }).click();
    await hosted.page.locator('[data-token="6"].pinned').waitFor();
    await hosted.page.locator('.lesson h2').hover();
    expect(await hosted.page.locator('.chip.lit').count()).toBe(0);
  });

  it('lights up where words point: heads, layers, one cell of the map', async () => {
    const { hosted } = await take('weights');
    await atHead(hosted, 2, 1);
    await hosted.page.locator('.point', { hasText: 'head 1' }).focus();
    expect(await hosted.page.locator('.head-button[data-lit="true"]').count()).toBe(1);
    await hosted.page.locator('.point', { hasText: /^layer 2$/ }).focus();
    expect(await hosted.page.locator('.head-button[data-lit="true"]').count()).toBe(8);
    await hosted.page.locator('.point', { hasText: 'book' }).focus();
    expect(await hosted.page.locator('.chip.lit').allInnerTexts()).toEqual(['·teacher', '·book']);
    await hosted.page.locator('.drawing .canvas-box[aria-label*="book → "]').waitFor();
  });

  it('says where a word points at nothing, since the text is another now', async () => {
    const { hosted } = await take('sentence');
    await atHead(hosted, 2, 1);
    await hosted.page.locator('.point[aria-disabled="false"]', { hasText: 'book' }).first().waitFor();
    await hosted.page.getByText('Try other words').click();
    await hosted.page.locator('.lesson-text textarea').fill('The cat sat down.');
    await hosted.page.locator('.strip', { hasText: 'cat' }).waitFor();
    const point = hosted.page.locator('.point', { hasText: 'book' }).first();
    await expect.poll(() => point.getAttribute('aria-disabled')).toBe('true');
    expect(await point.getAttribute('title')).toBe('This is not in the text that is shown now.');
  });
});

it('formulas are MathML, called by their TeX', async () => {
  const { hosted } = await take('weights');
  const formula = hosted.page.locator('.formula math');
  expect(await formula.evaluate((math) => [math.namespaceURI, math.querySelectorAll('mfrac').length, math.querySelectorAll('msqrt').length])).toEqual(['http://www.w3.org/1998/Math/MathML', 1, 2]);
  expect(await formula.getAttribute('aria-label')).toContain('\\sqrt{d}');
  expect((await formula.boundingBox())?.height).toBeGreaterThan(30);
  expect(await hosted.page.locator('.lesson-prose p math').count()).toBe(3);
});

it('hostile prose is text', async () => {
  const { hosted } = await take('hostile');
  expect(await hosted.page.locator('.lesson-prose').innerText()).toContain('<img src=x onerror="window.hacked = true"> and <script>window.hacked = true</script> are letters.');
  expect(await hosted.page.locator('.lesson img, .lesson script').count()).toBe(0);
  expect(await hosted.page.evaluate(() => 'hacked' in window)).toBe(false);
});

it('numbers say where they come from, and the model what it is', async () => {
  const { hosted } = await take('sentence');
  await hosted.page.locator('.step-foot summary').click();
  expect(await hosted.page.locator('.claims dt').allInnerTexts()).toEqual(['6', '8']);
  expect(await hosted.page.locator('.claims dd').first().innerText()).toContain('storyteller');
  await expect.poll(() => hosted.page.locator('.facts').innerText()).toMatch(/storyteller is decoder-only.* 6 layers, 8 heads.* positions are learned/);
});

it('nothing around the page of a step moves from one to the next', async () => {
  const { hosted } = await take('sentence');
  const places = (): Promise<unknown> => hosted.page.evaluate(() => ['.lesson-header', '.step-list', '.lesson-page', '.step-ends'].map((part) => JSON.stringify(document.querySelector(part)?.getBoundingClientRect())));
  const first = await places();
  for (const count of [2, 3, 4]) {
    await keys(hosted, 'n');
    await hosted.page.locator('.step-count', { hasText: `Step ${count} of 9` }).waitFor();
    expect(await places()).toEqual(first);
  }
});

describe.each(['dark', 'light', 'hc-dark', 'hc-light'] as const satisfies readonly ThemeKind[])('in the %s theme', (theme) => {
  it.each([360, 760, 1100, 1600])('everything has its place at %i px', async (width) => {
    const { hosted } = await take('weights', { theme, width, height: 800 });
    await atHead(hosted, 2, 1);
    await keepScreenshot(hosted, `lesson-${theme}-${width}`);
    const faults = await hosted.page.evaluate(() => {
      const outside = [...document.querySelectorAll('.lesson *')].filter((part) => !part.closest('math, .visually-hidden') && part.getBoundingClientRect().right > (document.querySelector('.lesson')?.getBoundingClientRect().right ?? 0) + 1);
      return outside.map((part) => `${part.tagName}.${part.className}`);
    });
    expect(faults).toEqual([]);
    expect(await hosted.page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth)).toBe(true);
    // Some of the picture's side can be seen beside or below the lesson.
    const live = await hosted.page.locator('.live').boundingBox();
    expect(live?.height).toBeGreaterThan(350);
  });
});

it('a narrow panel folds the lesson away, and brings it back', async () => {
  const { hosted } = await take('sentence', { width: 360, height: 800 });
  await hosted.page.getByRole('button', { name: 'Fold the lesson' }).click();
  await hosted.page.locator('.lesson-page').waitFor({ state: 'detached' });
  expect((await hosted.page.locator('.live').boundingBox())?.height).toBeGreaterThan(600);
  await hosted.page.getByRole('button', { name: 'Unfold the lesson' }).click();
  await hosted.page.locator('.lesson-page h2').waitFor();
});

it('speaks Chinese', async () => {
  const strings = JSON.parse(readFileSync(new URL('../../l10n/bundle.l10n.zh-cn.json', import.meta.url), 'utf8')) as Record<string, string>;
  const { hosted } = await take('head', { locale: 'zh-cn', strings });
  await hosted.page.locator('.step-count', { hasText: '第 4 步，共 9 步' }).waitFor();
  const said = await hosted.page.evaluate(() => [...document.querySelectorAll('.lesson-header, .step-list, .check-title, .check-actions, .step-ends, .step-foot')].map((part) => part.textContent).join(' '));
  expect(said.replaceAll(/storyteller|What a head looks at/g, '')).not.toMatch(/[A-Za-z]{2}/);
  await hosted.page.locator('.check vscode-button').click();
  await hosted.page.locator('.told.hint', { hasText: '还不对' }).waitFor();
  expect(await hosted.page.locator('.lesson').evaluate((lesson) => [...lesson.querySelectorAll('em:lang(zh)')].every((part) => getComputedStyle(part).fontStyle === 'normal'))).toBe(true);
});

it('what was done in a lesson can be forgotten', async () => {
  const { hosted } = await take('sentence');
  await hosted.page.locator('.option input').first().check();
  await hosted.page.locator('.check vscode-button').click();
  await hosted.page.locator('.check-done').waitFor();
  await hosted.page.getByRole('button', { name: 'Forget what was done in this lesson…' }).focus();
  await keys(hosted, 'Enter');
  await hosted.page.locator('.check-done').waitFor({ state: 'detached' });
  expect(await hosted.page.locator('.kept').count()).toBe(0);
  await expect.poll(() => heading(hosted)).toBe('A sentence, token by token');
});

describe('the course', () => {
  const lessons: readonly CourseEntry[] = ['Tokens', 'Embeddings', 'Positions'].map((title, at) => ({ id: `0${at + 2}-${title.toLowerCase()}`, title, after: `I can explain ${title}.`, steps: 6, done: [6, 2, 0][at] ?? 0 }));

  it('is a list with what is done, opened by the keyboard', async () => {
    const { hosted, host } = await bench.open({ width: 900 });
    host.post({ type: 'course', lessons });
    await hosted.page.locator('.course-entry').first().waitFor();
    expect(await hosted.page.locator('.course-progress').allInnerTexts()).toEqual(['done', '2 of 6 steps', '0 of 6 steps']);
    await tabTo(hosted, '.course-actions vscode-button');
    expect(await hosted.page.locator('.course-actions').innerText()).toContain('Go on with “Embeddings”');
    await keys(hosted, 'Enter');
    await hosted.waitFor((message): message is PageMessage => message.type === 'lesson' && message.action === 'open' && message.id === '03-embeddings');
    await keys(hosted, 'Tab', 'Tab', 'Tab', 'Enter');
    await hosted.waitFor((message): message is PageMessage => message.type === 'lesson' && message.action === 'open' && message.id === '04-positions');
    await tabTo(hosted, '.course-foot .link');
    await keys(hosted, 'Enter');
    await hosted.waitFor((message): message is PageMessage => message.type === 'lesson' && message.action === 'export');
  });

  it('leads to the beginning of the lesson that is opened by the keyboard', async () => {
    const { hosted } = await take('sentence');
    await hosted.page.getByRole('button', { name: 'All lessons' }).focus();
    await keys(hosted, 'Enter');
    await tabTo(hosted, '.course-entry');
    await keys(hosted, 'Enter');
    await expect.poll(() => heading(hosted)).toBe('A sentence, token by token');
  });

  it('goes back to the lesson from which it was opened', async () => {
    const { hosted } = await take('sentence');
    await hosted.page.getByRole('button', { name: 'All lessons' }).click();
    await hosted.page.locator('.course h1').waitFor();
    expect(await hosted.page.locator('.course-title').allInnerTexts()).toEqual(['What a head looks at', 'Many heads']);
    await keys(hosted, 'Escape');
    await hosted.page.locator('.lesson h2').waitFor();
  });
});
