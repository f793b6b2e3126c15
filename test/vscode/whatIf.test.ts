import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FrameLocator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { VscodeWindow } from '../support/vscodeWindow.ts';
import { goToFile, openFile } from '../support/workbench.ts';

const text = 'The little green dragon lived in a cave. One day the little green';

// One window from beginning to end, as a user goes, and then a fresh one: each test begins where the one before ended.
describe('from a guess about a head to a probe that anybody can replay', () => {
  let window: VscodeWindow;
  let measured: string[];

  beforeAll(async () => {
    window = await VscodeWindow.open({ name: 'what-if', files: { 'read.txt': text } });
    await openFile(window.page, 'read.txt');
  });
  afterAll(() => window.close());

  const panel = (): FrameLocator => window.panel();
  /** Name and value of each number that the experiments are measured by. */
  const measures = async (): Promise<string[]> => {
    await panel().locator('.measures dd').first().waitFor();
    return panel().locator('.measures > *').allInnerTexts();
  };

  /** Layer and head of each, as its button begins to say. */
  let found: string[];

  it('finds the heads that copy, by their score on the text', async () => {
    await window.run('Headlight: Show Attention');
    await panel().locator('[data-token]').last().waitFor();
    await panel().locator('.bars .bar').first().waitFor();
    await panel().locator('.head-filter input').fill('induction > 0.55');
    const left = panel().locator('.head-button[data-left="true"]');
    await expect.poll(() => left.count()).toBeGreaterThan(0);
    found = await left.evaluateAll((buttons) => buttons.map((button) => button.getAttribute('aria-label')?.split(':')[0] ?? ''));
    expect(found.every((name) => /^Layer [45], head \d$/.test(name))).toBe(true);
    await window.picture('found');
  });

  it('switches them off, and what is copied is expected no longer', async () => {
    for (const name of found) {
      await panel().locator(`.head-button[aria-label^="${name}:"]`).click();
      await panel().locator(`.head-button[aria-pressed="true"][aria-label^="${name}:"]`).waitFor();
      await window.page.keyboard.press('x');
    }
    await expect.poll(() => panel().locator('.experiment-list li').count()).toBe(found.length);
    const chances = async (): Promise<number[]> => /P\(“.dragon”\)\s*([\d.]+) %\D+([\d.]+) %/.exec((await measures()).join(' '))?.slice(1).map(Number) ?? [];
    await expect.poll(async () => (await chances())[1]).toBeLessThan(2);
    expect((await chances())[0]).toBeGreaterThan(50);
    measured = await measures();
    await window.picture('off');
  });

  it('shows why in sources and lens', async () => {
    await panel().locator('.picture [role=radio]', { hasText: 'Prediction' }).click();
    await panel().locator('vscode-panel-tab', { hasText: 'Sources' }).click();
    await expect.poll(() => panel().locator('.picture').innerText()).toMatch(/the parts add up to/);
    await window.picture('sources');
    await panel().locator('vscode-panel-tab', { hasText: 'Lens' }).click();
    await expect.poll(() => panel().locator('.picture').innerText()).toMatch(/is the likeliest|comes to rank|in the end/);
    await window.picture('lens');
  });

  it('keeps it in a file', async () => {
    await window.run('Headlight: Save as Probe');
    await window.save(/^\/.*\.probe\.json$/, join(window.folder, 'reading.probe.json'));
    await expect.poll(() => readFile(join(window.folder, 'reading.probe.json'), 'utf8').catch(() => '')).toContain('"headlightProbe": 1');
  });

  it('gives the same numbers in a fresh window', async () => {
    await window.reopen();
    await goToFile(window.page, 'reading.probe.json');
    await panel().locator('[data-token]').last().waitFor();
    expect(await measures()).toEqual(measured);
    await window.picture('reopened');
  });
});
