/** Inline suggestions from the model: off unless the setting turns them on. */
import * as vscode from 'vscode';
import type { ModelSource } from '../protocol.ts';
import { likeliestWords, textBefore } from './continuations.ts';
import type { ScoringEngine } from './predictions.ts';

/** Words suggested at once; a sentence's end ends them sooner. */
const WORDS = 5;

export class GhostText implements vscode.InlineCompletionItemProvider {
  constructor(
    private readonly engine: () => ScoringEngine,
    private readonly model: () => ModelSource | null,
  ) {}

  async provideInlineCompletionItems(
    document: vscode.TextDocument,
    position: vscode.Position,
    _context: vscode.InlineCompletionContext,
    cancel: vscode.CancellationToken,
  ): Promise<vscode.InlineCompletionItem[]> {
    const model = this.model();
    const before = textBefore(document, position);
    if (!model || before.trim() === '' || document.lineAt(position).text.slice(position.character).trim() !== '') return [];
    const abort = new AbortController();
    cancel.onCancellationRequested(() => abort.abort());
    const suggestion = await this.continued(model, before, abort.signal);
    return suggestion === '' ? [] : [new vscode.InlineCompletionItem(suggestion, new vscode.Range(position, position))];
  }

  /** The likeliest words one after another. Where the engine cannot, nothing is suggested: nobody asked for a message. */
  private async continued(model: ModelSource, before: string, signal: AbortSignal): Promise<string> {
    let added = '';
    try {
      for (let i = 0; i < WORDS; i++) {
        const [word] = await likeliestWords(this.engine(), model, before + added, 1, signal);
        if (!word || !word.complete || word.text.includes('\n') || word.text.includes('\uFFFD')) break;
        added += word.text;
        if (/[.!?。！？]$/u.test(word.text)) break;
      }
    } catch {
      return added;
    }
    return added;
  }
}
