/** What a writer has in the panel: sampling and drawing, whole words, candidates that go into the document, two phrasings. */
import type { Locator } from 'playwright-core';
import { describe, expect, it, vi } from 'vitest';
import { EngineClient } from '../../src/engine/client.ts';
import type { PageMessage, Sampling, ViewState } from '../../src/protocol.ts';
import { initialView } from '../../webview/viewState.ts';
import type { ThemeKind } from '../support/pageServer.ts';
import { keepScreenshot, keptView, pageBench, type Opened } from './pageBench.ts';
import { mixed, story } from './texts.ts';

const bench = pageBench();
const neutral: Sampling = { temperature: 1, topK: 0, topP: 1, minP: 0 };

type Inserted = Extract<PageMessage, { type: 'insert' }>;
const isInsert = (message: PageMessage): message is Inserted => message.type === 'insert';

async function openStory(view: Partial<ViewState> = {}, more: { readonly theme?: ThemeKind; readonly width?: number } = {}): Promise<Opened> {
  const opened = await bench.open({ text: story, width: 1100, height: 900, ...more, view: { ...initialView, ...view } });
  await opened.hosted.page.locator('.bars .bar').first().waitFor();
  return opened;
}

const numbers = (text: string): number[] => [...text.matchAll(/[\d.,]*\d/g)].map(([number]) => Number(number.replaceAll(',', '')));
const valuesOf = async ({ hosted }: Opened, bars: string): Promise<number[]> => (await hosted.page.locator(`${bars} .bar-value`).allInnerTexts()).flatMap(numbers);
const leftOut = (opened: Opened, words: string | RegExp): ReturnType<typeof opened.hosted.page.locator> => opened.hosted.page.locator('.sampling p[role="status"]', { hasText: words });

describe('the sliders', () => {
  it('act without another run', async () => {
    const run = vi.spyOn(EngineClient.prototype, 'run');
    const opened = await openStory({ sampling: neutral });
    const before = run.mock.calls.length;
    const [likeliest = 0] = await valuesOf(opened, '.bars .bar');
    await opened.hosted.page.getByRole('slider', { name: 'Temperature' }).fill('0.5');
    await expect.poll(async () => (await valuesOf(opened, '.bars .bar'))[0]).toBeGreaterThan(likeliest + 1);
    await opened.hosted.page.getByRole('slider', { name: 'top-k' }).fill('3');
    await leftOut(opened, /^3 tokens can be drawn/).waitFor();
    expect(run.mock.calls.length).toBe(before);
    run.mockRestore();
  });

  it.each([
    ['top-k', '4'],
    ['top-p', '0.6'],
    ['min-p', '0.2'],
  ] as const)('leave out with %s what is then hollow, and say how much it is', async (name, value) => {
    const opened = await openStory({ sampling: neutral, top: 20 });
    const plain = (await valuesOf(opened, '.bars .bar:not(.rest)')).slice(0, 20);
    await opened.hosted.page.getByRole('slider', { name }).fill(value);
    await leftOut(opened, new RegExp(`${name} [\\d,]+ tokens`)).waitFor();
    const [kept = 0, share = 0] = numbers(await leftOut(opened, name).innerText());
    const expected = { 'top-k': 4, 'top-p': 1 + plain.findIndex((_, i) => sum(plain.slice(0, i + 1)) >= 60), 'min-p': plain.filter((own) => own >= 0.2 * (plain[0] ?? 0)).length }[name];
    expect(kept).toBe(expected);
    expect(share).toBeCloseTo(100 - sum(plain.slice(0, kept)), -0.5);
    expect(await opened.hosted.page.locator('.bars .bar.left-out').count()).toBe(20 - kept);
    const fill = await opened.hosted.page.locator('.bar.left-out .bar-fill').first().evaluate((bar) => getComputedStyle(bar).backgroundColor);
    expect(fill).toBe('rgba(0, 0, 0, 0)');
    // Hollow bars keep their length; the others share the whole.
    expect((await valuesOf(opened, '.bars .bar.left-out'))[0]).toBeCloseTo(plain[kept] ?? NaN, 0);
    expect(sum(await valuesOf(opened, '.bars .bar:not(.left-out):not(.rest)'))).toBeCloseTo(100, -0.5);
  });
});

it('draws the same with the same seed, and shows where the number falls', async () => {
  const { hosted } = await openStory({ sampling: { ...neutral, temperature: 1.5 } });
  const drawn = async (): Promise<string[]> => {
    const sentences: string[] = [];
    for (let count = 1; count <= 3; count++) {
      await hosted.page.getByRole('button', { name: 'Draw', exact: true }).click();
      sentences.push(await hosted.page.locator('.drawing-of-token p', { hasText: `Number ${count} ` }).innerText());
    }
    return sentences;
  };
  const seed = async (value: string): Promise<void> => {
    await hosted.page.getByRole('spinbutton', { name: 'Seed' }).fill(value);
    await hosted.page.keyboard.press('Enter');
  };
  const first = await drawn();
  await seed('2');
  expect(await drawn()).not.toEqual(first);
  await seed('1');
  expect(await drawn()).toEqual(first);
  // The number lies in the drawn token's part.
  for (const sentence of first) {
    const [, number = NaN] = numbers(sentence);
    const [share = NaN, from = NaN] = numbers(sentence).slice(-2);
    expect(number).toBeGreaterThanOrEqual(from - 1e-4);
    expect(number).toBeLessThanOrEqual(from + share / 100 + 0.005);
  }
  expect(await hosted.page.locator('.lot-number').count()).toBe(1);
  await keepScreenshot(hosted, 'drawn');
});

it('shows whole words, whose pieces can still be told apart', async () => {
  const { hosted } = await bench.open({ text: 'The king lived in a castle. He was very rich and had a crown made of di', width: 1100, height: 900 });
  await hosted.page.getByRole('button', { name: 'Whole words' }).click();
  await hosted.page.locator('.bar-completion:not(:empty)').first().waitFor();
  const bars = await hosted.page.locator('.bar', { has: hosted.page.locator('.bar-completion:not(:empty)') }).evaluateAll((found) => found.map((bar) => ({ whole: bar.querySelector('.bar-label')?.textContent ?? '', rest: bar.querySelector('.bar-completion')?.textContent ?? '', title: bar.querySelector('[title]')?.getAttribute('title') ?? '' })));
  for (const { whole, rest, title } of bars) {
    expect(whole.endsWith(rest)).toBe(true);
    expect(title).toMatch(/The whole word “.+”: .+ %, [2-8] tokens\./);
  }
  await keepScreenshot(hosted, 'whole-words');
});

it('goes from scores to probabilities in steps that add up', async () => {
  const { hosted } = await openStory({ sampling: { ...neutral, temperature: 0.5 } });
  await hosted.page.locator('.softmax-steps summary').click();
  const [all = NaN] = numbers((await hosted.page.locator('.softmax-steps p').innerText()).split('here ')[1] ?? '');
  const rows = await hosted.page.locator('.softmax-steps tbody tr').evaluateAll((found) => found.map((row) => [...row.querySelectorAll('td')].map((cell) => Number(cell.textContent.replace(/[^\d.−-]/g, '').replace('−', '-')))));
  expect(rows).toHaveLength(10);
  const largest = rows[0]?.[1] ?? NaN;
  for (const [logit = NaN, scaled = NaN, weight = NaN, percent = NaN] of rows) {
    expect(scaled).toBeCloseTo(logit / 0.5, 1);
    expect(Math.abs(weight - Math.exp(scaled - largest))).toBeLessThan(0.02);
    expect(Math.abs(percent - (100 * weight) / all)).toBeLessThan(0.6);
  }
});

/** Those at the end of a bar. */
const buttonsOf = (bar: Locator): { readonly target: Locator; readonly rival: Locator } => ({ target: bar.locator('.bar-aim button').first(), rival: bar.locator('.bar-aim button').last() });

describe('a candidate', () => {
  it('goes into the document behind the token that it follows', async () => {
    const { hosted } = await openStory();
    const bar = hosted.page.locator('.bar-button').first();
    await bar.click();
    const { text, instead, token } = await hosted.waitFor(isInsert);
    expect(text).not.toBe('');
    expect(instead).toBe(false);
    expect(token).toBe((await hosted.page.locator('.strip [data-token]').count()) - 1);
  });

  it('of an encoder goes in place of the token', async () => {
    const { hosted } = await bench.open({ text: 'The little girl went to the [MASK] with her dog.', model: 'reader' });
    await hosted.page.locator('.bar-button').first().click();
    expect(await hosted.waitFor(isInsert)).toMatchObject({ instead: true, token: 7 });
  });

  it('that stands for no text cannot be put in', async () => {
    const { hosted } = await openStory({ top: 50 });
    const special = hosted.page.locator('.bar', { hasText: '<|endoftext|>' });
    await special.waitFor();
    expect(await special.locator('.bar-button').count()).toBe(0);
    expect(await hosted.page.locator('.bar-button').count()).toBeGreaterThan(40);
  });

  it('becomes the target or the rival by one click, and puts nothing into the document', async () => {
    const opened = await openStory();
    const { hosted } = opened;
    const { page } = hosted;
    const kept = (): readonly (number | null)[] => [keptView(opened).target, keptView(opened).rival];
    const [first, third, fifth] = [0, 2, 4].map((bar) => buttonsOf(page.locator('.bars .bar').nth(bar)));
    if (!first || !third || !fifth) throw new Error('there are bars');
    // As long as nobody has chosen, the likeliest is the target, and is not held against itself.
    expect([await first.target.getAttribute('aria-pressed'), await first.rival.getAttribute('aria-disabled')]).toEqual(['true', 'true']);
    await third.target.click();
    await fifth.rival.click();
    await expect.poll(() => kept().every((id) => id !== null)).toBe(true);
    const [target, rival] = kept();
    expect(await third.target.getAttribute('aria-pressed')).toBe('true');
    expect(await fifth.rival.getAttribute('aria-pressed')).toBe('true');
    expect(await first.target.getAttribute('aria-pressed')).toBe('false');
    expect(await page.locator('.bar-aim [aria-pressed=true]').count()).toBe(2);
    await keepScreenshot(hosted, 'bars-aim');
    // The rival as the target is held against nothing; again, and the likeliest is looked at.
    await fifth.target.click();
    await expect.poll(kept).toEqual([rival, null]);
    await fifth.target.click();
    await expect.poll(kept).toEqual([null, null]);
    expect(target).not.toBe(rival);
    expect(hosted.messages.some(isInsert)).toBe(false);
  });

  it('becomes the target or the rival by keys, with one stop of Tab for all', async () => {
    const { hosted } = await openStory();
    const { page } = hosted;
    const focused = (): Promise<string | null> => page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? null);
    const labels = await page.locator('.bar-aim button').evaluateAll((all) => all.map((button) => button.getAttribute('aria-label')));
    expect(await page.locator('.bar-aim button[tabindex="0"]').count()).toBe(1);
    await page.locator('.bar-button').first().focus();
    await page.keyboard.press('Tab');
    expect(await focused()).toBe(labels[0]);
    for (const key of ['ArrowDown', 'ArrowDown', 'ArrowRight', 'ArrowUp', 'ArrowLeft', 'ArrowDown']) await page.keyboard.press(key);
    expect(await focused()).toBe(labels[4]);
    await page.keyboard.press('Enter');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Space');
    expect(await page.locator('.bar-aim [aria-pressed=true]').evaluateAll((all) => all.map((button) => button.getAttribute('aria-label')))).toEqual([labels[4], labels[7]]);
    // The keyboard comes back to where it was.
    expect(await page.locator('.bar-aim button[tabindex="0"]').getAttribute('aria-label')).toBe(labels[7]);
    // The arrow keys of the page go from token to token: not these.
    expect(hosted.messages.some((message) => message.type === 'highlight' && message.highlight?.pinned)).toBe(false);
  });

  it.each([
    ['that experiments made fall out', story, 'storyteller', '.bar.was-gone'],
    ['of a mask', 'The little girl went to the [MASK] with her dog.', 'reader', '.bar:not(.rest)'],
    ['of what is written in another language', 'The dog is small.', 'translator', '.bar:not(.rest)'],
  ] as const)('%s becomes the target too, and is asked about', async (_, text, model, bar) => {
    const experiments = model === 'storyteller' ? ([0, 1, 2, 3, 4, 5].map((layer) => ({ name: null, on: true, intervention: { kind: 'attention', part: 'decoder', layer, by: 'zero' } })) satisfies ViewState['experiments']) : [];
    const opened = await bench.open({ text, model, width: 1100, height: 900, view: { ...initialView, picture: 'sweep', experiments } });
    const { hosted } = opened;
    const buttons = buttonsOf(hosted.page.locator(`.bars ${bar}`).nth(1));
    await buttons.target.click();
    const label = (await buttons.target.getAttribute('aria-label'))?.replace('Target: ', '') ?? '';
    expect(label).not.toBe('');
    await expect.poll(() => hosted.page.locator('.picture .aim vscode-dropdown').first().evaluate((dropdown) => ('displayValue' in dropdown ? String(dropdown.displayValue) : ''))).toContain(label);
    await expect.poll(() => keptView(opened).target).not.toBeNull();
    const { target } = keptView(opened);
    await expect.poll(() => hosted.messages.some((message) => message.type === 'ask' && message.question === 'effect' && message.ask.target === target)).toBe(true);
  });

  it('can be walked back from, and forward again', async () => {
    const { hosted, host } = await openStory();
    host.post({ type: 'trail', length: 3, at: 1 });
    await hosted.page.getByRole('button', { name: 'Back to the text before (2 of 3)' }).click();
    await hosted.waitFor((message): message is PageMessage => message.type === 'walk' && message.by === -1);
    await hosted.page.getByRole('button', { name: 'Forward to the text after (2 of 3)' }).click();
    await hosted.waitFor((message): message is PageMessage => message.type === 'walk' && message.by === 1);
  });
});

describe('two phrasings', () => {
  const context = 'Once upon a time, there was a little girl named Lily. ';
  const plain = 'She loved to play outside in the park.';
  const odd = 'She loved to debate inside the municipal park.';
  const open = async (both: readonly [string, string], more: { readonly theme?: ThemeKind; readonly width?: number; readonly before?: string } = {}): Promise<Opened> => {
    const { before = context, ...options } = more;
    const opened = await bench.open({ height: 700, ...options });
    await opened.host.comparePhrasings(before, both);
    return opened;
  };

  it('stand token by token one above the other, with what each comes to and which is expected more', async () => {
    const { hosted } = await open([plain, odd]);
    expect(await hosted.page.locator('.verdict').innerText()).toMatch(/^storyteller expects the first more than the second, by [\d.]+ bits\.$/);
    const rows = [0, 1].map((row) => hosted.page.locator(`.phrased.row-${row} .phrased-text`));
    const read = await Promise.all(rows.map(async (row) => (await row.allTextContents()).join('').replaceAll('·', ' ').trim()));
    expect(read).toEqual([plain, odd]);
    for (const pair of await hosted.page.locator('.pair:not(.apart)').all()) {
      const [above, below] = await pair.locator('.phrased-text').allTextContents();
      expect(above).toBe(below);
    }
    expect(await hosted.page.locator('.pair.apart').count()).toBeGreaterThan(4);
    // The bits of the tokens are the bits of the whole.
    const [bits = '', , tokens = ''] = await hosted.page.locator('.totals tbody tr').allInnerTexts();
    for (const [row, label] of [[0, 'First'], [1, 'Second']] as const) {
      const titles = await hosted.page.locator(`.phrased.row-${row}[title]`).evaluateAll((found) => found.map((token) => token.getAttribute('title') ?? ''));
      const own = titles.map((title) => Number(/([\d.]+) bits\.$/.exec(title)?.[1]));
      expect(titles.every((title) => title.startsWith(label))).toBe(true);
      expect(sum(own)).toBeCloseTo(numbers(bits)[row] ?? NaN, 0);
      expect(titles).toHaveLength(numbers(tokens)[row] ?? NaN);
    }
  });

  it('are reached by keys, are a table as well, and close', async () => {
    const { hosted } = await open([plain, odd]);
    const focused = (): Promise<string> => hosted.page.evaluate(() => document.activeElement?.getAttribute('data-cell') ?? '');
    await hosted.page.locator('.phrased[tabindex="0"]').focus();
    await hosted.page.keyboard.press('ArrowRight');
    expect(await focused()).toBe('1-0');
    await hosted.page.keyboard.press('ArrowDown');
    expect(await focused()).toBe('1-1');
    await hosted.page.keyboard.press('End');
    expect(await hosted.page.locator('.phrased-details').innerText()).toMatch(/^Second: “\.”, rank \d+/);
    await hosted.page.getByRole('button', { name: 'Show as table' }).click();
    expect(await hosted.page.locator('table.data tbody tr').count()).toBeGreaterThan(10);
    await hosted.page.keyboard.press('Escape');
    await hosted.waitFor((message): message is PageMessage => message.type === 'phrasings' && message.action === 'close');
  });

  it('lead back to attention, of the text before or of one of them', async () => {
    const { hosted, host } = await bench.open({ text: story });
    await host.comparePhrasings(context, [plain, odd]);
    expect(await hosted.page.locator('.strip').count()).toBe(0);
    await hosted.page.getByRole('button', { name: 'Show attention of the second phrasing' }).click();
    await hosted.waitFor((message): message is PageMessage => message.type === 'phrasings' && message.action === 'attend' && message.which === 1);
    host.post({ type: 'phrasings', phrasings: null });
    await hosted.page.locator('.strip').waitFor();
    expect(await hosted.keptState()).toMatchObject({ subject: { text: story } });
  });

  it('may be the same, one token, Chinese or emoji, with nothing before them', async () => {
    const { hosted, host } = await open([plain, plain]);
    expect(await hosted.page.locator('.verdict').innerText()).toMatch(/^Both are the same text, which takes storyteller [\d.]+ bits\.$/);
    expect(await hosted.page.locator('.pair.apart').count()).toBe(0);
    await host.comparePhrasings('', ['A', 'I']);
    await hosted.page.locator('.verdict', { hasText: 'nothing to compare' }).waitFor();
    await host.comparePhrasings('', [mixed, '从前有一只小狗。👩‍🚀']);
    await hosted.page.locator('.verdict', { hasText: 'expects the second more' }).waitFor();
    expect(await hosted.page.locator('.pairs').innerText()).toContain('👨');
    expect(await hosted.page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth)).toBe(true);
    await keepScreenshot(hosted, 'phrasings-mixed');
  });

  it('say in a sentence what stands in the way', async () => {
    const { hosted, host } = await bench.open();
    host.post({ type: 'phrasings', phrasings: { state: 'failed', model: 'reader', trouble: { code: 'model.predictsNothing', message: 'reader does not predict what comes next.', help: 'Choose a model that does.' } } });
    await hosted.page.getByRole('alert').getByText('reader does not predict').waitFor();
    await hosted.page.getByRole('button', { name: 'Close' }).click();
    await hosted.waitFor((message): message is PageMessage => message.type === 'phrasings');
  });

  it.each(['dark', 'light', 'hc-dark', 'hc-light'] as const)('fit a panel of any width in the %s theme, in four colours that can be seen', async (theme) => {
    const opened = await open([`${plain} ${plain} ${odd}`, `${odd} She was happy. ${plain}`], { theme, width: 300 });
    const { page } = opened.hosted;
    for (const width of [300, 900]) {
      await page.setViewportSize({ width, height: 800 });
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth)).toBe(true);
      expect(await page.locator('.pair').evaluateAll((pairs) => pairs.every((pair) => pair.getBoundingClientRect().right <= document.documentElement.clientWidth))).toBe(true);
      await keepScreenshot(opened.hosted, `phrasings-${theme}-${width}`);
    }
    const colours = await page.locator('.phrased-swatch').evaluateAll((swatches) => swatches.map((swatch) => getComputedStyle(swatch).backgroundColor));
    expect(new Set(colours).size).toBe(4);
  });
});

it.each(['dark', 'light', 'hc-dark', 'hc-light'] as const)('the sampling controls keep inside their frame in the %s theme', async (theme) => {
  const { hosted } = await openStory({ sampling: { temperature: 0.8, topK: 40, topP: 0.9, minP: 0.05 } }, { theme, width: 700 });
  await hosted.page.getByRole('button', { name: 'Draw', exact: true }).click();
  await hosted.page.locator('.lot-number').waitFor();
  await keepScreenshot(hosted, `sampling-${theme}`);
  const outside = await hosted.page.locator('.sampling').evaluate((frame) => [...frame.querySelectorAll('output, input, p')].filter((part) => part.getBoundingClientRect().right > frame.getBoundingClientRect().right - 4).length);
  expect(outside).toBe(0);
});

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
