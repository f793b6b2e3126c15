/** A recurrent network in the page: its states, and the influence of earlier tokens beside a transformer's. */
import { describe, expect, it } from 'vitest';
import type { PageMessage } from '../../src/protocol.ts';
import { initialView } from '../../webview/viewState.ts';
import { keepScreenshot, pageBench, type Opened } from './pageBench.ts';
import { long, short, story } from './texts.ts';

const bench = pageBench();

const influenceView = { ...initialView, picture: 'influence' } as const;

const pictureLabel = (opened: Opened): Promise<string | null> => opened.hosted.page.locator('.canvas-box').getAttribute('aria-label');

/** Waits until nothing of the influence is missing. */
async function allLeftOut({ hosted }: Opened): Promise<void> {
  await hosted.page.waitForFunction(() => {
    const caption = document.querySelector('.picture-caption')?.textContent ?? '';
    return caption.includes('click a token') && !caption.includes('done.') && !caption.includes('being run');
  });
}

type Asked = Extract<PageMessage, { type: 'ask'; question: 'influence' }>;
const asksOf = ({ hosted }: Opened): Asked[] => hosted.messages.filter((message): message is Asked => message.type === 'ask' && message.question === 'influence');

describe('states', () => {
  it('stand in place of attention, with a summary, a caption and a table that say the same', async () => {
    const opened = await bench.open({ text: story, model: 'recaller' });
    const { page } = opened.hosted;
    expect(await page.locator('vscode-panel-tab').allInnerTexts()).toEqual(['States']);
    expect(await page.locator('.navigator').count()).toBe(0);
    await expect.poll(() => pictureLabel(opened)).toMatch(/^States of 73 tokens; that of layer 0 is changed most by “.+” \(0\.\d\d\), /);
    expect(await page.locator('.status').innerText()).toContain('gru');
    await keepScreenshot(opened.hosted, 'recurrent-states');
    await page.locator('.picture').getByRole('button', { name: 'Show as table' }).click();
    const table = page.locator('.picture table');
    expect(await table.locator('tbody tr').count()).toBe(73);
    expect(await table.locator('thead th').allInnerTexts()).toEqual(['Token', 'Layer 0', 'Layer 1', 'Unit moved most']);
    expect(await table.locator('tbody tr').first().innerText()).toMatch(/Once \(0\)\s+\d\.\d{3}\s+\d\.\d{3}\s+unit \d+: \+0\.00 → [+−]\d\.\d\d/);
  });

  it('follow the focus, the keys and the layer', async () => {
    const opened = await bench.open({ text: story, model: 'recaller' });
    const { page } = opened.hosted;
    await opened.token(3).hover();
    await expect.poll(() => pictureLabel(opened)).toMatch(/^States: “time” changes layer 0 by \d\.\d\d, layer 1 by \d\.\d\d\.$/);
    await page.locator('.answer-body').hover();
    await page.keyboard.press('PageDown');
    await expect.poll(() => pictureLabel(opened)).toMatch(/that of layer 1 is changed most/);
    // Pointing at the picture focuses the row's token everywhere.
    const box = await page.locator('.canvas-box').boundingBox();
    if (!box) throw new Error('there is no picture');
    await page.mouse.move(box.x + box.width - 40, box.y + 60);
    await page.locator('.strip .focused').waitFor();
    await expect.poll(() => pictureLabel(opened)).toMatch(/^States: unit \d+ after “.+”: [+−]\d\.\d\d/);
  });

  it('of a long text are drawn as far as they are seen', async () => {
    const opened = await bench.open({ text: long, model: 'recaller', width: 340, height: 700 });
    await expect.poll(() => pictureLabel(opened)).toMatch(/^States of 512 tokens/);
    const scrolls = await opened.hosted.page.locator('.canvas-box').evaluate((box) => ({ height: box.scrollHeight, sideways: box.scrollWidth - box.clientWidth, canvas: box.querySelector('canvas')?.clientHeight ?? 0, own: box.clientHeight }));
    expect(scrolls.height).toBeGreaterThan(512 * 10);
    expect(scrolls.sideways).toBe(0);
    expect(scrolls.canvas).toBe(scrolls.own);
  });

  it('give way to attention when another model is shown', async () => {
    const opened = await bench.open({ text: short, model: 'recaller' });
    await expect.poll(() => pictureLabel(opened)).toMatch(/^States of 5 tokens/);
    await opened.host.show(short, 0, 'storyteller');
    await expect.poll(() => pictureLabel(opened)).toMatch(/^Attention graph of/);
    expect(await opened.hosted.page.locator('vscode-panel-tab').allInnerTexts()).toEqual(['Graph', 'Map', 'One head']);
  });
});

describe('influence', () => {
  it('stands beside that of a transformer on the same text, and says so in a sentence and a table', async () => {
    const opened = await bench.open({ text: short, model: 'recaller', view: influenceView });
    await allLeftOut(opened);
    await expect.poll(() => pictureLabel(opened)).toMatch(/^Influence on what comes after “\.”: recaller is moved most by “.+” \(.+ bits\).*; storyteller is moved most by “.+” \(.+ bits\)/);
    const { page } = opened.hosted;
    await keepScreenshot(opened.hosted, 'recurrent-influence');
    await page.locator('.picture').getByRole('button', { name: 'Show as table' }).click();
    const rows = await page.locator('.picture tbody tr').allInnerTexts();
    // The nearest token first: of two models, bits and what the likeliest token loses.
    expect(rows.map((row) => row.split('\t').slice(0, 2))).toEqual([['.', '0'], ['␣down', '1'], ['␣sat', '2'], ['␣cat', '3'], ['The', '4']]);
    for (const row of rows) expect(row.split('\t').slice(2).every((cell) => /^−?(\d+\.\d\d|< 0\.01)$/.test(cell))).toBe(true);
    // Each model was asked about its own run, and nothing twice.
    const asked = asksOf(opened);
    expect(new Set(asked.map(({ run }) => run)).size).toBe(2);
    expect(asked.map(({ ask }) => ask.tokens)).toEqual([[4, 3, 2, 1, 0], [4, 3, 2, 1, 0]]);
  });

  it('is there for a transformer alone, and with no other model nothing else is run', async () => {
    const opened = await bench.open({ text: short, view: influenceView });
    await allLeftOut(opened);
    await expect.poll(() => pictureLabel(opened)).toMatch(/^Influence on what comes after “\.”: storyteller is moved most by [^;]+\.$/);
    expect(opened.hosted.messages.some(({ type }) => type === 'beside')).toBe(false);
    expect(await opened.hosted.page.locator('.strip .shaded').count()).toBeGreaterThan(0);
  });

  it('is about the pinned token, and pointing only looks at what was left out', async () => {
    const opened = await bench.open({ text: short, view: influenceView });
    await allLeftOut(opened);
    await opened.token(3).click();
    await expect.poll(() => pictureLabel(opened)).toMatch(/^Influence on what comes after “down”/);
    await allLeftOut(opened);
    const before = asksOf(opened).length;
    await opened.token(1).hover();
    await opened.hosted.page.locator('.answer-position', { hasText: '(1)' }).waitFor();
    expect(asksOf(opened)).toHaveLength(before);
    await opened.token(0).click();
    await opened.hosted.page.locator('.drawing', { hasText: 'Nothing comes before the first token' }).waitFor();
  });

  it('of a long text begins with the nearest 64 tokens, and goes further back when asked', async () => {
    const opened = await bench.open({ text: `${story}\n\n${story}`.slice(0, 420), view: influenceView });
    await allLeftOut(opened);
    const { page } = opened.hosted;
    const first = asksOf(opened).flatMap(({ ask }) => ask.tokens);
    expect(first).toHaveLength(64);
    expect(Math.min(...first)).toBe(Math.max(...first) - 63);
    expect(await page.locator('.picture-caption').innerText()).toMatch(/\d+ earlier tokens have not been left out yet\./);
    await page.getByRole('button', { name: 'Further Back' }).click();
    await page.getByRole('button', { name: 'Further Back' }).waitFor({ state: 'detached' });
    await allLeftOut(opened);
    const all = asksOf(opened).flatMap(({ ask }) => ask.tokens);
    expect(new Set(all).size).toBe(all.length);
    expect(Math.min(...all)).toBe(0);
  });

  it('goes with another model, or without, as chosen', async () => {
    const opened = await bench.open({ text: short, model: 'recaller', view: influenceView });
    await allLeftOut(opened);
    const { page } = opened.hosted;
    await page.locator('.picture vscode-dropdown').click();
    await page.locator('.picture vscode-option', { hasText: 'no other model' }).click();
    await expect.poll(() => pictureLabel(opened)).not.toContain('storyteller');
    expect(opened.hosted.messages.some((message) => message.type === 'beside' && message.wanted === null)).toBe(true);
  });

  it('says what went wrong with the other model, and keeps its own', async () => {
    const opened = await bench.open({ text: short, model: 'recaller', view: influenceView });
    await allLeftOut(opened);
    const compared = opened.hosted.messages.findLast((message) => message.type === 'beside');
    expect(compared).toMatchObject({ type: 'beside', place: 'model', wanted: { model: 'storyteller' } });
    opened.host.failBeside();
    await opened.hosted.page.locator('.trouble', { hasText: 'stopped unexpectedly' }).waitFor();
    await expect.poll(() => pictureLabel(opened)).toMatch(/: recaller is moved most by [^;]+\.$/);
  });
});
