import { describe, expect, it } from 'vitest';
import type { ThemeKind } from '../support/pageServer.ts';
import { keepScreenshot, pageBench, type Opened } from './pageBench.ts';
import { code, long, mixed, short, story } from './texts.ts';

const bench = pageBench();
const themes: readonly ThemeKind[] = ['dark', 'light', 'hc-dark', 'hc-light'];

/** Text of the strip as it reads, without the forms of what is invisible. */
function readText({ hosted }: Opened): Promise<string> {
  return hosted.page.evaluate(() => {
    const strip = document.querySelector('.strip')?.cloneNode(true);
    if (!(strip instanceof HTMLElement)) return '';
    for (const byte of strip.querySelectorAll('.byte')) byte.remove();
    for (const form of strip.querySelectorAll('.invisible')) form.textContent = form.textContent.replaceAll('·', ' ').replaceAll(/[↵␍]/g, '');
    return strip.textContent;
  });
}

/** Controls that reach over the right edge, and controls that lie over each other. */
function misplaced({ hosted }: Opened): Promise<string[]> {
  return hosted.page.evaluate(() => {
    const controls = [...document.querySelectorAll<HTMLElement>('.toolbar .toggle, .toolbar vscode-button, .toolbar vscode-dropdown, .toolbar vscode-checkbox, .toolbar input, .region-header vscode-button, .region-header vscode-dropdown, .status > *')];
    const boxes = controls.map((control) => ({ name: `${control.tagName} ${control.textContent.trim().slice(0, 20)}`, box: control.getBoundingClientRect() }));
    const faults = boxes.filter(({ box }) => box.right > document.documentElement.clientWidth || box.left < 0).map(({ name }) => `${name} is outside`);
    boxes.forEach(({ name, box }, at) => {
      for (const other of boxes.slice(at + 1)) {
        const wide = Math.min(box.right, other.box.right) - Math.max(box.left, other.box.left);
        const high = Math.min(box.bottom, other.box.bottom) - Math.max(box.top, other.box.top);
        if (wide > 1.5 && high > 1.5) faults.push(`${name} lies over ${other.name}`);
      }
    });
    return faults;
  });
}

/** Whether something was painted on the canvas of `region`. */
function hasPicture({ hosted }: Opened, region: string): Promise<boolean> {
  return hosted.page.evaluate((selector) => {
    const canvas = document.querySelector<HTMLCanvasElement>(`${selector} canvas`);
    const data = canvas?.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data;
    if (!data) return false;
    const colors = new Set<number>();
    for (let at = 0; at < data.length; at += 4) colors.add((data[at] ?? 0) * 65_536 + (data[at + 1] ?? 0) * 256 + (data[at + 2] ?? 0));
    return colors.size > 8;
  }, region);
}

describe.each(themes)('in the %s theme', (theme) => {
  it.each([300, 660, 1400])('everything has its place at %i px', async (width) => {
    const opened = await bench.open({ theme, width, height: 900, text: story });
    await opened.token(20).hover();
    await opened.hosted.page.locator('.strip .shaded').first().waitFor();
    expect(await misplaced(opened)).toEqual([]);
    expect(await hasPicture(opened, '.drawing')).toBe(true);
    expect(await hasPicture(opened, '.navigator')).toBe(true);
    expect(await opened.hosted.page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth)).toBe(true);
    await keepScreenshot(opened.hosted, `story-${theme}-${width}`);
  });
});

describe.each(['reader', 'translator'])('with %s', (model) => {
  it.each([['dark', 300], ['light', 660], ['hc-light', 1400]] as const)('everything has its place in the %s theme at %i px', async (theme, width) => {
    const opened = await bench.open({ theme, width, height: 900 });
    await opened.host.show('The committee will meet again on Monday, and nobody knows why.', 0, model);
    await opened.token(2).hover();
    await opened.hosted.page.locator('.strip .shaded').first().waitFor();
    expect(await misplaced(opened)).toEqual([]);
    expect(await hasPicture(opened, '.drawing')).toBe(true);
    expect(await hasPicture(opened, '.navigator')).toBe(true);
    expect(await opened.hosted.page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth)).toBe(true);
    await keepScreenshot(opened.hosted, `${model}-${theme}-${width}`);
  });
});

it('puts on another theme while it lives', async () => {
  const { hosted } = await bench.open({ theme: 'dark', text: short });
  const hue = (): Promise<string> => hosted.page.locator('.toggle.head').first().evaluate((head) => getComputedStyle(head).getPropertyValue('--hue'));
  const dark = await hue();
  await hosted.setTheme('light');
  await hosted.page.waitForFunction((before) => {
    const head = document.querySelector('.toggle.head');
    return head !== null && getComputedStyle(head).getPropertyValue('--hue') !== before;
  }, dark);
});

it.each([['five tokens', short], ['a story', story], ['code', code], ['Chinese and emoji', mixed.replace('\t', ' ')]])('the strip of %s reads as the text does', async (name, text) => {
  const opened = await bench.open({ width: 700, text });
  expect((await readText(opened)).replaceAll(/⟨200D⟩/g, '\u200d')).toBe(text.replaceAll(/\r\n|\n/g, ''));
  const lines = await opened.hosted.page.locator('.strip br').count();
  expect(lines).toBe(text.split('\n').length - 1);
  await keepScreenshot(opened.hosted, `text-${name.replaceAll(' ', '-')}`);
});

it('shows the part of a long text that the model can see, and goes to the next', async () => {
  const opened = await bench.open({ text: long });
  const { page } = opened.hosted;
  expect(await page.locator('.strip [data-token]').count()).toBe(512);
  expect(await page.locator('.status').innerText()).toMatch(/Tokens 1 to 512 of [\d,]+/);
  await page.getByRole('button', { name: 'Next part of the text' }).click();
  const message = await opened.hosted.waitFor((candidate) => candidate.type === 'window');
  expect(message.start).toBe(512);
  await keepScreenshot(opened.hosted, 'long');
});
