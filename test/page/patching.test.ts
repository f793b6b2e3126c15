/** Two texts in the page, what attention's links stand for, and heads chosen by what they do: by pointer and by keys, on the real models. */
import { describe, expect, it } from 'vitest';
import { initialView } from '../../webview/viewState.ts';
import { keepScreenshot, keptView, pageBench, type Opened } from './pageBench.ts';

const bench = pageBench();
const sentence = 'The teacher taught the student.';
const other = 'The teacher taught the child.';
const patchView = { ...initialView, picture: 'patching' } as const;

/** "+12 %", "−0.4 %" */
const shareOf = (text: string): number => Number(text.replace('−', '-').replace('+', '').replace('< ', '').replace(' %', '')) / 100;

async function compare({ hosted: { page } }: Opened, text: string): Promise<void> {
  await page.getByRole('textbox', { name: 'The other text' }).fill(text);
  await page.keyboard.press('Enter');
}

const tableRows = ({ hosted: { page } }: Opened): Promise<string[][]> => page.locator('.picture .region-table tbody tr').evaluateAll((all) => all.map((row) => [...row.children].map((cell) => cell.textContent)));

async function patchAll(opened: Opened): Promise<string[][]> {
  const { page } = opened.hosted;
  await page.locator('.sweep-progress vscode-button').click();
  // All has been put in: there is nothing to stop or to go on with.
  await page.locator('.sweep-progress vscode-button').waitFor({ state: 'detached', timeout: 90_000 });
  await page.locator('.picture-ends [aria-pressed]').last().click();
  return tableRows(opened);
}

describe('two texts', () => {
  it('are shown with what differs, what each predicts, and where the answer of one comes back in the other', async () => {
    const opened = await bench.open({ text: sentence, view: patchView });
    const { page } = opened.hosted;
    expect(await page.getByRole('textbox', { name: 'The other text' }).inputValue()).toBe(sentence);
    await compare(opened, other);
    await page.locator('.aligned').last().waitFor();
    expect(await page.locator('.aligned-token[data-kind=changed]').allInnerTexts()).toEqual(['␣student', '␣child']);
    expect(await page.locator('.aligned-token[data-kind=alone]').count()).toBe(0);
    await keepScreenshot(opened.hosted, 'two-texts');
    const rows = await patchAll(opened);
    expect(rows).toHaveLength(6 * 6);
    const restored = new Map(rows.map(([name = '', share = '']) => [name, shareOf(share)]));
    // All that differs is this token: with its embedding nothing does.
    expect(restored.get('layer 0 at “student” (4)')).toBeCloseTo(1, 1);
    expect(restored.get('layer 5 at “teacher” (1)')).toBe(0);
    await keepScreenshot(opened.hosted, 'two-texts-table');
  });

  it('of a translator read what was written for the shown text, and have both halves', async () => {
    const opened = await bench.open({ text: 'The dog is small.', model: 'translator', view: patchView });
    await compare(opened, 'The cat is small.');
    await opened.hosted.page.getByRole('radio', { name: 'Heads' }).click();
    const rows = await patchAll(opened);
    const parts = new Set(rows.map(([name = '']) => name.split(':')[0]));
    expect(parts).toEqual(new Set(['encoder', 'decoder', 'cross-attention']));
    expect(rows.some(([, share = '']) => Math.abs(shareOf(share)) > 0.05)).toBe(true);
  });

  it('that have too little in common are refused in a sentence, and nothing is run', async () => {
    const opened = await bench.open({ text: sentence, view: patchView });
    await compare(opened, 'Once upon a time there was a little girl who liked to play.');
    await expect.poll(() => opened.hosted.page.locator('.picture .trouble').innerText()).toMatch(/have only \d+ of \d+ tokens in common/);
    expect(await opened.hosted.page.locator('.sweep-progress').count()).toBe(0);
    await compare(opened, other);
    await opened.hosted.page.locator('.aligned').last().waitFor();
    expect(await opened.hosted.page.locator('.picture .trouble').count()).toBe(0);
  });

  it('are kept in the view, and shown as they were where it is shown again', async () => {
    const opened = await bench.open({ text: sentence, view: patchView });
    await opened.hosted.page.getByRole('radio', { name: 'Heads' }).click();
    await compare(opened, other);
    await opened.hosted.page.locator('.aligned').last().waitFor();
    await expect.poll(() => keptView(opened)).toMatchObject({ otherText: other, patchOver: 'z' });

    const again = await bench.open({ text: sentence, view: keptView(opened) });
    const { page } = again.hosted;
    await page.locator('.aligned').last().waitFor();
    expect(await page.getByRole('textbox', { name: 'The other text' }).inputValue()).toBe(other);
    expect(await page.locator('.aligned-token[data-kind=changed]').allInnerTexts()).toEqual(['␣student', '␣child']);
    expect(await page.getByRole('radio', { name: 'Heads' }).getAttribute('aria-checked')).toBe('true');
    // What is typed is not run before that is asked for.
    await page.getByRole('textbox', { name: 'The other text' }).fill('The teacher taught the dog.');
    await expect.poll(() => keptView(again).otherText).toBe('The teacher taught the dog.');
    expect(again.hosted.messages.filter((message) => message.type === 'beside' && message.place === 'text' && message.wanted)).toHaveLength(1);
  });

  it('can be gone through by keys, cell by cell', async () => {
    const opened = await bench.open({ text: sentence, view: patchView });
    const { page } = opened.hosted;
    await compare(opened, other);
    await page.locator('.sweep-progress vscode-button').click();
    await page.locator('.sweep-list li').first().waitFor();
    await page.locator('.canvas-box').focus();
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => page.locator('.canvas-box').getAttribute('aria-label')).toMatch(/^Two texts: layer 0 at “The” \(0\) brings back 0 %\.$/);
  });
});

describe('what links stand for', () => {
  it('is attention, attention times values, or a rollout, and the caption says which', async () => {
    const opened = await bench.open({ text: sentence, view: { ...initialView, layer: 2, heads: [1] } });
    const { page } = opened.hosted;
    const caption = page.locator('.picture-caption');
    await page.getByRole('radio', { name: 'Weights × values' }).click();
    await expect.poll(() => caption.innerText()).toContain('attention of layer 2 times the length of the value');
    await page.getByRole('radio', { name: 'Rollout' }).click();
    await expect.poll(() => caption.innerText()).toContain('the rollout of layers 0 to 2');
    // It is of all heads: there is none to choose.
    expect(await page.getByRole('group', { name: 'Heads', exact: true }).count()).toBe(0);
    await page.locator('.picture-ends [aria-pressed]').last().click();
    await expect.poll(async () => (await tableRows(opened)).every(([, , head]) => head === 'average')).toBe(true);
    const [strongest] = await tableRows(opened);
    expect(shareOf(strongest?.[3] ?? '')).toBeLessThan(1);
  });
});

describe('heads by what they do', () => {
  it('are filtered by an expression, and what cannot be read is told in a sentence', async () => {
    const opened = await bench.open({ text: sentence });
    const { page } = opened.hosted;
    const field = page.getByRole('textbox', { name: 'Filter heads by their scores' });
    const said = page.locator('.head-filter-said');
    await field.fill('layer = 2 and head < 3');
    await expect.poll(() => said.innerText()).toBe('3 of 48 heads.');
    expect(await page.locator('.head-button[data-left=true]').count()).toBe(3);
    await field.fill('bogus > 1');
    await expect.poll(() => said.innerText()).toMatch(/^“bogus” is no score/);
    expect(await page.locator('.head-button[data-left=true]').count()).toBe(48);
    await field.fill('previous > 0.3');
    await expect.poll(() => said.innerText()).toMatch(/^\d+ of 48 heads\.$/);
    await expect.poll(() => keptView(opened).headFilter).toBe('previous > 0.3');
    await page.keyboard.press('Escape');
    await expect.poll(() => said.count()).toBe(0);
  });

  it('are filtered as before where the view is shown again', async () => {
    const { hosted } = await bench.open({ text: sentence, view: { ...initialView, headFilter: 'layer = 2 and head < 3', gridSort: 'entropy', repeatedTokens: true } });
    await expect.poll(() => hosted.page.locator('.head-filter-said').innerText()).toBe('3 of 48 heads. Scores and letters are those on repeated random tokens; patterns are those of the text.');
    expect(await hosted.page.getByRole('textbox', { name: 'Filter heads by their scores' }).inputValue()).toBe('layer = 2 and head < 3');
  });

  it('are scored on repeated random tokens where that is wanted', async () => {
    const opened = await bench.open({ text: sentence });
    const { page } = opened.hosted;
    const first = page.locator('.head-button').first();
    expect(await first.getAttribute('title')).toContain('no token comes twice');
    await page.getByRole('button', { name: 'Repeated tokens' }).click();
    await expect.poll(() => page.locator('.head-filter-said').innerText()).toMatch(/repeated random tokens/);
    expect(await first.getAttribute('title')).toMatch(/on what followed the token before \(induction\)/);
    await keepScreenshot(opened.hosted, 'repeated-tokens');
  });
});

describe('two models', () => {
  it('stand side by side on one text, with what each expects and how each is surprised', async () => {
    const opened = await bench.open({ text: sentence, view: { ...initialView, picture: 'models' } });
    const { page } = opened.hosted;
    await expect.poll(() => page.locator('.picture-caption').innerText(), { timeout: 30_000 }).toMatch(/Per character of the text: storyteller \d\.\d\d bits, recaller \d\.\d\d bits\./);
    const rows = await page.locator('.models-bits tbody tr').evaluateAll((all) => all.map((row) => [...row.children].map((cell) => cell.textContent)));
    expect(rows.map(([token]) => token)).toEqual(['The', '␣teacher', '␣taught', '␣the', '␣student', '.']);
    expect(rows[0]?.slice(1)).toEqual(['', '']);
    for (const [, own = '', other = ''] of rows.slice(1)) expect([Number(own) > 0, Number(other) > 0]).toEqual([true, true]);
    const expected = page.locator('.models-expected');
    await expect.poll(() => expected.locator('li').count()).toBe(10);
    const before = await expected.first().innerText();
    await page.getByRole('button', { name: '␣taught' }).last().click();
    await expect.poll(() => expected.first().innerText()).not.toBe(before);
    await keepScreenshot(opened.hosted, 'two-models');
  });
});
