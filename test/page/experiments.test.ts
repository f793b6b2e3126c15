/** Switching things off, in the page with the real engine: what changes, what is shown, and how it is taken back. */
import { describe, expect, it } from 'vitest';
import type { Experiment, PageMessage } from '../../src/protocol.ts';
import { initialView } from '../../webview/viewState.ts';
import { pageBench, type Opened } from './pageBench.ts';
import { short, story } from './texts.ts';

const bench = pageBench();

type Viewed = Extract<PageMessage, { type: 'view' }>;

const keeping = (fits: (experiments: readonly Experiment[]) => boolean) => (message: PageMessage): message is Viewed => message.type === 'view' && fits(message.view.experiments);

/** One head of storyteller that matters for the end of a story. */
const head: Experiment = { name: null, on: true, intervention: { kind: 'head', part: 'decoder', layer: 2, head: 2, by: 'zero' } };

const measures = async ({ hosted }: Opened): Promise<Record<string, string>> => {
  const rows = hosted.page.locator('.measures > div');
  await rows.first().waitFor();
  return Object.fromEntries(await rows.evaluateAll((all) => all.map((row) => [row.querySelector('dt')?.textContent ?? '', row.querySelector('dd')?.textContent ?? ''])));
};

const bits = (text: string | undefined): number => Number.parseFloat(text ?? '');

describe('a head', () => {
  it('is switched off with X, by keys alone, and everything says so', async () => {
    const page = await bench.open({ text: story, view: { ...initialView, layer: 2, heads: [2] } });
    const { hosted } = page;
    expect(await hosted.page.locator('.experiments').innerText()).toContain('Right-click');
    await hosted.page.keyboard.press('x');
    await hosted.waitFor(keeping(([one]) => one?.on === true && one.intervention.kind === 'head' && one.intervention.layer === 2 && one.intervention.head === 2));
    await hosted.page.locator('.experiment-name', { hasText: 'layer 2, head 2' }).waitFor();
    const facts = await measures(page);
    expect(bits(facts['KL divergence'])).toBeGreaterThan(0);
    expect(facts['Δ log-probability']).toMatch(/^[+−]?\d/);
    await hosted.page.locator('.bar-ghost').first().waitFor();
    expect(await hosted.page.locator('.bar-before').count()).toBeGreaterThan(5);
    expect(await hosted.page.locator('.head-button[aria-label^="Layer 2, head 2"]').getAttribute('aria-description')).toBe('switched off');
    await hosted.page.keyboard.press('x');
    await hosted.waitFor(keeping(([one]) => one?.on === false));
    await hosted.page.locator('.bar-ghost').first().waitFor({ state: 'detached' });
    expect(await hosted.page.locator('.experiment.off').count()).toBe(1);
  });

  it('is switched off in the grid, and the change is undone and done again', async () => {
    const { hosted } = await bench.open({ text: story, view: { ...initialView, layer: 0, heads: [0] } });
    await hosted.page.getByRole('button', { name: 'Layer 0, head 0' }).focus();
    for (const key of ['ArrowDown', 'ArrowRight', 'x']) await hosted.page.keyboard.press(key);
    await hosted.page.locator('.experiment-name', { hasText: 'layer 1, head 1' }).waitFor();
    await hosted.page.keyboard.press('Control+z');
    await hosted.page.locator('.experiment').waitFor({ state: 'detached' });
    await hosted.page.keyboard.press('Control+Shift+z');
    await hosted.page.locator('.experiment-name', { hasText: 'layer 1, head 1' }).waitFor();
    await hosted.page.keyboard.press('Shift+F10');
    await hosted.page.getByRole('menu').waitFor();
    expect(await hosted.page.locator('.menu-item').allInnerTexts()).toEqual([expect.stringContaining('Switch off head 1.1'), expect.stringContaining('all attention of layer 1'), expect.stringContaining('feed-forward part of layer 1')]);
    await hosted.page.keyboard.press('ArrowDown');
    await hosted.page.keyboard.press('Enter');
    await hosted.page.locator('.experiment-name', { hasText: 'layer 1, whole attention' }).waitFor();
    expect(await hosted.page.locator('.head-button[aria-description="switched off"]').count()).toBe(8);
  });

  it('is named, replaced by its mean and removed', async () => {
    const page = await bench.open({ text: story, view: { ...initialView, experiments: [head] } });
    const { hosted } = page;
    const zero = await measures(page);
    await hosted.page.locator('.experiment').getByRole('radio', { name: 'mean' }).click();
    await hosted.waitFor(keeping(([one]) => one !== undefined && 'by' in one.intervention && one.intervention.by === 'mean'));
    await hosted.page.waitForFunction((before) => document.querySelector('.measures > div:nth-last-child(2) dd')?.textContent !== before, zero['KL divergence']);
    await hosted.page.getByRole('button', { name: /^Name / }).click();
    await hosted.page.keyboard.type('looks back');
    await hosted.page.keyboard.press('Enter');
    await hosted.waitFor(keeping(([one]) => one?.name === 'looks back'));
    await hosted.page.getByRole('button', { name: 'Remove looks back' }).click();
    await hosted.page.locator('.experiments', { hasText: 'Right-click' }).waitFor();
    await hosted.waitFor(keeping((all) => all.length === 0));
  });
});

describe('a token', () => {
  it('is left out with Delete, struck through, and its place in pictures stays', async () => {
    const page = await bench.open({ text: story, view: { ...initialView, picture: 'map', layer: 3, heads: [1] } });
    const { hosted, token } = page;
    await token(3).focus();
    await hosted.page.keyboard.press('Delete');
    await hosted.page.locator('.chip.left-out[data-token="3"]').waitFor();
    expect(await token(3).getAttribute('aria-description')).toBe('left out');
    const tokens = await hosted.page.locator('.strip [data-token]').count();
    await measures(page);
    await hosted.page.getByRole('radio', { name: 'After' }).click();
    await hosted.page.locator('.picture-caption', { hasText: 'with 1 experiment' }).waitFor();
    const label = hosted.page.locator('.drawing [role="img"]');
    expect(await label.getAttribute('aria-label')).toContain('Attention map of');
    // The map has the same axes as before: the token's row and column are only empty.
    await hosted.page.keyboard.press('Escape');
    await hosted.page.locator(`.drawing [role="img"][aria-label*="${tokens} queries by ${tokens} keys"]`).waitFor();
  });

  it('falls away with another text, heads do not, and that is said', async () => {
    const { hosted, host } = await bench.open({ text: story, view: { ...initialView, experiments: [head, { name: null, on: true, intervention: { kind: 'token', token: 4 } }] } });
    await hosted.page.locator('.experiment').nth(1).waitFor();
    await host.show(short);
    await hosted.waitFor(keeping((all) => all.length === 1 && all[0]?.intervention.kind === 'head'));
    await hosted.page.locator('.experiments [role="status"]', { hasText: '1 experiment does not fit' }).waitFor();
  });
});

describe('pictures', () => {
  it('show what experiments change, in the graph, as a table and in the map', async () => {
    const { hosted } = await bench.open({ text: story, view: { ...initialView, layer: 4, heads: [3], showing: 'difference', experiments: [head] } });
    await hosted.page.locator('.picture-caption', { hasText: 'what 1 experiment changes' }).waitFor();
    await hosted.page.locator('.drawing [role="img"][aria-label*="What the experiments change in attention of layer 4, head 3"]').waitFor();
    await hosted.page.locator('.picture').getByRole('button', { name: 'Show as table' }).click();
    await hosted.page.locator('.picture tbody tr').nth(5).waitFor();
    const changes = await hosted.page.locator('.picture tbody tr td:last-child').allInnerTexts();
    expect(changes.every((text) => /^[+−]/.test(text))).toBe(true);
    expect(changes.some((text) => text.startsWith('+')) && changes.some((text) => text.startsWith('−'))).toBe(true);
    await hosted.page.locator('.picture').getByRole('button', { name: 'Show as table' }).click();
    await hosted.page.getByRole('tab', { name: 'Map' }).click();
    await hosted.page.locator('.drawing [role="img"][aria-label*="Map of what the experiments change in attention of layer 4, head 3"]').waitFor();
  });

  it('show in all heads what experiments change, and nothing in the layers before', async () => {
    const { hosted } = await bench.open({ text: short, width: 700, view: { ...initialView, layer: 4, heads: [3], showing: 'difference', experiments: [head] } });
    const moved = (place: string): Promise<string | null> => hosted.page.locator(`.head-button[aria-label^="${place}"]`).getAttribute('title');
    await expect.poll(() => moved('Layer 5, head 0:')).toMatch(/the experiments move (?!0 %)[\d.<]+ % of its attention/);
    expect(await moved('Layer 0, head 0:')).toContain('the experiments move 0 % of its attention');
    await hosted.page.locator('.head-tags', { hasText: 'Maps show what the experiments change' }).waitFor();
    await hosted.page.locator('.navigator').getByRole('button', { name: 'Show as table' }).click();
    expect(await hosted.page.locator('.navigator thead th').allInnerTexts()).toContain('Moved by the experiments');
    await hosted.page.getByRole('radio', { name: 'After' }).click();
    await expect.poll(() => hosted.page.locator('.navigator thead th').allInnerTexts()).not.toContain('Moved by the experiments');
  });

  it('say that nothing changes before the layer that is switched off', async () => {
    const { hosted } = await bench.open({ text: short, view: { ...initialView, layer: 0, heads: [3], showing: 'difference', experiments: [head] } });
    await hosted.page.locator('.picture-caption', { hasText: 'Nothing changes here' }).waitFor();
  });

  it('offer a link in a cell, and cut it with and without the rest of its row growing', async () => {
    const page = await bench.open({ text: 'Once upon a time there was', view: { ...initialView, picture: 'map', layer: 1, heads: [2] } });
    const { hosted } = page;
    const box = hosted.page.locator('.drawing [role="img"]');
    const { width, height } = (await box.boundingBox()) ?? { width: 0, height: 0 };
    await hosted.page.waitForFunction(() => document.querySelector('.drawing [role="img"]')?.getAttribute('aria-label')?.includes('Attention map') === true);
    /** Goes along a low row of the map, where late queries are, to a cell that offers to cut its link. */
    const cut = async (name: string): Promise<void> => {
      const item = hosted.page.getByRole('menuitemcheckbox', { name });
      for (let share = 0.1; share < 0.9 && !(await item.isVisible()); share += 0.05) {
        await hosted.page.keyboard.press('Escape');
        await box.click({ button: 'right', position: { x: width * share, y: height * 0.6 } });
      }
      await item.click();
    };
    await cut('Cut the link; the rest of the row grows');
    await hosted.waitFor(keeping(([one]) => one?.intervention.kind === 'link' && one.intervention.renormalise && one.intervention.key < one.intervention.query));
    await hosted.page.locator('.experiment-name', { hasText: 'layer 1, head 2, link' }).waitFor();
    await measures(page);
    await cut('Cut the link; the rest stays as it is');
    await hosted.waitFor(keeping((all) => all.length === 1 && all[0]?.intervention.kind === 'link' && !all[0].intervention.renormalise && all[0].on));
  });

  it('offer the links of the focused token by keys', async () => {
    const { hosted } = await bench.open({ text: 'Once upon a time there was', view: { ...initialView, layer: 1, heads: [2] } });
    await hosted.page.locator('.drawing [role="img"]').focus();
    await hosted.page.keyboard.press('End');
    await hosted.page.keyboard.press('Shift+F10');
    await hosted.page.getByRole('menuitem', { name: /^Link / }).first().waitFor();
    await hosted.page.keyboard.press('End');
    await hosted.page.keyboard.press('Enter');
    await hosted.page.getByRole('menuitemcheckbox', { name: 'Cut the link; the rest of the row grows' }).waitFor();
    await hosted.page.keyboard.press('Enter');
    await hosted.waitFor(keeping(([one]) => one?.intervention.kind === 'link' && one.intervention.query === 5));
    expect(await hosted.page.locator('.drawing [role="img"]').evaluate((box) => box === document.activeElement)).toBe(true);
  });
});

describe('the list', () => {
  it('stays in its column with ten experiments, long names and Chinese, and each row begins with its box and its tools', async () => {
    const link = (heads: readonly number[], query: number, key: number): Experiment => ({ name: null, on: true, intervention: { kind: 'link', part: 'decoder', layer: 3, heads, query, key, renormalise: true } });
    const named = ['Donaudampfschifffahrtsgesellschaftskapitänsmütze'.repeat(3), '如果没有这个注意力头，模型还能想起老师的名字吗？'.repeat(3)].map((name): Experiment => ({ ...head, name }));
    const links = [1, 2, 3, 4, 5, 6, 7, 8].map((key) => link([0, 2, 5], 9, key));
    const { hosted } = await bench.open({ text: story, width: 700, height: 900, view: { ...initialView, experiments: [...named, ...links] } });
    await hosted.page.locator('.experiment').nth(9).waitFor();
    expect(await hosted.page.locator('.experiment-list').evaluate((list) => list.scrollWidth - list.clientWidth)).toBe(0);
    const offsets = await hosted.page.locator('.experiment').evaluateAll((rows) => rows.map((row) => ['input', '.experiment-tools'].map((part) => (row.querySelector(part)?.getBoundingClientRect().top ?? NaN) - row.getBoundingClientRect().top)));
    expect(offsets).toHaveLength(10);
    for (const offset of offsets.flat()) expect(offset).toBeLessThan(10);
  });
});

describe('the text', () => {
  it('is shaded by surprisal, and by what experiments change in it', async () => {
    const { hosted, token } = await bench.open({ text: story, view: { ...initialView, experiments: [head] } });
    await hosted.page.getByRole('button', { name: 'Surprisal' }).click();
    await hosted.waitFor((message): message is Viewed => message.type === 'view' && message.view.surprisal);
    await hosted.page.locator('.surprisal-legend', { hasText: /Mean [\d.]+ bits, with the experiments [\d.]+\./ }).waitFor();
    expect(await hosted.page.locator('.strip .shaded').count()).toBeGreaterThan(40);
    await token(5).hover();
    await hosted.page.locator('.surprisal-legend', { hasText: /[\d.]+ → [\d.]+ bits/ }).waitFor();
    await hosted.page.getByRole('radio', { name: 'Difference' }).click();
    await hosted.page.locator('.surprisal-legend', { hasText: 'more surprising' }).waitFor();
    // Nothing comes before the first token, so nothing is said of it.
    expect(await token(0).getAttribute('class')).not.toContain('shaded');
  });
});

describe('by pointer', () => {
  it('a head has a switch over it, and a token a menu', async () => {
    const { hosted, token } = await bench.open({ text: short, width: 1200 });
    await hosted.page.locator('.head-button[aria-label^="Layer 1, head 3"]').hover();
    await hosted.page.getByRole('button', { name: 'Switch off head 1.3' }).click();
    await hosted.waitFor(keeping(([one]) => one?.intervention.kind === 'head' && one.intervention.layer === 1 && one.intervention.head === 3));
    await token(1).click({ button: 'right' });
    await hosted.page.getByRole('menuitemcheckbox').first().click();
    await hosted.page.locator('.chip.left-out[data-token="1"]').waitFor();
    await token(1).click({ button: 'right' });
    expect(await hosted.page.getByRole('menuitemcheckbox').first().getAttribute('aria-checked')).toBe('true');
    await hosted.page.keyboard.press('Escape');
    await hosted.page.getByRole('menu').waitFor({ state: 'detached' });
  });

  it('a link of the focused token is cut where it is drawn', async () => {
    const { hosted } = await bench.open({ text: 'Once upon a time there was', view: { ...initialView, layer: 1, heads: [2], percent: 100, layout: 'vertical', pinned: { sequence: 'text', token: 5 } } });
    await hosted.page.locator('.drawing [role="img"][aria-label*="attends most to"]').waitFor();
    // Beside the middle of the column arcs stand upright: going away from it, one of them is met.
    const met = await hosted.page.evaluate(async () => {
      const box = document.querySelector('.drawing [role="img"]');
      if (!box) return false;
      const corner = box.getBoundingClientRect();
      const frame = (): Promise<unknown> => new Promise((resolve) => requestAnimationFrame(resolve));
      for (let x = 60; x < corner.width; x += 3) {
        document.dispatchEvent(new KeyboardEvent('keydown', { key: 'End' }));
        await frame();
        const at = { clientX: corner.left + x, clientY: corner.top + 124, bubbles: true, cancelable: true };
        box.dispatchEvent(new PointerEvent('pointermove', at));
        box.dispatchEvent(new MouseEvent('contextmenu', at));
        await frame();
        const menu = document.querySelector('[role="menu"]');
        if (menu?.getAttribute('aria-label')?.includes('→') === true) return true;
        menu?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, cancelable: true }));
        await frame();
      }
      return false;
    });
    expect(met).toBe(true);
    await hosted.page.getByRole('menuitemcheckbox', { name: 'Cut the link; the rest stays as it is' }).click();
    await hosted.waitFor(keeping(([one]) => one?.intervention.kind === 'link' && one.intervention.query === 5 && one.intervention.heads.length === 1 && !one.intervention.renormalise));
  });
});

describe('a translation', () => {
  it('keeps its output as it was', async () => {
    const { hosted } = await bench.open({ text: 'The report is new.', model: 'translator', view: { ...initialView, part: 'cross', layer: 1, showing: 'after', experiments: [{ name: null, on: true, intervention: { kind: 'head', part: 'encoder', layer: 0, head: 1, by: 'zero' } }] } });
    await hosted.page.locator('.picture-caption', { hasText: 'The output is kept as it was.' }).waitFor();
    await hosted.page.locator('.experiment-name', { hasText: 'encoder, layer 0, head 1' }).waitFor();
    await hosted.page.locator('.measures').waitFor();
  });
});

describe('what cannot be', () => {
  it('is marked and said, and the others go on without it', async () => {
    const page = await bench.open({ text: story, view: { ...initialView, experiments: [head, { name: 'far away', on: true, intervention: { kind: 'neuron', part: 'decoder', layer: 0, index: 99_999, by: 'zero' } }] } });
    const { hosted } = page;
    await hosted.page.locator('.experiment.faulty', { hasText: 'far away' }).waitFor();
    expect(await hosted.page.locator('.experiment.faulty .trouble').innerText()).toMatch(/99999/);
    expect(bits((await measures(page))['KL divergence'])).toBeGreaterThan(0);
    expect(await hosted.page.locator('.experiment').count()).toBe(2);
  });

  it('is not offered: of all tokens left out together it is said', async () => {
    const { hosted } = await bench.open({ text: 'Once upon', view: { ...initialView, experiments: [0, 1].map((token) => ({ name: null, on: true, intervention: { kind: 'token', token } })) } });
    await hosted.page.locator('.experiments .trouble').first().waitFor();
    expect(await hosted.page.locator('.experiment').count()).toBe(2);
  });
});

describe('bars with sampling', () => {
  it('keep their outlines', async () => {
    const { hosted } = await bench.open({ text: story, view: { ...initialView, experiments: [head], sampling: { temperature: 0.7, topK: 3, topP: 1, minP: 0 } } });
    await hosted.page.locator('.bar-ghost').first().waitFor();
    expect(await hosted.page.locator('.bar.left-out').count()).toBeGreaterThan(0);
    expect(await hosted.page.locator('.sampling').innerText()).toContain('3 tokens can be drawn');
  });
});
