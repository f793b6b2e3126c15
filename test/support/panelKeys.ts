/** The keyboard in Headlight's page, and what it has its focus on: nothing here uses the pointer. */
import type { Frame, Locator, Page } from 'playwright-core';
import { expect } from 'vitest';

/** More stops than the page has. */
const mostStops = 160;

export class PanelKeys {
  constructor(
    readonly page: Page,
    readonly frame: () => Frame,
  ) {}

  locator(selector: string): Locator {
    return this.frame().locator(selector);
  }

  async press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) await this.page.keyboard.press(key);
  }

  async pressTimes(key: string, times: number): Promise<void> {
    for (let pressed = 0; pressed < times; pressed++) await this.press(key);
  }

  /** Whether the keyboard's focus is on one of `where`, or in it where `within`. */
  async isOn(where: Locator, within = false): Promise<boolean> {
    return where.evaluateAll((elements, inside) => {
      const { activeElement } = document;
      return document.hasFocus() && elements.some((element) => element === activeElement || (inside && element.contains(activeElement)));
    }, within);
  }

  /** Presses Tab, or the other way, until the keyboard's focus is on one of `where`. */
  async tabTo(where: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
    for (let presses = 0; presses < mostStops; presses++) {
      if (await this.isOn(where)) return;
      await this.press(key);
    }
    throw new Error(`${key} does not come to ${String(where)}.`);
  }

  /** Presses one key again and again until `there`. */
  async pressUntil(key: string, there: () => Promise<boolean>, most = 40): Promise<void> {
    for (let presses = 0; presses < most; presses++) {
      if (await there()) return;
      await this.press(key);
    }
    throw new Error(`${key} does not lead there.`);
  }

  /** In the live view, where the page's own keys are heard: not on a control that has the same keys itself. */
  async goToLive(): Promise<void> {
    if (!(await this.isOn(this.locator('.live'), true))) await this.press('l');
    const deaf = this.locator('.live :is(input, vscode-dropdown, [role=radiogroup], [role=tablist], vscode-panel-tab)');
    for (let presses = 0; presses < mostStops && (await this.isOn(deaf, true)); presses++) await this.press('Tab');
  }

  /** In the live view, on a token of the text or the output. */
  async goToTokens(): Promise<void> {
    if (!(await this.isOn(this.locator('.live'), true))) await this.press('l');
    await this.tabTo(this.locator('.strip [data-token]'), 'Shift+Tab');
  }

  /** On the lesson's side. */
  async goToLesson(): Promise<void> {
    if (!(await this.isOn(this.locator('.lesson'), true))) await this.press('l');
    await expect.poll(() => this.isOn(this.locator('.lesson'), true), { interval: 10 }).toBe(true);
  }

  /** Chooses an entry of the menu that is open, by its words. */
  async chooseInMenu(label: string): Promise<void> {
    const item = this.frame().locator('.menu-item', { hasText: label });
    await item.waitFor();
    await this.pressUntil('ArrowDown', () => this.isOn(item));
    await this.press('Enter');
  }

  /** Chooses in a list that opens, without passing through what stands between. */
  async chooseInDropdown(dropdown: Locator, value: string): Promise<void> {
    const isChosen = (): Promise<boolean> => dropdown.evaluate((box, wanted) => 'value' in box && box.value === wanted, value);
    if (await isChosen()) return;
    await this.tabTo(dropdown);
    await this.press('Space', 'Home');
    await this.pressUntil('ArrowDown', isChosen);
    await this.press('Enter');
  }

  /** Chooses one of a row of joined buttons, or of the tabs of pictures. */
  async chooseInRow(chosen: Locator, wanted: Locator): Promise<void> {
    if (await wanted.evaluate((element) => [element.ariaChecked, element.ariaSelected].includes('true'))) return;
    await this.tabTo(chosen);
    await this.pressUntil('ArrowRight', () => this.isOn(wanted));
  }
}
