import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { PageMessage, ViewState } from '../../src/protocol.ts';
import { initialView } from '../../webview/viewState.ts';
import { pageBench } from './pageBench.ts';
import { short, story } from './texts.ts';

const bench = pageBench();

const column: ViewState = { ...initialView, layout: 'vertical', layer: 3, sink: 'show' };

type ViewMessage = Extract<PageMessage, { type: 'view' }>;

function viewThat(fits: (view: ViewState) => boolean): (message: PageMessage) => message is ViewMessage {
  return (message): message is ViewMessage => message.type === 'view' && fits(message.view);
}

/** The picture, once its sentence reads as expected. */
async function pictureThatSays(page: Page, sentence: RegExp): Promise<Locator> {
  await page.getByRole('img', { name: sentence }).waitFor();
  return page.locator('.canvas-box');
}

/** Pixels of the picture that are not the background's. */
function painted(picture: Locator): Promise<number> {
  return picture.locator('canvas').evaluate((canvas) => {
    if (!(canvas instanceof HTMLCanvasElement)) throw new Error('The picture has no canvas.');
    const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d', { willReadFrequently: true });
    copy?.drawImage(canvas, 0, 0);
    const data = copy?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
    let count = 0;
    for (let alpha = 3; alpha < data.length; alpha += 4) if (data[alpha] !== 0) count += 1;
    return count;
  });
}

describe('the attention graph', () => {
  it('shows all links at rest, and those of the token under the pointer', async () => {
    const { hosted } = await bench.open({ text: story, view: column });
    const picture = await pictureThatSays(hosted.page, /heads 0–7: \d+ units, [\d,]+ links drawn/);
    const atRest = await painted(picture);
    await picture.hover({ position: { x: 80, y: 150 } });
    await pictureThatSays(hosted.page, /“.+” attends most to “.+” \(\d/);
    expect(await painted(picture)).toBeLessThan(atRest);
    await hosted.page.locator('.answer-body').hover();
    await pictureThatSays(hosted.page, /links drawn/);
  });

  it('pins the token that is clicked', async () => {
    const { hosted } = await bench.open({ text: short, view: column });
    const picture = await pictureThatSays(hosted.page, /links drawn/);
    await picture.click({ position: { x: 80, y: 100 } });
    const { view } = await hosted.waitFor(viewThat(({ pinned }) => pinned !== null));
    expect(await hosted.page.locator('.strip .pinned').getAttribute('data-token')).toBe(String(view.pinned?.token));
  });

  it('turns round when asked what attends to a token', async () => {
    const { hosted } = await bench.open({ text: short, view: { ...column, pinned: { sequence: 'text', token: 1 } } });
    await pictureThatSays(hosted.page, /attends most to/);
    await hosted.page.getByRole('radio', { name: 'Attended by' }).click();
    await pictureThatSays(hosted.page, /is attended to most by/);
  });

  it('draws one screenful however long the text is, and follows the focus there', async () => {
    const { hosted, token } = await bench.open({ text: story, view: { ...column, spacing: 40 } });
    const picture = await pictureThatSays(hosted.page, /links drawn/);
    const sizes = await picture.evaluate((box) => ({ box: [box.clientWidth, box.clientHeight], canvas: [box.querySelector('canvas')?.clientWidth, box.querySelector('canvas')?.clientHeight], scrolls: box.scrollHeight > 2 * box.clientHeight }));
    expect(sizes.canvas).toEqual(sizes.box);
    expect(sizes.scrolls).toBe(true);
    await token(0).focus();
    await hosted.page.keyboard.press('End');
    await hosted.page.waitForFunction(() => {
      const box = document.querySelector('.canvas-box');
      return box !== null && box.scrollTop > 0 && box.scrollTop + box.clientHeight > box.scrollHeight - 80;
    });
    await hosted.page.keyboard.press('Home');
    await hosted.page.waitForFunction(() => document.querySelector('.canvas-box')?.scrollTop === 0);
  });

  it('zooms about the pointer', async () => {
    const { hosted } = await bench.open({ text: story, view: column });
    const picture = await pictureThatSays(hosted.page, /links drawn/);
    await picture.hover({ position: { x: 80, y: 200 } });
    const under = /: (“.+”) attends/.exec((await (await pictureThatSays(hosted.page, /attends most to/)).getAttribute('aria-label')) ?? '')?.[1];
    await hosted.page.keyboard.down('Control');
    await hosted.page.mouse.wheel(0, -400);
    await hosted.page.keyboard.up('Control');
    await hosted.waitFor(viewThat(({ spacing }) => spacing > 10));
    // A pixel further is still the same token: it has become wider than that.
    await picture.hover({ position: { x: 81, y: 201 } });
    expect(await picture.getAttribute('aria-label')).toContain(`: ${under} attends`);
  });

  it('is painted once a frame, however often the pointer moves', async () => {
    const { hosted } = await bench.open({ text: story, view: column });
    const picture = await pictureThatSays(hosted.page, /links drawn/);
    const paints = await picture.evaluate(async (box) => {
      const context = box.querySelector('canvas')?.getContext('2d');
      if (!context) throw new Error('The picture has no canvas.');
      let count = 0;
      const clear = context.clearRect.bind(context);
      context.clearRect = (x, y, width, height) => {
        count += 1;
        clear(x, y, width, height);
      };
      const { left, top } = box.getBoundingClientRect();
      await new Promise(requestAnimationFrame);
      count = 0;
      for (let y = 0; y < 100; y++) box.dispatchEvent(new PointerEvent('pointermove', { clientX: left + 50, clientY: top + 20 + y }));
      const atOnce = count;
      await new Promise(requestAnimationFrame);
      return { atOnce, after: count };
    });
    expect(paints).toEqual({ atOnce: 0, after: 1 });
  });
});

describe('the attention map', () => {
  it('reads the cell under the pointer and focuses its query', async () => {
    const { hosted } = await bench.open({ text: short, view: { ...column, picture: 'map', heads: [2] } });
    const picture = await pictureThatSays(hosted.page, /layer 3, head 2: \d+ queries by \d+ keys/);
    // Cells of a short text are 40 px wide: this is in the first column of the third row.
    await picture.hover({ position: { x: 90, y: 165 } });
    await pictureThatSays(hosted.page, /head 2: .+ → .+: [\d.<]+ %\.$/);
    expect(await hosted.page.locator('.strip .focused').count()).toBe(1);
  });
});

describe('the head grid', () => {
  it('has a button for each head that shows it', async () => {
    const { hosted } = await bench.open({ text: story, view: column });
    const buttons = hosted.page.locator('.head-button');
    expect(await buttons.count()).toBe(48);
    await hosted.page.getByRole('button', { name: /^Layer 4, head 5: / }).click();
    await hosted.waitFor(viewThat(({ layer, heads }) => layer === 4 && heads.join() === '5'));
    await hosted.page.getByRole('button', { name: /^Layer 4, head 1: / }).click({ modifiers: ['ControlOrMeta'] });
    await hosted.waitFor(viewThat(({ layer, heads }) => layer === 4 && heads.join() === '1,5'));
    expect(await buttons.evaluateAll((all) => all.filter((button) => button.getAttribute('aria-pressed') === 'true').length)).toBe(2);
  });

  it('is one stop of the keyboard, with arrows inside', async () => {
    const { hosted } = await bench.open({ text: short, view: { ...column, heads: [3] } });
    const chosen = hosted.page.getByRole('button', { name: /^Layer 3, head 3: / });
    await chosen.focus();
    expect(await hosted.page.locator('.head-button[tabindex="0"]').count()).toBe(1);
    await hosted.page.keyboard.press('ArrowDown');
    await hosted.page.keyboard.press('ArrowRight');
    await hosted.page.keyboard.press('Enter');
    await hosted.waitFor(viewThat(({ layer, heads }) => layer === 4 && heads.join() === '4'));
  });

  it('can be sorted, strongest first', async () => {
    const { hosted } = await bench.open({ text: story, view: { ...column, gridSort: 'previous' } });
    await hosted.page.getByRole('group', { name: 'All 48 heads, the largest share on the previous token first.' }).waitFor();
    const names = await hosted.page.locator('.head-button').evaluateAll((buttons) => buttons.map((button) => button.getAttribute('aria-label') ?? ''));
    const shares = names.map((name) => Number.parseFloat(/: ([\d.]+) %/.exec(name)?.[1] ?? 'NaN'));
    expect(shares).toEqual([...shares].sort((a, b) => b - a));
  });
});

describe('a picture that is asked for from outside', () => {
  it('is the one that is seen, also where it is not the first of another group', async () => {
    const { hosted, host } = await bench.open({ text: short, view: column });
    await pictureThatSays(hosted.page, /links drawn/);
    host.post({ type: 'lessonView', step: 'any', view: { picture: 'sweep' } });
    await hosted.page.locator('vscode-panel-tab[aria-selected="true"]', { hasText: 'What Matters' }).waitFor();
    await hosted.page.getByRole('button', { name: 'Start' }).waitFor();
    host.post({ type: 'lessonView', step: 'any', view: { picture: 'map' } });
    await hosted.page.locator('vscode-panel-tab[aria-selected="true"]', { hasText: 'Map' }).waitFor();
    await pictureThatSays(hosted.page, /Attention map/);
  });
});
