/** Where a prediction comes from, in the page: the lens, sources, paths and what matters, each about the prediction that is chosen. */
import { describe, expect, it } from 'vitest';
import type { PictureName } from '../../src/protocol.ts';
import { initialView } from '../../webview/viewState.ts';
import { keepScreenshot, keptView, pageBench, type Opened } from './pageBench.ts';
import { long, short, story } from './texts.ts';

const bench = pageBench();

const viewOf = (picture: PictureName) => ({ ...initialView, picture });

const pictureLabel = (opened: Opened): Promise<string | null> => opened.hosted.page.locator('.canvas-box').getAttribute('aria-label');
const caption = (opened: Opened): Promise<string> => opened.hosted.page.locator('.picture-caption').innerText();

const lensAsks = ({ hosted }: Opened) => hosted.messages.flatMap((message) => (message.type === 'ask' && message.question === 'lens' ? [message.ask] : []));
const sweepAsks = ({ hosted }: Opened) => hosted.messages.flatMap((message) => (message.type === 'ask' && message.question === 'sweep' ? [message.ask] : []));
const headAsks = ({ hosted }: Opened) => hosted.messages.flatMap((message) => (message.type === 'ask' && message.question === 'attributionSources' ? [message.ask] : []));

/** The menu of the target or of the rival. */
const menu = (opened: Opened, name: 'Target' | 'Rival') => opened.hosted.page.locator(`.aim vscode-dropdown[aria-label="${name}"]`);

const chosen = (opened: Opened, name: 'Target' | 'Rival'): Promise<string> => menu(opened, name).evaluate((dropdown) => ('displayValue' in dropdown ? String(dropdown.displayValue) : ''));

async function choose(opened: Opened, name: 'Target' | 'Rival', option: string): Promise<void> {
  await menu(opened, name).click();
  await menu(opened, name).locator('vscode-option', { hasText: option }).first().click();
}

describe('the prediction in question', () => {
  it('has candidates to choose from, takes what is typed, and says that only the first of several tokens is taken', async () => {
    const opened = await bench.open({ text: short, view: viewOf('sources') });
    const { page } = opened.hosted;
    await page.locator('.aim-position', { hasText: 'After the last token, “.” (4)' }).waitFor();
    await expect.poll(() => chosen(opened, 'Target')).toMatch(/likeliest: .+ · \d+ %/);
    await choose(opened, 'Rival', 'another token');
    await page.locator('.token-field').fill('xylophonist');
    await page.keyboard.press('Enter');
    await page.locator('.aim-note', { hasText: /^This is \d+ tokens \(.+\); the first is taken\.$/ }).waitFor();
    await expect.poll(() => pictureLabel(opened)).toMatch(/^The logit of “.+” less that of “.+” is/);
    await page.getByRole('button', { name: 'Hold it against no token' }).click();
    await expect.poll(() => pictureLabel(opened)).toMatch(/^The logit of “[^”]+” is/);
  });

  it('takes a word with the space that stands before it, and is forgotten with another model', async () => {
    const opened = await bench.open({ text: short, view: viewOf('lens') });
    const { page } = opened.hosted;
    await choose(opened, 'Target', 'another token');
    await page.locator('.token-field').fill('dog');
    await page.keyboard.press('Enter');
    await expect.poll(() => caption(opened)).toContain('“dog” is at rank');
    await expect.poll(() => chosen(opened, 'Target')).toContain('␣dog');
    await opened.host.show(short, 0, 'reader');
    await expect.poll(() => chosen(opened, 'Target')).toMatch(/^likeliest/);
  });

  it('of a view that names tokens beyond the vocabulary is the likeliest', async () => {
    const opened = await bench.open({ text: short, view: { ...viewOf('lens'), target: 9_999_999, rival: 8_888_888 } });
    await expect.poll(() => chosen(opened, 'Target')).toMatch(/^likeliest: /);
    await expect.poll(() => chosen(opened, 'Rival')).toBe('none');
    expect(await opened.hosted.page.locator('.trouble').count()).toBe(0);
  });
});

describe('the lens', () => {
  it('of a long text is asked for sixteen positions at a time, as far as it is in sight', async () => {
    const opened = await bench.open({ text: long, view: viewOf('lens') });
    await expect.poll(() => pictureLabel(opened)).toMatch(/^Logit lens of 512 tokens; at “.+”: embedding “.+” \d+ %; layer 0 “.+” /);
    const table = lensAsks(opened).filter(({ top }) => top > 1);
    expect(table.every(({ positions }) => positions.length <= 16)).toBe(true);
    expect(table.flatMap(({ positions }) => positions).length).toBeLessThan(64);
    expect(table.flatMap(({ positions }) => positions)).toContain(511);
  });

  it('follows a token to its rank, shows another scale, and asks about the cell that is clicked', async () => {
    const opened = await bench.open({ text: story, view: viewOf('lens') });
    const { page } = opened.hosted;
    await expect.poll(() => caption(opened)).toMatch(/is the likeliest from (layer \d|embedding) on, in the end with \d+ %/);
    await page.getByRole('radio', { name: 'Distance' }).click();
    await page.locator('.canvas-box').focus();
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => pictureLabel(opened)).toMatch(/^Logit lens: layer 4 at “happy”: “.+” \d.*; \d+\.\d\d bits from the last layer\.$/);
    await page.keyboard.press('Enter');
    await page.locator('.aim-position', { hasText: 'After “␣happy” (71)' }).waitFor();
    await keepScreenshot(opened.hosted, 'prediction-lens');
    await page.locator('.picture').getByRole('button', { name: 'Show as table' }).click();
    const tables = page.locator('.picture table');
    await expect.poll(() => tables.last().locator('tbody tr').count()).toBe(73);
    await expect.poll(() => tables.last().innerText()).not.toContain('…');
    expect(await tables.first().locator('tbody tr').count()).toBe(7);
  });

  it('tells of a translator’s output and of an encoder’s text', async () => {
    const writer = await bench.open({ text: 'The dog sleeps.', model: 'translator', view: viewOf('lens') });
    await expect.poll(() => pictureLabel(writer)).toMatch(/^Logit lens of \d+ tokens; at “.+”: embedding .+; layer 0 .+; layer 2 /);
    expect(await caption(writer)).toContain('decoder’s half');
    expect(lensAsks(writer).every(({ part }) => part === undefined)).toBe(true);
    const encoder = await bench.open({ text: 'The girl went to the [MASK].', model: 'reader', view: viewOf('lens') });
    await expect.poll(() => pictureLabel(encoder)).toMatch(/at “\[MASK\]”: .+layer 3/);
  });

  it('reads either half of a translator, as the part of the model is chosen, and follows a token of the text in the encoder’s', async () => {
    const opened = await bench.open({ text: 'The dog sleeps.', model: 'translator', view: { ...viewOf('lens'), part: 'cross' } });
    const { page } = opened.hosted;
    await page.getByRole('radio', { name: 'Decoder', exact: true, checked: true }).waitFor();
    await expect.poll(() => caption(opened)).toMatch(/likeliest from .* on/);
    await page.getByRole('radio', { name: 'Encoder', exact: true }).click();
    await expect.poll(() => opened.hosted.messages.findLast((message) => message.type === 'view')?.view.part).toBe('encoder');
    await expect.poll(() => caption(opened)).toContain('No head was trained on it');
    await page.locator('.aim-position', { hasText: /^At “.*s” \(\d+\)$/ }).waitFor();
    await expect.poll(() => chosen(opened, 'Target')).toBe('the token itself');
    await opened.token(2).click();
    await page.locator('.aim-position', { hasText: 'At “␣dog” (2)' }).waitFor();
    await expect.poll(() => pictureLabel(opened)).toMatch(/^Logit lens of \d+ tokens; at “dog”: embedding “dog” \d+ %; layer 0 .+; layer 2 /);
    await expect.poll(() => caption(opened)).toMatch(/“dog” is at rank [\d,]+ with/);
    await choose(opened, 'Target', 'another token');
    await page.locator('.token-field').fill('chien');
    await page.keyboard.press('Enter');
    await expect.poll(() => caption(opened)).toMatch(/“chien” is at rank [\d,]+ with/);
    await keepScreenshot(opened.hosted, 'prediction-lens-encoder');
    await page.locator('.picture').getByRole('button', { name: 'Show as table' }).click();
    const tables = page.locator('.picture table');
    await expect.poll(() => tables.last().locator('tbody tr').count()).toBe(await opened.hosted.page.locator('[data-sequence="text"] [data-token]').count());
    expect(await tables.first().innerText()).toMatch(/“chien”: rank/);
  });

  it('of an encoder’s half frames the words that experiments in the encoder change', async () => {
    const off = Array.from({ length: 8 }, (_, head) => ({ name: null, on: true, intervention: { kind: 'head', part: 'encoder', layer: 0, head, by: 'zero' } as const }));
    const opened = await bench.open({ text: 'The dog sleeps.', model: 'translator', view: { ...viewOf('lens'), part: 'encoder', experiments: off, showing: 'difference' } });
    await opened.token(0).waitFor();
    const cells = 4 * (await opened.hosted.page.locator('[data-sequence="text"] [data-token]').count());
    await expect.poll(() => caption(opened)).toMatch(new RegExp(`in [1-9]\\d* of ${String(cells)} cells they change the word`));
  });

  it('with experiments frames the words that they change', async () => {
    const off = Array.from({ length: 8 }, (_, head) => ({ name: null, on: true, intervention: { kind: 'head', part: 'decoder', layer: 1, head, by: 'zero' } as const }));
    const opened = await bench.open({ text: short, view: { ...viewOf('lens'), experiments: off, showing: 'difference' } });
    await expect.poll(() => caption(opened)).toMatch(/in [1-9]\d* of 35 cells they change the word/);
  });
});

describe('what matters', () => {
  it('runs nothing before it is started, answers a hover meanwhile, stops, and goes on to the end', async () => {
    const opened = await bench.open({ text: story, view: viewOf('sweep') });
    const { page } = opened.hosted;
    const start = page.getByRole('button', { name: 'Start' });
    await start.waitFor();
    expect(sweepAsks(opened)).toHaveLength(0);
    expect(await caption(opened)).toContain('48 heads');
    const release = opened.host.hold('sweep');
    await start.click();
    await page.locator('.sweep-list li').first().waitFor();
    await opened.token(5).hover();
    await page.locator('.answer-position', { hasText: '(5)' }).waitFor();
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByRole('button', { name: 'Go On' }).waitFor();
    expect(sweepAsks(opened).length).toBeLessThan(6);
    release();
    await page.getByRole('button', { name: 'Go On' }).click();
    await expect.poll(() => page.locator('.sweep-progress').innerText()).toBe('');
    expect(sweepAsks(opened).every(({ from, to }) => to - from === 8)).toBe(true);
    await expect.poll(() => pictureLabel(opened)).toMatch(/^What matters, change of the log-probability of “.+” \(nats\): without layer \d, head \d: [−+]\d\.\d\d nats; /);
    await keepScreenshot(opened.hosted, 'prediction-sweep');
  });

  it('makes an experiment of what is clicked in the list or chosen by key in the grid', async () => {
    const opened = await bench.open({ text: short, view: viewOf('sweep') });
    const { page } = opened.hosted;
    await page.getByRole('radio', { name: 'Parts' }).click();
    await page.getByRole('button', { name: 'Start' }).click();
    await expect.poll(() => page.locator('.sweep-list li').count()).toBe(12);
    await page.locator('.sweep-list button').first().click();
    await expect.poll(() => opened.hosted.messages.findLast((message) => message.type === 'view')?.view.experiments.length).toBe(1);
    expect(await page.locator('.sweep-list button').first().getAttribute('aria-pressed')).toBe('true');
    await page.locator('.canvas-box').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => pictureLabel(opened)).toMatch(/^What matters: without layer 0, feed-forward part: /);
    await page.keyboard.press('Enter');
    await expect.poll(() => opened.hosted.messages.findLast((message) => message.type === 'view')?.view.experiments.some(({ intervention }) => intervention.kind === 'feedForward' && intervention.layer === 0)).toBe(true);
  });

  it('is looked at again as it was set', async () => {
    const set = await bench.open({ text: short, view: { ...viewOf('sweep'), rival: 5 } });
    for (const name of ['Parts', 'by mean', 'Whole prediction']) await set.hosted.page.getByRole('radio', { name }).click();
    await expect.poll(() => keptView(set)).toMatchObject({ sweepOver: 'parts', sweepBy: 'mean', sweepMeasure: 'divergence' });
    const again = await bench.open({ text: short, view: keptView(set) });
    await again.hosted.page.getByRole('radio', { name: 'Parts' }).waitFor();
    expect(await again.hosted.page.locator('.picture .toolbar [role=radio][aria-checked=true]').allInnerTexts()).toEqual(['Parts', 'by mean', 'Whole prediction']);
  });

  it('leaves tokens out for a recurrent network too', async () => {
    const opened = await bench.open({ text: short, model: 'recaller', view: viewOf('sweep') });
    await opened.hosted.page.getByRole('button', { name: 'Start' }).click();
    await expect.poll(() => opened.hosted.page.locator('.sweep-list li').count()).toBe(5);
  });
});

describe('sources', () => {
  it('add up to the logit, and open to parts and to the tokens of a head by keyboard', async () => {
    const opened = await bench.open({ text: story, view: viewOf('sources') });
    const { page } = opened.hosted;
    await expect.poll(() => caption(opened)).toMatch(/The logit of “.+” is [−+]\d+\.\d\d; the parts add up to −?\d+\.\d{3}, the remainder is [−+]?0\.00\d\d\./);
    await page.locator('.canvas-box').focus();
    for (const key of ['ArrowDown', 'ArrowDown', 'ArrowDown', 'Enter', 'ArrowDown']) await page.keyboard.press(key);
    await expect.poll(() => pictureLabel(opened)).toMatch(/^Where it comes from: layer 0, head 0: /);
    await page.keyboard.press('Enter');
    await expect.poll(() => headAsks(opened).map(({ layer, head }) => [layer, head])).toEqual([[0, 0]]);
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => pictureLabel(opened)).toMatch(/^Where it comes from: “.+” \(\d+\): /);
    await keepScreenshot(opened.hosted, 'prediction-sources');
    await page.locator('.picture').getByRole('button', { name: 'Show as table' }).click();
    const numbers = (await page.locator('.picture table').first().locator('td.numeric').allInnerTexts()).map((text) => Number(text.replace('−', '-').replaceAll(',', '')));
    const logit = numbers.pop() ?? NaN;
    expect(Math.abs(numbers.reduce((all, value) => all + value, 0) - logit)).toBeLessThan(0.01);
  });

  it('of an encoder and of a translator are one clear sentence', async () => {
    for (const model of ['reader', 'translator']) {
      const opened = await bench.open({ text: 'The dog sleeps.', model, view: viewOf('sources') });
      await opened.hosted.page.locator('.picture .trouble', { hasText: `${model} is none.` }).waitFor();
      expect(await opened.hosted.page.locator('.canvas-box').count()).toBe(0);
    }
  });
});

describe('paths', () => {
  it('say what is drawn and what is hidden, and switch a head off by keyboard', async () => {
    const opened = await bench.open({ text: story, view: viewOf('paths') });
    const { page } = opened.hosted;
    await expect.poll(() => caption(opened)).toMatch(/^\d+ parts and \d+ edges add at least 0\.\d\d each; [\d,]+ smaller contributions are hidden\. Of what reaches the logit directly, \d+ % is drawn\./);
    await expect.poll(() => pictureLabel(opened)).toMatch(/^Paths to “.+”: \d+ nodes, \d+ edges; the strongest comes from /);
    await keepScreenshot(opened.hosted, 'prediction-paths');
    await page.locator('.canvas-box').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => pictureLabel(opened)).toMatch(/^Paths: head \d\.\d at “.+”/);
    await page.keyboard.press('Enter');
    await expect.poll(() => opened.hosted.messages.findLast((message) => message.type === 'view')?.view.experiments.map(({ intervention }) => intervention.kind)).toEqual(['head']);
    const before = (await caption(opened)).split(' ')[0];
    await page.locator('.slider input').fill('50');
    await expect.poll(async () => (await caption(opened)).split(' ')[0]).not.toBe(before);
  });
});

describe('paths with experiments', () => {
  it('are those of the run with them, without what is switched off, and say so', async () => {
    const off = [{ kind: 'head', part: 'decoder', layer: 5, head: 0, by: 'mean' }, { kind: 'token', token: 2 }, { kind: 'feedForward', part: 'decoder', layer: 0, by: 'zero' }] as const;
    const opened = await bench.open({ text: short, view: { ...viewOf('paths'), showing: 'after', experiments: off.map((intervention) => ({ name: null, on: true, intervention })) } });
    const { page } = opened.hosted;
    await expect.poll(() => caption(opened), { timeout: 30_000 }).toMatch(/These are the paths with the experiments; what is switched off is on none of them\. Means that stand/);
    await keepScreenshot(opened.hosted, 'prediction-paths-after');
    await page.locator('.picture').getByRole('button', { name: 'Show as table' }).click();
    const parts = await page.locator('.picture table').first().locator('tbody th').allInnerTexts();
    expect(parts.length).toBeGreaterThan(3);
    // Tokens are counted as in the shown text: the third is left out.
    expect(parts.filter((name) => /^head 5\.0 |^feed-forward part 0 |\(2\)$/.test(name))).toEqual([]);
    await page.getByRole('radio', { name: 'Difference' }).click();
    await expect.poll(() => caption(opened)).toMatch(/there is no difference of them to draw: these are the paths with the experiments\./);
    await page.getByRole('radio', { name: 'Before' }).click();
    await expect.poll(() => caption(opened), { timeout: 30_000 }).not.toMatch(/with the experiments/);
  });
});

it.each(['lens', 'sources', 'paths', 'sweep'] as const)('%s stays inside a narrow panel, in other scripts too', async (picture) => {
  const opened = await bench.open({ text: '从前有一只小猫 👨‍👩‍👧 it slept.', width: 360, height: 800, theme: 'hc-light', view: viewOf(picture) });
  await opened.hosted.page.locator('.canvas-box').waitFor();
  await opened.hosted.page.locator('.aim-position', { hasText: 'After the last token' }).waitFor();
  const wide = await opened.hosted.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(wide).toBeLessThanOrEqual(0);
});
