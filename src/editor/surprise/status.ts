/** The status bar's word on the active document: bits per word, perplexity, the model. */
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { commands } from '../../manifest.ts';
import type { Coloring } from './coloring.ts';

export class SurpriseStatus implements vscode.Disposable {
  private readonly item = vscode.window.createStatusBarItem('headlight.surprise', vscode.StatusBarAlignment.Right, 90);

  constructor(private readonly coloringOf: (document: vscode.TextDocument) => Coloring | null) {
    this.item.name = l10n.t('Surprise');
    this.item.command = commands.toggleSurprise;
  }

  /** What is shown now; empty where nothing is. */
  get text(): string {
    return this.item.text;
  }

  update(): void {
    const document = vscode.window.activeTextEditor?.document;
    const coloring = document && this.coloringOf(document);
    if (!coloring) {
      this.item.hide();
      return;
    }
    const { figures, complete } = coloring.state;
    const name = coloring.model.name;
    this.item.text = figures
      ? l10n.t('$(pulse) {0} bits/word · perplexity {1} · {2}', figures.bitsPerWord.toFixed(1), figures.perplexity.toPrecision(3), name)
      : l10n.t('$(sync~spin) Reading with {0}…', name);
    this.item.tooltip = figures
      ? l10n.t('Surprise of the {0} visible words to {1}: {2} bits a word on average. Perplexity is per token. Click to turn the colours off.', figures.words, name, figures.bitsPerWord.toFixed(2)) + (complete ? '' : ` ${l10n.t('More is being read.')}`)
      : l10n.t('Click to turn the colours off.');
    this.item.show();
  }

  dispose(): void {
    this.item.dispose();
  }
}
