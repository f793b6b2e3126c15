import { describe, expect, it } from 'vitest';
import type { PageMessage, ViewState } from '../../src/protocol.ts';
import { initialView } from '../../webview/viewState.ts';
import { pageBench } from './pageBench.ts';
import { hostile, short, story } from './texts.ts';

const bench = pageBench();

type Highlighted = Extract<PageMessage, { type: 'highlight' }>;

function highlightOf(token: number, pinned: boolean): (message: PageMessage) => message is Highlighted {
  return (message): message is Highlighted => message.type === 'highlight' && message.highlight?.token === token && message.highlight.pinned === pinned && message.highlight.partners.length > 0;
}

const nothingLit = (message: PageMessage): message is Highlighted => message.type === 'highlight' && message.highlight === null;

type Commanded = Extract<PageMessage, { type: 'command' }>;

function commandOf(command: Commanded['command']): (message: PageMessage) => message is Commanded {
  return (message): message is Commanded => message.type === 'command' && message.command === command;
}

function viewWith(wanted: Partial<ViewState>): (message: PageMessage) => message is Extract<PageMessage, { type: 'view' }> {
  return (message): message is Extract<PageMessage, { type: 'view' }> =>
    message.type === 'view' && Object.entries(wanted).every(([name, value]) => JSON.stringify(Object.entries(message.view).find(([key]) => key === name)?.[1]) === JSON.stringify(value));
}

describe('a token under the pointer', () => {
  it('shows its facts, its partners, what comes after it, and lights up in the editor', async () => {
    const { hosted, token } = await bench.open({ text: story });
    await token(7).hover();
    const { highlight } = await hosted.waitFor(highlightOf(7, false));
    // A decoder sees what comes before, and partners come strongest first.
    expect(highlight?.partners.every((partner) => partner.token < 7)).toBe(true);
    const weights = highlight?.partners.map(({ weight }) => weight) ?? [];
    expect(weights).toEqual([...weights].sort((a, b) => b - a));
    expect(weights.length).toBeLessThanOrEqual(12);
    expect(await hosted.page.locator('.details').innerText()).toMatch(/token 7\s+id \d+\s+bytes [0-9a-f ]+\s+range \d+–\d+/);
    await hosted.page.locator('.answer-position', { hasText: '(7)' }).waitFor();
    expect(await hosted.page.locator('.strip .shaded').count()).toBeGreaterThan(0);
    expect(await hosted.page.locator('.strip .focused').count()).toBe(1);
  });

  it('is pinned by a click, and stays when the pointer has left', async () => {
    const { hosted, token } = await bench.open({ text: story });
    await token(5).click();
    await hosted.page.locator('.answer-body').hover();
    await hosted.waitFor(highlightOf(5, true));
    expect(await token(5).getAttribute('aria-selected')).toBe('true');
    await hosted.waitFor(viewWith({ pinned: { sequence: 'text', token: 5 } }));
    await hosted.page.keyboard.press('Escape');
    await hosted.waitFor(nothingLit);
    expect(await token(5).getAttribute('aria-selected')).toBe('false');
  });

  it('is also the one at the cursor of the editor', async () => {
    const { hosted, host, token } = await bench.open({ text: story });
    host.post({ type: 'caret', token: 3 });
    await hosted.page.locator('.strip .focused[data-token="3"]').waitFor();
    expect(await token(3).getAttribute('class')).toContain('caret');
  });
});

describe('the next-token bars', () => {
  it('add up with everything else, and mark what really follows', async () => {
    const { hosted, token } = await bench.open({ text: story });
    await token(2).hover();
    await hosted.page.locator('.answer-position', { hasText: '(2)' }).waitFor();
    const shares = await hosted.page.locator('.bar:not(.follows.outside) .bar-value').allInnerTexts();
    const listed = await hosted.page.locator('.bar').count();
    expect(shares.length).toBe(listed);
    expect(listed === 11 || listed === 12).toBe(true);
    // Top ten and everything else make the whole, up to rounding.
    const sum = shares.slice(0, 11).reduce((total, share) => total + Number.parseFloat(share.replace('<', '')), 0);
    expect(sum).toBeGreaterThan(96);
    expect(sum).toBeLessThan(104);
    expect(await hosted.page.locator('.bar.follows').innerText()).toContain('time');
  });

  it('say so when they are about the last token, after which nothing follows', async () => {
    const { hosted } = await bench.open({ text: short });
    expect(await hosted.page.locator('.answer-position').innerText()).toContain('last token');
    expect(await hosted.page.locator('.bar.follows').count()).toBe(0);
  });

  it('become as many as asked for', async () => {
    const { hosted } = await bench.open({ text: short });
    await hosted.page.locator('.answer vscode-dropdown').click();
    await hosted.page.locator('.answer vscode-option', { hasText: 'Top 20' }).click();
    await hosted.page.waitForFunction(() => document.querySelectorAll('.bar').length === 21);
  });
});

describe('by keys alone', () => {
  it('one goes from token to token, pins, and lets go', async () => {
    const { hosted, token } = await bench.open({ text: story });
    const { keyboard } = hosted.page;
    await token(0).focus();
    for (const key of ['ArrowRight', 'ArrowRight', 'Enter', 'End']) await keyboard.press(key);
    await hosted.waitFor(viewWith({ pinned: { sequence: 'text', token: 2 } }));
    const last = (await hosted.page.locator('.strip [data-token]').count()) - 1;
    await hosted.page.locator(`.strip .focused[data-token="${last}"]`).waitFor();
    expect(await token(last).evaluate((chip) => chip === document.activeElement)).toBe(true);
    await keyboard.press('Home');
    await keyboard.press('ArrowDown');
    // Down goes by lines of the text, not by tokens.
    const below = Number(await hosted.page.locator('.strip .focused').getAttribute('data-token'));
    expect(below).toBeGreaterThan(5);
    await keyboard.press('Escape');
    await hosted.waitFor(viewWith({ pinned: null }));
  });

  it('one goes through heads and layers', async () => {
    const { hosted } = await bench.open({ text: short, view: { ...initialView, layer: 2 } });
    await hosted.page.keyboard.press(']');
    await hosted.waitFor(viewWith({ heads: [0] }));
    expect(await hosted.page.getByRole('button', { name: 'Head 0' }).first().getAttribute('aria-pressed')).toBe('true');
    await hosted.page.keyboard.press('[');
    await hosted.page.keyboard.press('PageDown');
    await hosted.waitFor(viewWith({ heads: [], layer: 3 }));
    await hosted.page.keyboard.press('PageUp');
    await hosted.page.keyboard.press('PageUp');
    await hosted.waitFor(viewWith({ layer: 1 }));
  });

  it('one hears where the keys have gone in a picture', async () => {
    const { hosted } = await bench.open({ text: short });
    await hosted.page.locator('.drawing [role="img"]').focus();
    await hosted.page.keyboard.press('Home');
    await hosted.page.locator('[aria-live="polite"]', { hasText: 'The, token 0' }).waitFor();
    expect(await hosted.page.locator('.drawing [role="img"]').getAttribute('aria-label')).toMatch(/^Attention graph of layer \d+/);
  });

  it('one reads the list of keys and closes it', async () => {
    const { hosted } = await bench.open({ text: short });
    await hosted.page.keyboard.press('?');
    const dialog = hosted.page.getByRole('dialog', { name: 'Keys' });
    await dialog.waitFor();
    await hosted.page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
  });

  it('one reaches every control, and each has a name', async () => {
    const { hosted } = await bench.open({ text: short });
    const nameless = await hosted.page.evaluate(() =>
      [...document.querySelectorAll<HTMLElement>('button, vscode-button, vscode-dropdown, vscode-checkbox, input, [role="radio"], [tabindex="0"]')]
        .filter((control) => ((control.getAttribute('aria-label') ?? '') + control.textContent).trim() === '')
        .map((control) => control.outerHTML.slice(0, 80)),
    );
    expect(nameless).toEqual([]);
    const regions = new Set<string>();
    // Once around: every region has something the keyboard stops at.
    for (let stop = 0; stop < 60; stop++) {
      await hosted.page.keyboard.press('Tab');
      regions.add(await hosted.page.evaluate(() => document.activeElement?.closest('.text, .picture, .answer, .navigator, .status')?.classList.item(1) ?? document.activeElement?.closest('.status')?.className ?? ''));
    }
    expect([...regions]).toEqual(expect.arrayContaining(['text', 'picture', 'answer', 'navigator', 'status']));
  });
});

describe('the view', () => {
  it('is restored as it was kept, and kept as it is changed', async () => {
    const view: ViewState = { ...initialView, picture: 'map', layer: 4, heads: [1, 3], percent: 55, sink: 'remove', unit: 'word', pinned: { sequence: 'text', token: 2 } };
    const { hosted } = await bench.open({ text: story, view });
    expect(await hosted.page.getByRole('tab', { name: 'Map' }).getAttribute('aria-selected')).toBe('true');
    expect(await hosted.page.locator('.toggle.head[aria-pressed="true"]').allInnerTexts()).toEqual(['1', '3']);
    expect(await hosted.page.locator('.strip .pinned').getAttribute('data-token')).toBe('2');
    await hosted.page.getByRole('tab', { name: 'Graph' }).click();
    await hosted.waitFor(viewWith({ picture: 'graph', layer: 4, heads: [1, 3] }));
    await hosted.page.getByRole('radio', { name: 'Tokens' }).click();
    await hosted.waitFor(viewWith({ unit: 'token' }));
    expect(await hosted.keptState()).toMatchObject({ subject: { text: story }, view: { unit: 'token', percent: 55, pinned: { sequence: 'text', token: 2 } } });
  });

  it('changes with the slider, and says how much is hidden', async () => {
    const { hosted } = await bench.open({ text: story });
    const hidden = async (): Promise<number> => Number(/([\d,]+) weaker links are hidden/.exec(await hosted.page.locator('.picture-caption').innerText())?.[1]?.replaceAll(',', ''));
    // There is no number while links are on their way.
    await expect.poll(hidden).toBeGreaterThan(0);
    const before = await hidden();
    await hosted.page.getByRole('slider').fill('95');
    await hosted.waitFor(viewWith({ percent: 95 }));
    await expect.poll(hidden).toBeLessThan(before);
  });
});

describe('tables', () => {
  it('say what the pictures say', async () => {
    const { hosted } = await bench.open({ text: story });
    await hosted.page.locator('.bars').waitFor();
    const toggles = hosted.page.getByRole('button', { name: 'Show as table' });
    expect(await toggles.count()).toBe(4);
    for (let at = 0; at < 4; at++) await toggles.nth(at).click();
    const tables = hosted.page.getByRole('table');
    expect(await tables.count()).toBe(4);
    const tokens = hosted.page.locator('.text tbody tr');
    expect(await tokens.count()).toBeGreaterThan(60);
    expect(await hosted.page.locator('.navigator tbody tr').count()).toBe(48);
    expect(await hosted.page.locator('.answer tbody tr').count()).toBe(10);
    for (const table of await tables.all()) {
      expect(await table.locator('caption').innerText()).not.toBe('');
      expect(await table.locator('thead th[scope="col"]').count()).toBeGreaterThan(2);
      expect(await table.locator('tbody tr:first-child th[scope="row"]').count()).toBeGreaterThan(0);
    }
  });
});

describe('without a picture', () => {
  it('says what to do', async () => {
    const { hosted } = await bench.open();
    await hosted.page.getByText('right-click it and choose').waitFor();
  });

  it('says what is on its way', async () => {
    const { hosted, host } = await bench.open();
    host.post({ type: 'subject', subject: { text: 'a', model: 'storyteller', windowStart: 0 } });
    await hosted.page.getByRole('status').getByText('Loading storyteller…').waitFor();
  });

  it('says what happened and what helps, and tries again when told to', async () => {
    const { hosted, host } = await bench.open({ text: short });
    host.post({ type: 'run', event: { type: 'failed', run: 99, trouble: { code: 'engine.died', message: 'The engine stopped.', help: 'Try again.' } } });
    await hosted.page.getByRole('alert').getByText('The engine stopped.').waitFor();
    await hosted.page.getByRole('button', { name: 'Retry' }).click();
    await hosted.waitFor(commandOf('retry'));
  });
});

it('says when the text has changed since, and refreshes when told to', async () => {
  const { hosted, host } = await bench.open({ text: short });
  host.post({ type: 'link', stale: true, following: true });
  await hosted.page.getByRole('button', { name: 'Refresh' }).click();
  await hosted.waitFor(commandOf('refresh'));
  expect(await hosted.page.getByRole('checkbox', { name: 'Follow selection' }).getAttribute('aria-checked')).toBe('true');
});

it('speaks the language of the host', async () => {
  const { hosted } = await bench.open({ text: short, strings: { Graph: '图', 'After the last token, “{0}” ({1})': '在最后一个词元“{0}”（{1}）之后' }, locale: 'zh-cn' });
  await hosted.page.getByRole('tab', { name: '图' }).waitFor();
  await hosted.page.getByText('在最后一个词元“.”').waitFor();
  expect(await hosted.page.evaluate(() => document.documentElement.lang)).toBe('zh-cn');
});

it('takes hostile text for text', async () => {
  const { hosted } = await bench.open({ text: hostile });
  expect(await hosted.page.locator('img').count()).toBe(0);
  expect(await hosted.page.evaluate(() => 'hacked' in window)).toBe(false);
  expect(await hosted.page.locator('.strip').innerText()).toContain('⟨202E⟩');
});
