/** The text a user means: the selection, else the paragraph at the cursor, with where it stands. */
import * as vscode from 'vscode';
import type { SubjectSource } from '../protocol.ts';
import { cutTo, paragraphAt } from './paragraph.ts';

export interface ChosenText {
  readonly text: string;
  /** UTF-16 length of what was chosen, where `text` holds only its beginning. */
  readonly textLength?: number;
  readonly source: SubjectSource;
}

/** UTF-16 units of the longest text that is passed on: the engine reads no more of it. */
export const longestText = 100_000;

/** The primary selection of an editor, else the paragraph at its cursor; `null` where both are blank. */
export function chosenText({ document, selection }: vscode.TextEditor): ChosenText | null {
  const range = selection.isEmpty ? paragraphRange(document, selection.active) : selection;
  return range && textIn(document, range);
}

/** The text of a range; `null` where it is blank. */
export function textIn(document: vscode.TextDocument, range: vscode.Range): ChosenText | null {
  const whole = document.getText(range);
  const text = cutTo(whole, longestText);
  if (text.trim() === '') return null;
  const source = {
    uri: document.uri.toString(),
    label: document.uri.path.slice(document.uri.path.lastIndexOf('/') + 1),
    languageId: document.languageId,
    start: document.offsetAt(range.start),
  };
  return text.length < whole.length ? { text, textLength: whole.length, source } : { text, source };
}

function paragraphRange(document: vscode.TextDocument, cursor: vscode.Position): vscode.Range | null {
  const span = paragraphAt({ lineCount: document.lineCount, line: (index) => document.lineAt(index).text }, cursor);
  return span && new vscode.Range(span.start.line, span.start.character, span.end.line, span.end.character);
}

/**
 * The editor a command was called on: of the document whose menu was opened, else the one in use,
 * else, when a panel has the focus, one that can be seen.
 * @param clicked the address that a menu hands to its command.
 */
export function editorOf(clicked: unknown): vscode.TextEditor | undefined {
  const { activeTextEditor: active, visibleTextEditors: visible } = vscode.window;
  const uri = clicked instanceof vscode.Uri ? clicked.toString() : active?.document.uri.toString();
  const shown = [...(active ? [active] : []), ...visible].find((editor) => editor.document.uri.toString() === uri);
  return shown ?? active ?? visible.find(({ viewColumn }) => viewColumn !== undefined);
}
