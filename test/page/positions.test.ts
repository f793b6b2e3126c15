/** Positions in the page: the model's own, how alike they are, and what the order of words does with them and without. */
import { describe, expect, it } from 'vitest';
import { initialView } from '../../webview/viewState.ts';
import { keepScreenshot, pageBench, type Opened } from './pageBench.ts';
import { long } from './texts.ts';

const bench = pageBench();
const sentence = 'The teacher taught the student with the book.';
const view = { ...initialView, picture: 'positions' } as const;

const label = ({ hosted }: Opened): Promise<string | null> => hosted.page.locator('.positions .canvas-box').getAttribute('aria-label');
const bars = ({ hosted }: Opened): Promise<string[]> => hosted.page.locator('.order-bars li').allInnerTexts();
const shares = async (opened: Opened): Promise<string[]> => (await bars(opened)).map((text) => /= (.+ %)/.exec(text)?.[1] ?? '');

describe('positions', () => {
  it('that are learned are a row of numbers each, and can be compared', async () => {
    const opened = await bench.open({ text: sentence, view });
    const { page } = opened.hosted;
    await expect.poll(() => label(opened)).toBe('Vectors of 64 positions, 256 numbers each.');
    expect(await page.locator('.picture-caption').innerText()).toContain('Positions of storyteller are learned: each of 512 has a vector of 256 numbers');
    await page.getByRole('radio', { name: 'Similarity' }).click();
    await expect.poll(() => label(opened)).toMatch(/^How alike 64 positions are: one apart the cosine is \+0\.\d\d on average, 32 apart [+−]0\.\d\d\.$/);
    await page.locator('.picture').getByRole('button', { name: 'Show as table' }).click();
    const tables = page.locator('.picture table.data');
    await expect.poll(() => tables.nth(1).locator('tbody tr').count()).toBe(64);
    expect(await tables.nth(1).locator('tbody tr').nth(1).innerText()).toMatch(/^1\s+␣teacher\s+\d\.\d\d\s+[+−]0\.\d{3}\s+[+−]0\.\d{3}$/);
  });

  it('matter to a prediction, as words in another order show, with them and without', async () => {
    const opened = await bench.open({ text: sentence, view: { ...view, pinned: { sequence: 'text', token: 7 } } });
    const { page } = opened.hosted;
    await expect.poll(async () => (await bars(opened)).length).toBe(2);
    const button = page.getByRole('button', { name: 'Shuffle Words' });
    await button.focus();
    await page.keyboard.press('Enter');
    await expect.poll(async () => (await bars(opened)).length).toBe(4);
    // Up to the pinned token, which stays last.
    const text = await page.locator('.order-text').innerText();
    expect(text).toMatch(/ book$/);
    expect(text.split(' ').sort()).toEqual('The teacher taught the student with the book'.split(' ').sort());
    expect((await bars(opened)).map((bar) => bar.split('\n')[0])).toEqual(['as written, with positions', 'as written, without positions', 'shuffled, with positions', 'shuffled, without positions']);
    // The first is what the answer beside it says; it is followed on all four.
    const first = (await shares(opened))[0];
    expect(await page.locator('.answer .bars .bar-value').first().innerText()).toBe(first);
    expect(new Set(await shares(opened)).size).toBeGreaterThan(2);
    await keepScreenshot(opened.hosted, 'positions');
    await page.getByRole('button', { name: 'Shuffle Again' }).click();
    await expect.poll(() => page.locator('.order-text').innerText()).not.toBe(text);
    // Another prediction has not been tried.
    await opened.token(4).click();
    await page.getByRole('button', { name: 'Shuffle Words' }).waitFor();
  });

  it('are switched off as an experiment, and on again', async () => {
    const opened = await bench.open({ text: sentence, view });
    const { page } = opened.hosted;
    const toggle = page.getByRole('button', { name: 'Without positions' });
    await toggle.click();
    const last = (): unknown => opened.hosted.messages.flatMap((message) => (message.type === 'view' ? [message.view.experiments] : [])).at(-1);
    await expect.poll(last).toEqual([{ name: null, on: true, intervention: { kind: 'positions', by: 'zero' } }]);
    expect(await toggle.getAttribute('aria-pressed')).toBe('true');
    await toggle.click();
    expect(await toggle.getAttribute('aria-pressed')).toBe('false');
  });

  it('make no difference to a model that sees both ways, once they are left out', async () => {
    const opened = await bench.open({ text: 'the cat saw the [MASK] on a mat', model: 'reader', view });
    await opened.hosted.page.getByRole('button', { name: 'Shuffle Words' }).click();
    await expect.poll(async () => (await bars(opened)).length).toBe(4);
    const all = await shares(opened);
    expect(all[3]).toBe(all[1]);
    expect(all[2]).not.toBe(all[0]);
  });

  it('of an encoder–decoder are those of its parts; of a long text and in a narrow panel they are all seen', async () => {
    const translator = await bench.open({ text: sentence, model: 'translator', view: { ...view, part: 'encoder' } });
    await expect.poll(() => label(translator)).toBe('Vectors of 64 positions, 192 numbers each.');
    expect(await translator.hosted.page.locator('.picture-caption').innerText()).toContain('Positions of translator are sinusoidal');
    expect(await translator.hosted.page.locator('.order-test').innerText()).toContain('does not predict from the text itself');
    const many = await bench.open({ text: long, view, width: 360, height: 800 });
    await expect.poll(() => label(many)).toBe('Vectors of 256 positions, 256 numbers each.');
    expect(await many.hosted.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
  });
});
