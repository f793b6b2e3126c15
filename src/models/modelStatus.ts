/** The status bar's word on the model that is in use; there while a panel can be seen. */
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { commands } from '../manifest.ts';
import { whereModelsRun } from './place.ts';

export class ModelStatus implements vscode.Disposable {
  private item: vscode.StatusBarItem | null = null;

  /** @param hasDisk whether the host is a machine rather than a browser */
  constructor(private readonly hasDisk: boolean) {}

  /** What is shown; `null` if nothing is. */
  get shown(): string | null {
    return this.item?.text ?? null;
  }

  /** @param model name of the model; `null` hides it */
  show(model: string | null): void {
    if (model === null) {
      this.item?.dispose();
      this.item = null;
      return;
    }
    if (!this.item) {
      this.item = vscode.window.createStatusBarItem('headlight.model', vscode.StatusBarAlignment.Right, 90);
      this.item.name = l10n.t('Headlight: Model');
      this.item.command = commands.selectModel;
      this.item.show();
    }
    this.item.text = `$(chip) ${model}`;
    this.item.tooltip = [l10n.t('Headlight shows the text with {0}. Click to select another model.', model), whereModelsRun(this.hasDisk)].join('\n');
  }

  dispose(): void {
    this.item?.dispose();
  }
}
