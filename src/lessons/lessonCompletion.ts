/** Completion inside the blocks of teachers' lessons. */
import * as vscode from 'vscode';
import { lessonFileEnding } from './courseNames.ts';

/** @param models names of the models that a lesson can show */
export function provideLessonCompletions(models: () => readonly string[]): vscode.Disposable {
  const provider: vscode.CompletionItemProvider = {
    async provideCompletionItems(document, position) {
      const { suggestionsAt } = await import('./completions.ts');
      const before = document.getText(new vscode.Range(new vscode.Position(0, 0), position)).replaceAll('\r\n', '\n');
      return suggestionsAt(before, models()).map(({ text, is }) => {
        const item = new vscode.CompletionItem(text, is === 'key' ? vscode.CompletionItemKind.Property : vscode.CompletionItemKind.Value);
        if (is === 'key') item.insertText = `${text}: `;
        return item;
      });
    },
  };
  return vscode.languages.registerCompletionItemProvider({ pattern: `**/*${lessonFileEnding}` }, provider, ':', ' ', '{', '`');
}
