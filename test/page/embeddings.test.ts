/** Embeddings on a plane in the page: their variance, neighbours of the pinned token, moving and zooming by mouse and keys. */
import { describe, expect, it } from 'vitest';
import { initialView } from '../../webview/viewState.ts';
import { keepScreenshot, pageBench, type Opened } from './pageBench.ts';
import { long, mixed, story } from './texts.ts';

const bench = pageBench();
const sentence = 'The teacher taught the student with the book.';
const planeView = { ...initialView, picture: 'embeddings' } as const;

const label = ({ hosted }: Opened): Promise<string | null> => hosted.page.locator('.embeddings .canvas-box').getAttribute('aria-label');
const percent = (text: string | undefined): number => Number(/([\d.]+) %/.exec(text ?? '')?.[1]);

describe('embeddings', () => {
  it('are shown once each, with the share of variance that the plane holds', async () => {
    const opened = await bench.open({ text: sentence, view: planeView });
    const { page } = opened.hosted;
    await expect.poll(() => label(opened)).toMatch(/^Embeddings of 8 different tokens on a plane that holds \d+ % of their variance\.$/);
    const caption = await page.locator('.picture-caption').innerText();
    expect(caption).toMatch(/^These two directions hold (\d+) % of the variance of the 8 embeddings shown, which have 256 numbers each\. The other (\d+) % are not seen/);
    const [held, lost] = [percent(caption), percent(caption.slice(caption.indexOf('The other')))];
    expect(Math.abs(held + lost - 100)).toBeLessThanOrEqual(1);
    await page.locator('.picture').getByRole('button', { name: 'Show as table' }).click();
    const rows = await page.locator('.picture table.data tbody tr').evaluateAll((all) => all.map((row) => [...row.children].map((cell) => cell.textContent)));
    expect(rows.map(([token]) => token)).toEqual(['The', '␣teacher', '␣taught', '␣the', '␣student', '␣with', '␣book', '.']);
    expect(rows[3]?.[2]).toBe('3, 6');
  });

  it('of a pinned token have its neighbours in the whole vocabulary, with their cosines', async () => {
    const opened = await bench.open({ text: story, view: planeView });
    const { page } = opened.hosted;
    await opened.token(8).click();
    await expect.poll(() => page.locator('.neighbours').innerText()).toContain('Nearest to “␣little” in the whole vocabulary');
    await page.locator('.neighbours li').nth(9).waitFor();
    const items = await page.locator('.neighbours li').allInnerTexts();
    expect(items.length).toBeGreaterThanOrEqual(10);
    expect(items[0]).toMatch(/^␣small 0\.\d\d$/);
    const cosines = items.map((text) => Number(text.split(' ').at(-1)));
    expect(cosines).toEqual([...cosines].sort((a, b) => b - a));
    await expect.poll(() => label(opened)).toContain('neighbours of “little”');
    await keepScreenshot(opened.hosted, 'embeddings');
    // Pointing at another token lights it up, and asks nothing.
    const asks = opened.hosted.messages.filter((message) => message.type === 'ask' && message.question === 'projection').length;
    await opened.token(3).hover();
    await page.locator('.strip .focused').waitFor();
    expect(opened.hosted.messages.filter((message) => message.type === 'ask' && message.question === 'projection')).toHaveLength(asks);
  });

  it('move and zoom by keys, by buttons and by the mouse', async () => {
    const opened = await bench.open({ text: story, view: planeView });
    const { page } = opened.hosted;
    const box = page.locator('.embeddings .canvas-box');
    await expect.poll(() => label(opened)).toMatch(/^Embeddings of/);
    const scroll = (): Promise<{ x: number; y: number; width: number }> => box.evaluate((element) => ({ x: element.scrollLeft, y: element.scrollTop, width: element.scrollWidth / element.clientWidth }));
    expect(await scroll()).toEqual({ x: 0, y: 0, width: 1 });
    await box.focus();
    await page.keyboard.press('+');
    await page.keyboard.press('+');
    await expect.poll(async () => (await scroll()).width).toBeCloseTo(1.96, 1);
    const zoomed = await scroll();
    expect(zoomed.x).toBeGreaterThan(0); // about the middle
    await page.keyboard.press('Shift+ArrowRight');
    await expect.poll(async () => (await scroll()).x).toBeCloseTo(zoomed.x + 60, 0);
    const at = await box.boundingBox();
    if (!at) throw new Error('there is no picture');
    const before = await scroll();
    await page.mouse.move(at.x + 200, at.y + 200);
    await page.mouse.down();
    await page.mouse.move(at.x + 150, at.y + 170, { steps: 4 });
    await page.mouse.up();
    await expect.poll(async () => (await scroll()).x).toBeCloseTo(before.x + 50, 0);
    expect((await scroll()).y).toBeCloseTo(before.y + 30, 0);
    await page.getByRole('button', { name: 'Show the whole plane (0)' }).click();
    await expect.poll(async () => (await scroll()).width).toBe(1);
  });

  it('are there for a long text, split characters, every kind of model and a narrow panel', async () => {
    const many = await bench.open({ text: long, view: planeView, width: 360, height: 800 });
    await expect.poll(() => label(many)).toMatch(/^Embeddings of \d+ different tokens/);
    expect(await many.hosted.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
    for (const model of ['reader', 'translator', 'recaller']) {
      const opened = await bench.open({ text: mixed, model, view: planeView });
      await expect.poll(() => label(opened)).toMatch(/^Embeddings of \d+ different tokens/);
    }
  });
});
