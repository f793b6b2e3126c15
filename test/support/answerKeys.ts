/** Answers to the checks of lessons, entered in Headlight's page by keys alone. */
import * as l10n from '@vscode/l10n';
import { expect } from 'vitest';
import type { Attempt } from '../../src/lessons/attempt.ts';
import type { CheckKind } from '../../src/lessons/blockSchemas.ts';
import type { Laboratory } from '../../src/lessons/laboratory.ts';
import { runOf } from '../../src/lessons/runOf.ts';
import type { Intervention, ModelInfo, PictureName, Place, RunInfo, Sampling, ViewState } from '../../src/protocol.ts';
import { groupOf, groupsOf, picturesOf } from '../../webview/pictures.ts';
import { visibleLabel } from '../../webview/visibleText.ts';
import type { PanelKeys } from './panelKeys.ts';

/** What came of an answer. */
export interface Told {
  readonly passed: boolean;
  /** All that is said of it. */
  readonly text: string;
}

export class AnswerKeys {
  constructor(
    private readonly keys: PanelKeys,
    private readonly laboratory: Laboratory,
  ) {}

  /** Enters an answer, has it decided, and resolves with what is told of it. */
  async give(kind: CheckKind, attempt: Attempt): Promise<Told> {
    const { keys } = this;
    await this.enter(kind, attempt);
    await keys.press('Enter');
    const told = await keys.frame().waitForFunction(() => {
      const box = document.querySelector('.told:not([data-read])');
      // What is read once is not read again: the next verdict is another element.
      box?.setAttribute('data-read', '');
      return box && { passed: box.classList.contains('passed'), text: box.textContent };
    });
    const read = await told.jsonValue();
    if (!read) throw new Error('Nothing is told.');
    return read;
  }

  /** Leaves the keyboard's focus where Enter has the answer decided. */
  private async enter(kind: CheckKind, attempt: Attempt): Promise<void> {
    const { keys } = this;
    const { given, view } = attempt;
    if (given && 'option' in given) return this.option(given.option);
    if (given) return this.type('.number-field input', String(given.number));
    if (kind === 'text') return this.type('.lesson-text textarea', attempt.text);
    const { info } = await this.laboratory.run(runOf(attempt));
    await keys.goToLive();
    if (kind === 'experiment') await this.experiments(view.experiments?.map(({ intervention }) => intervention) ?? [], info);
    else await this.view(view, attempt.model, info);
    await keys.goToLesson();
    await keys.tabTo(keys.locator('.check-actions vscode-button'));
  }

  /** The browser's own radio buttons: arrow keys go through them. */
  private async option(option: number): Promise<void> {
    const options = this.keys.locator('.option input');
    await this.keys.tabTo(options);
    await this.keys.press('Space');
    await this.keys.pressUntil('ArrowDown', () => this.keys.isOn(options.nth(option)));
  }

  private async type(field: string, text: string): Promise<void> {
    await this.keys.tabTo(this.keys.locator(field));
    // Not by the key for all of it, which VS Code carries out by itself, a moment later.
    await this.keys.press('ControlOrMeta+Home', 'ControlOrMeta+Shift+End');
    await this.keys.page.keyboard.type(text);
  }

  /** Settings one after the other: which layers and heads there are depends on model, part and picture. */
  private async view({ part, picture, layer, heads, sink, gridSort, sampling, pinned, ...others }: Partial<ViewState>, model: string, info: RunInfo): Promise<void> {
    if (Object.keys(others).length > 0) throw new Error(`No keys are known for ${Object.keys(others).join(', ')}.`);
    await this.model(model);
    await this.keys.goToLive();
    if (part) await this.keys.press(String(info.model.attentions.findIndex((one) => one.part === part) + 1));
    if (picture) await this.picture(picture, info.model);
    if (layer !== undefined) await this.layer(layer, info.model);
    if (heads) await this.heads(heads);
    if (sink) await this.choice(l10n.t('First token'), { show: l10n.t('Show'), dim: l10n.t('Dim'), remove: l10n.t('Remove') }[sink]);
    if (gridSort) await this.keys.chooseInDropdown(this.keys.locator(`vscode-dropdown[aria-label="${l10n.t('Sort heads')}"]`), gridSort);
    if (sampling) await this.sampling(sampling);
    if (pinned) await this.pin(pinned);
  }

  private async model(name: string): Promise<void> {
    const models = this.keys.locator(`vscode-dropdown[aria-label="${l10n.t('Model')}"]`);
    await this.keys.chooseInDropdown(models, name);
    await expect.poll(() => this.keys.locator('.status').innerText()).toMatch(/ (ms|毫秒)/);
  }

  private async picture(picture: PictureName, model: ModelInfo): Promise<void> {
    const { keys } = this;
    const group = groupOf(picture);
    const groups = keys.frame().getByRole('radiogroup', { name: l10n.t('What the pictures are about') }).getByRole('radio');
    await keys.chooseInRow(groups.and(keys.locator('[aria-checked=true]')), groups.nth(groupsOf(model).indexOf(group)));
    await keys.chooseInRow(keys.locator('.picture vscode-panel-tab[aria-selected=true]'), keys.locator('.picture vscode-panel-tab').nth(picturesOf(model, group).indexOf(picture)));
  }

  /** From the layer that the page names, else from the first one. */
  private async layer(layer: number, { layers }: Pick<ModelInfo, 'layers'>): Promise<void> {
    await this.keys.goToLive();
    const [named] = await this.keys.locator('.layers vscode-dropdown').evaluateAll((boxes) => boxes.map((box) => ('value' in box ? Number(box.value) : null)));
    if (named === undefined) await this.keys.pressTimes('PageUp', layers - 1);
    const by = layer - (named ?? 0);
    await this.keys.pressTimes(by > 0 ? 'PageDown' : 'PageUp', Math.abs(by));
  }

  private async heads(heads: readonly number[]): Promise<void> {
    await this.keys.goToLive();
    const shown = this.keys.locator('.heads .toggle.head[aria-pressed=true]');
    await this.keys.pressUntil(']', async () => (await shown.allInnerTexts()).join() === heads.join());
  }

  /** One of a row of joined buttons, by the words of both. */
  private async choice(label: string, option: string): Promise<void> {
    const row = this.keys.frame().getByRole('radiogroup', { name: label, exact: true });
    await this.keys.chooseInRow(row.locator('[aria-checked=true]'), row.getByRole('radio', { name: option, exact: true }));
  }

  private async sampling(sampling: Sampling): Promise<void> {
    const names = { temperature: l10n.t('Temperature'), topK: 'top-k', topP: 'top-p', minP: 'min-p' } as const;
    for (const rule of ['temperature', 'topK', 'topP', 'minP'] as const) {
      const slider = this.keys.locator(`input[type=range][aria-label="${names[rule]}"]`);
      const [now, least, step] = await slider.evaluate((input) => (input instanceof HTMLInputElement ? [input.value, input.min, input.step].map(Number) : []));
      const wanted = sampling[rule];
      if (now === wanted || least === undefined || step === undefined) continue;
      await this.keys.tabTo(slider);
      await this.keys.press('Home');
      await this.keys.pressTimes('ArrowRight', Math.round((wanted - least) / step));
    }
  }

  /** Brings the page's own focus to a token. */
  private async goToToken({ sequence, token }: Place): Promise<void> {
    const { keys } = this;
    const strip = `.strip[data-sequence="${sequence}"]`;
    await keys.goToLive();
    await keys.press('Home');
    if ((await keys.locator(`${strip} .focused`).count()) === 0) await keys.press('x', 'Home');
    await keys.pressUntil('ArrowRight', async () => (await keys.locator(`${strip} .focused[data-token="${token}"]`).count()) === 1, 200);
  }

  private async pin(place: Place): Promise<void> {
    await this.keys.goToTokens();
    await this.keys.press('Escape');
    await this.goToToken(place);
    await this.keys.press('Enter');
    await this.keys.locator(`.strip[data-sequence="${place.sequence}"] .pinned[data-token="${place.token}"]`).waitFor();
  }

  /** Switches off just these. */
  private async experiments(wanted: readonly Intervention[], info: RunInfo): Promise<void> {
    const { keys } = this;
    const list = keys.locator('.experiment-list .experiment');
    if ((await list.count()) > 0) {
      await keys.tabTo(keys.locator('.region.experiments .menu-button'));
      await keys.press('Enter');
      await keys.chooseInMenu(l10n.t('Remove all experiments'));
    }
    await expect.poll(() => list.count()).toBe(0);
    for (const intervention of wanted) await this.switchOff(intervention, info);
    await expect.poll(() => list.count()).toBe(wanted.length);
  }

  private async switchOff(intervention: Intervention, info: RunInfo): Promise<void> {
    const { keys } = this;
    switch (intervention.kind) {
      case 'positions':
        return this.inMenu(l10n.t('Switch off the positions'));
      case 'attention':
        await this.layer(intervention.layer, info.model);
        return this.inMenu(l10n.t('Switch off all attention of layer {0}', intervention.layer));
      case 'feedForward':
        await this.layer(intervention.layer, info.model);
        return this.inMenu(l10n.t('Switch off the feed-forward part of layer {0}', intervention.layer));
      case 'head': {
        const name = l10n.t('Layer {0}, head {1}: {2}', intervention.layer, intervention.head, '');
        await keys.tabTo(keys.locator('.head-button'));
        await keys.press('Home');
        await keys.pressUntil('ArrowRight', () => keys.isOn(keys.locator(`.head-button[aria-label^="${name}"]`)), 200);
        return keys.press('x');
      }
      case 'neuron':
        await this.layer(intervention.layer, info.model);
        await keys.tabTo(keys.frame().locator('.neurons tr', { has: keys.frame().locator('th').getByText(String(intervention.index), { exact: true }) }).locator('button'));
        return keys.press('Enter');
      case 'token':
        await this.goToToken({ sequence: 'text', token: intervention.token });
        return keys.press('Delete');
      case 'link':
        await this.layer(intervention.layer, info.model);
        await this.heads(intervention.heads);
        return this.cut(intervention, info);
      default:
        return intervention satisfies never;
    }
  }

  /** What looks and what is looked at are tokens of the text here. Weak links are offered where they are drawn: with all of them. */
  private async cut({ query, key, renormalise }: Extract<Intervention, { kind: 'link' }>, { tokens }: RunInfo): Promise<void> {
    await this.keys.tabTo(this.keys.locator(`input[type=range][aria-label="${l10n.t('Links')}"]`));
    await this.keys.press('End');
    await this.pin({ sequence: 'text', token: query });
    const [from, to] = [query, key].map((token) => visibleLabel(tokens[token]?.text ?? ''));
    await this.inMenu(l10n.t('Link {0} …', l10n.t('“{0}” → “{1}”', from ?? '', to ?? '')));
    await this.keys.chooseInMenu(renormalise ? l10n.t('Cut the link; the rest of the row grows') : l10n.t('Cut the link; the rest stays as it is'));
  }

  /** An entry of all that can be switched off. */
  private async inMenu(label: string): Promise<void> {
    await this.keys.goToLive();
    await this.keys.press('Shift+F10');
    await this.keys.chooseInMenu(label);
  }
}
