/** Neurons and one token's way in the page: what they say is what the engine measured, by pointer and by keys. */
import { describe, expect, it } from 'vitest';
import { initialView } from '../../webview/viewState.ts';
import { keepScreenshot, pageBench } from './pageBench.ts';
import { long } from './texts.ts';

const bench = pageBench();
const sentence = 'The teacher taught the student with the book.';
const pinned = { sequence: 'text', token: 7 } as const;
const number = (text: string): number => Number(text.replace('−', '-').replace('+', '').replace(',', ''));

describe('neurons', () => {
  const view = { ...initialView, picture: 'neurons', layer: 3, pinned } as const;

  it('are listed by strength, with the tokens that each pushes up and down', async () => {
    const { hosted } = await bench.open({ text: sentence, view });
    const rows = hosted.page.locator('table.neurons tbody tr');
    await expect.poll(() => rows.count()).toBe(10);
    const strengths = (await hosted.page.locator('.neurons .activation').allInnerTexts()).map((text) => Math.abs(number(text)));
    expect(strengths).toEqual([...strengths].sort((a, b) => b - a));
    const [up, down] = await Promise.all([1, 2].map((column) => rows.first().locator(`td:nth-of-type(${column + 1}) .pushed-logit`).allInnerTexts()));
    expect(up?.map(number)).toHaveLength(5);
    expect(up?.every((text) => number(text) > 0) && down?.every((text) => number(text) < 0)).toBe(true);
    expect(await hosted.page.locator('.picture-caption').innerText()).toMatch(/^The 10 strongest of 1,024 neurons of layer 3 at “␣book” \(7\)/);
    await keepScreenshot(hosted, 'neurons');
    await hosted.page.getByRole('radio', { name: '25' }).click();
    await expect.poll(() => rows.count()).toBe(25);
    await hosted.page.getByRole('button', { name: 'Next layer (Page Down)' }).click();
    await expect.poll(() => hosted.page.locator('.picture-caption').innerText()).toContain('of layer 4 at');
  });

  it('are switched off one by one as experiments', async () => {
    const { hosted } = await bench.open({ text: sentence, view });
    const first = hosted.page.locator('table.neurons tbody tr').first();
    const index = Number(await first.locator('th').innerText());
    await first.getByRole('button', { name: 'Off' }).focus();
    await hosted.page.keyboard.press('Enter');
    const experiments = (): unknown => hosted.messages.flatMap((message) => (message.type === 'view' ? [message.view.experiments] : [])).at(-1);
    await expect.poll(experiments).toEqual([{ name: null, on: true, intervention: { kind: 'neuron', part: 'decoder', layer: 3, index, by: 'zero' } }]);
    await expect.poll(() => first.getAttribute('class')).toBe('off');
  });

  it.each([[1400, 640], [700, 500], [360, 420]])('can be switched off in sight, long tokens or not: page %i wide', async (width, height) => {
    const { hosted, host } = await bench.open({ width, height, view });
    // Beside a lesson the picture has half of the window.
    if (width > 1000) host.post({ type: 'lesson', lesson: { lesson: { id: '09-feed-forward', title: '', after: '', steps: [{ id: 'one', title: [], prose: [], show: null, check: null }] }, at: 0, done: [], locale: 'en', before: null, next: null, mistakes: 0 } });
    await host.show('Internationalization and characteristically antidisestablishmentarianism.');
    await hosted.page.locator('table.neurons tbody tr').first().waitFor();
    // No layout lets a token take more than its column has.
    await hosted.page.locator('table.neurons .pushed-tokens .code').evaluateAll((tokens) => tokens.forEach((token) => (token.textContent = 'w'.repeat(200))));
    const outside = await hosted.page.locator('table.neurons').evaluate((table) => {
      const sight = table.parentElement?.getBoundingClientRect();
      return [...table.querySelectorAll('tbody .toggle')].filter((toggle) => !sight || toggle.getBoundingClientRect().right > sight.right || toggle.getBoundingClientRect().left < sight.left).length;
    });
    expect(outside).toBe(0);
  });

  it('have a table that says the same', async () => {
    const { hosted } = await bench.open({ text: sentence, view, width: 360, height: 900 });
    await hosted.page.locator('table.neurons tbody tr').first().waitFor();
    await hosted.page.locator('.picture').getByRole('button', { name: 'Show as table' }).click();
    expect(await hosted.page.locator('.picture table.data thead th').allInnerTexts()).toEqual(['Neuron', 'Activation', 'Promotes', 'Suppresses']);
    expect(await hosted.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
  });
});

describe('the way of one token', () => {
  const view = { ...initialView, picture: 'way', pinned } as const;

  it('goes from its embedding to the prediction', async () => {
    const { hosted } = await bench.open({ text: sentence, view });
    const rows = hosted.page.locator('table.way tbody tr');
    await expect.poll(() => rows.count()).toBe(7);
    await expect.poll(() => hosted.page.locator('.way .read li').count()).toBe(21);
    expect(await rows.locator('th').allInnerTexts()).toEqual(['embedding', ...[0, 1, 2, 3, 4, 5].map((layer) => `layer ${layer}`)]);
    // What is read off at the end is the prediction itself.
    const [end, likeliest] = [await rows.last().locator('.read li').first().innerText(), await hosted.page.locator('.answer .bars .bar-value').first().innerText()];
    expect(end.endsWith(` ${likeliest}`)).toBe(true);
    expect(await hosted.page.locator('.picture-caption').innerText()).toMatch(/^The vector of “␣book” \(7\) goes through 6 layers; its length goes from \d+\.\d to \d+\.\d\. The prediction, “\.” with \d+ %, could be read off from layer \d on\./);
    await keepScreenshot(hosted, 'way');
    await hosted.page.locator('table.way').getByRole('button', { name: 'layer 2' }).click();
    await expect.poll(() => hosted.messages.flatMap((message) => (message.type === 'view' ? [message.view.layer] : [])).at(-1)).toBe(2);
  });

  it('of a translator has three parts a layer in the decoder; nothing is read off in the encoder', async () => {
    const { hosted } = await bench.open({ text: sentence, model: 'translator', view: { ...initialView, picture: 'way', part: 'decoder' } });
    const head = hosted.page.locator('table.way thead th');
    await expect.poll(() => head.allInnerTexts()).toEqual(['After', 'Likeliest if read here', 'Length of the vector', 'Attention adds', 'Cross-attention adds', 'Feed-forward adds']);
    await hosted.page.getByRole('radio', { name: 'Encoder' }).click();
    await expect.poll(() => head.allInnerTexts()).toEqual(['After', 'Length of the vector', 'Attention adds', 'Feed-forward adds']);
    expect(await hosted.page.locator('.picture-caption').innerText()).toContain('no word is read off it');
  });

  it('is there for an encoder and a long text, with a table', async () => {
    const reader = await bench.open({ text: 'The cat sat on the [MASK].', model: 'reader', view: { ...initialView, picture: 'way' }, width: 360, height: 800 });
    await reader.hosted.page.locator('table.way .read li').first().waitFor();
    expect(await reader.hosted.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
    const many = await bench.open({ text: long, view: { ...view, pinned: { sequence: 'text', token: 400 } } });
    await many.hosted.page.locator('table.way .read li').first().waitFor();
    await many.hosted.page.locator('.picture').getByRole('button', { name: 'Show as table' }).click();
    expect(await many.hosted.page.locator('.picture table.data tbody tr').count()).toBe(7);
  });
});
