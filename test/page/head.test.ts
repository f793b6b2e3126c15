/** One head step by step in the page: its numbers follow from one another, by pointer and by keys. */
import { describe, expect, it } from 'vitest';
import { initialView } from '../../webview/viewState.ts';
import { keepScreenshot, pageBench, type Opened } from './pageBench.ts';
import { long } from './texts.ts';

const bench = pageBench();
const sentence = 'The teacher taught the student with the book.';
const headView = { ...initialView, picture: 'head', layer: 2, heads: [1], pinned: { sequence: 'text', token: 7 } } as const;

/** A cell's number; its minus is a real one. */
const number = (text: string): number => Number(text.replace('−', '-').replace(' %', '').replace('+', ''));

async function rows({ hosted }: Opened): Promise<string[][]> {
  await hosted.page.locator('table.steps tbody tr').first().waitFor();
  return hosted.page.locator('table.steps tbody tr').evaluateAll((all) => all.map((row) => [...row.children].map((cell) => cell.textContent)));
}

describe('one head', () => {
  it('goes from products to scores to weights, and masks what comes after the query', async () => {
    const opened = await bench.open({ text: sentence, view: headView });
    const cells = await rows(opened);
    expect(cells.map(([key]) => key)).toEqual(['The (0)', 'teacher (1)', 'taught (2)', 'the (3)', 'student (4)', 'with (5)', 'the (6)', 'book (7)', '. (8)']);
    expect(await opened.hosted.page.locator('table.steps thead th').allInnerTexts()).toEqual(['book (7)', 'Key', 'k', 'q · k', '÷ √32', 'score', 'softmax', 'v']);
    for (const [, , product = '', scaled = '', score = ''] of cells.slice(0, 8)) {
      expect(number(scaled)).toBeCloseTo(number(product) / Math.sqrt(32), 1);
      expect(score).toBe(scaled);
    }
    expect(cells[8]?.slice(4, 6)).toEqual(['−∞', '0 %']);
    const scores = cells.slice(0, 8).map((row) => number(row[4] ?? ''));
    const sum = scores.reduce((total, score) => total + Math.exp(score), 0);
    for (const [i, score] of scores.entries()) expect(Math.abs(number(cells[i]?.[5]?.replace('< ', '') ?? '') - (100 * Math.exp(score)) / sum)).toBeLessThan(1.1);
    expect(await opened.hosted.page.locator('.picture-caption').innerText()).toMatch(/^In layer 2, head 1, book \(7\) looks most at .+ \(\d\), with \d+ % of its weight\. 1 key is masked/);
    await keepScreenshot(opened.hosted, 'head-steps');
  });

  it('is gone through one multiplication at a time, by keys', async () => {
    const opened = await bench.open({ text: sentence, view: headView });
    const { page } = opened.hosted;
    const cells = await rows(opened);
    await page.getByRole('button', { name: 'teacher (1)' }).focus();
    await page.keyboard.press('Enter');
    const words = page.locator('.walk-words');
    await expect.poll(async () => number(/Sum so far: (.+?)\. /.exec(await words.innerText())?.[1] ?? '')).toBeCloseTo(number(cells[1]?.[2] ?? ''), 1);
    await page.locator('.stepper input[type=range]').focus();
    await page.keyboard.press('Home');
    await expect.poll(() => words.innerText()).toBe('Sum so far: 0.000.');
    let sum = 0;
    for (const component of [0, 1, 2]) {
      await page.keyboard.press('ArrowRight');
      await expect.poll(() => words.innerText()).toContain(`Component ${component}: `);
      const [, q = '', k = '', product = '', total = ''] = /: (.+) × (.+) = (.+)\. Sum so far: (.+)\./.exec(await words.innerText()) ?? [];
      expect(number(product)).toBeCloseTo(number(q) * number(k), 1);
      sum += number(product);
      expect(number(total)).toBeCloseTo(sum, 1);
    }
  });

  it('adds exponentials to what softmax divides by, and values to what is handed on', async () => {
    const opened = await bench.open({ text: sentence, view: headView });
    const { page } = opened.hosted;
    const own = (await rows(opened))[7]?.[5] ?? '';
    expect(own).toMatch(/^\d+(\.\d+)? %$/);
    await page.getByRole('radio', { name: 'Softmax' }).click();
    await expect.poll(() => page.locator('.walk-words').innerText()).toMatch(/^book \(7\): e\^\(.+ − .+\) = .+\. Sum so far: (.+)\. Divided by \1, this key gets .+ %\.$/);
    await page.getByRole('radio', { name: 'Σ weight · v' }).click();
    await expect.poll(() => page.locator('.walk-words').innerText()).toBe(`book (7): ${own} of its value is added. 100 % of all weight is in the sum so far.`);
    // What was added up is what the run has.
    const pixels = await page.locator('.walk canvas').evaluateAll((all) => all.map((canvas) => (canvas instanceof HTMLCanvasElement ? [...(canvas.getContext('2d')?.getImageData(0, 0, canvas.width, 1).data ?? [])] : [])));
    expect(pixels[1]).toEqual(pixels[2]);
    expect(new Set(pixels[2]).size).toBeGreaterThan(8);
  });

  it('steps from head to head and has a table for those who do not see strips', async () => {
    const opened = await bench.open({ text: sentence, view: headView });
    const { page } = opened.hosted;
    await rows(opened);
    await page.locator('.picture-caption').hover();
    await page.keyboard.press(']');
    await expect.poll(() => page.locator('.picture-caption').innerText()).toContain('In layer 2, head 2, ');
    await page.keyboard.press('[');
    await page.keyboard.press('[');
    await page.keyboard.press('[');
    await expect.poll(() => page.locator('.picture-caption').innerText()).toContain('In layer 2, head 7, ');
    await page.locator('.picture').getByRole('button', { name: 'Show as table' }).click();
    const table = page.locator('.picture table.data');
    expect(await table.locator('tbody tr').count()).toBe(9);
    expect(await table.locator('thead th').allInnerTexts()).toEqual(['Key', 'q · k', '÷ √32', 'score', 'e^(score − max)', 'softmax']);
  });

  it('of a long text shows the keys near the query first, and others on demand', async () => {
    const opened = await bench.open({ text: long, view: { ...headView, pinned: { sequence: 'text', token: 300 } }, width: 380, height: 900 });
    const { page } = opened.hosted;
    expect(await rows(opened)).toHaveLength(40);
    expect(await page.locator('.picture .toolbar').innerText()).toContain('Keys 265–304 of 512');
    await page.getByRole('button', { name: 'Keys before these' }).click();
    await expect.poll(() => page.locator('.picture .toolbar').innerText()).toContain('Keys 225–264 of 512');
    await page.getByRole('radio', { name: 'Strongest first' }).click();
    await expect.poll(() => page.locator('.picture .toolbar').innerText()).toContain('Keys 1–40 of 512');
    const weights = (await rows(opened)).map((row) => number(row[5]?.replace('< ', '') ?? ''));
    expect(weights).toEqual([...weights].sort((a, b) => b - a));
    expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
  });

  it('of a translator looks from the output to the text', async () => {
    const opened = await bench.open({ text: sentence, model: 'translator', view: { ...initialView, picture: 'head', part: 'cross', layer: 2, heads: [0] } });
    const cells = await rows(opened);
    expect(cells.length).toBeGreaterThan(9);
    expect(cells.every((row) => row[4] !== '−∞')).toBe(true);
    expect(await opened.hosted.page.locator('.picture-caption').innerText()).toMatch(/^In cross-attention, layer 2, head 0, /);
  });
});
